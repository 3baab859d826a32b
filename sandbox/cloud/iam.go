package cloud

import (
	"slices"
	"strings"
)

const (
	roleType           = "aws:iam/role:Role"
	roleAttachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
)

func iamKinds() []*Kind { return []*Kind{roleKind(), roleAttachmentKind()} }

func roleKind() *Kind {
	return &Kind{
		Token:    roleType,
		Required: words("assumeRolePolicy"),
		Optional: words(`description forceDetachPolicies inlinePolicies managedPolicyArns maxSessionDuration name namePrefix
			path permissionsBoundary tags`),
		Computed:  words("arn createDate inlinePolicies managedPolicyArns namePrefix uniqueId"),
		Replace:   words("name namePrefix path"),
		Sets:      words("inlinePolicies managedPolicyArns"),
		Defaults:  props{"forceDetachPolicies": false, "maxSessionDuration": 3600.0, "path": "/"},
		Autoname:  Autoname{Property: "name", MaxLen: 64},
		global:    true,
		id:        ownName,
		duplicate: Refusal{"EntityAlreadyExists", "Role with name %s already exists.", iamErrors},
		missing:   Refusal{"NoSuchEntity", "The role with name %s cannot be found.", iamErrors},
		inUse: Refusal{"DeleteConflict",
			"Cannot delete entity, must detach all policies first.",
			"https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html"},
		fills: props{"inlinePolicies": []any{}, "managedPolicyArns": []any{}, "namePrefix": ""},
		check: roleCheck,
		born: func(c *call) error {
			c.set("arn", "arn:aws:iam::"+AccountID+":role"+c.in().or("path", "/")+c.obj.ID)
			c.set("createDate", now())
			c.set("uniqueId", "AROA"+strings.ToUpper(c.hex(17)))
			return nil
		},
	}
}

func roleCheck(c *call) error {
	list, ok := statements(c.in().str("assumeRolePolicy"))
	if !ok {
		return Refusal{"MalformedPolicyDocument", "This policy contains invalid Json", iamErrors}.with()
	}
	for _, s := range list {
		if len(s.Principal) == 0 {
			return Refusal{"MalformedPolicyDocument", "AssumeRolepolicy must contain a Principal in every statement", iamErrors}.with()
		}
	}
	return nil
}

// hasPolicies tells whether any permission is attached to a role.
func (c *call) hasPolicies(role *Object) bool {
	attached := slices.ContainsFunc(c.all(roleAttachmentType), func(o *Object) bool { return o.Inputs.str("role") == role.ID })
	return attached || len(role.Inputs.list("inlinePolicies"))+len(role.Inputs.list("managedPolicyArns")) > 0
}

func roleAttachmentKind() *Kind {
	return &Kind{
		Token:       roleAttachmentType,
		Required:    words("policyArn role"),
		Replace:     words("policyArn role"),
		DeleteFirst: true,
		global:      true,
		id:          func(c *call) string { return c.in().str("role") + "-" + c.letters(26, "0123456789") },
		holds:       map[string]string{"role": roleType},
		check:       roleAttachmentCheck,
	}
}

// roleAttachmentCheck knows the policies of AWS only, of which any is taken
// to exist.
func roleAttachmentCheck(c *call) error {
	if arn := c.in().str("policyArn"); !strings.HasPrefix(arn, "arn:aws:iam::aws:policy/") {
		return Refusal{"NoSuchEntity",
			"Policy %s does not exist or is not attachable.",
			"https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html"}.with(arn)
	}
	return nil
}

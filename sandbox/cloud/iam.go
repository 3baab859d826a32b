package cloud

import (
	"slices"
	"strings"
)

const (
	roleType           = "aws:iam/role:Role"
	roleAttachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

	instanceProfileType = "aws:iam/instanceProfile:InstanceProfile"
)

func iamKinds() []*Kind { return []*Kind{roleKind(), roleAttachmentKind(), instanceProfileKind()} }

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

// managedPolicies are what the sandbox knows of AWS's policies: some actions
// of those that a function in a VPC may have.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
var managedPolicies = map[string][]string{
	"arn:aws:iam::aws:policy/AdministratorAccess":                          {"*"},
	"arn:aws:iam::aws:policy/PowerUserAccess":                              {"*"},
	"arn:aws:iam::aws:policy/AmazonEC2FullAccess":                          {"ec2:*"},
	"arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole": {"logs:*", "ec2:CreateNetworkInterface"},
	"arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess":    {"ec2:CreateNetworkInterface"},
}

// permits tells whether a policy of a role allows an action.
func (c *call) permits(role *Object, action string) bool {
	arns := role.Inputs.strings("managedPolicyArns")
	for _, attached := range c.all(roleAttachmentType) {
		if attached.Inputs.str("role") == role.ID {
			arns = append(arns, attached.Inputs.str("policyArn"))
		}
	}
	covering := func(pattern string) bool { return covers(pattern, action) }
	for _, arn := range arns {
		if slices.ContainsFunc(managedPolicies[arn], covering) {
			return true
		}
	}
	for _, document := range role.Inputs.gather("inlinePolicies[].policy") {
		list, _ := statements(document)
		if slices.ContainsFunc(list, func(s statement) bool { return s.Effect == "Allow" && slices.ContainsFunc(s.Action, covering) }) {
			return true
		}
	}
	return false
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

func instanceProfileKind() *Kind {
	const source = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html"
	return &Kind{
		Token:     instanceProfileType,
		Optional:  words("name namePrefix path role tags"),
		Computed:  words("arn createDate namePrefix uniqueId"),
		Replace:   words("name namePrefix path"),
		Defaults:  props{"path": "/"},
		Autoname:  Autoname{Property: "name", MaxLen: 128},
		global:    true,
		id:        ownName,
		duplicate: Refusal{"EntityAlreadyExists", "Instance Profile %s already exists.", source},
		missing:   Refusal{"NoSuchEntity", "Instance Profile %s cannot be found.", source},
		holds:     map[string]string{"role": roleType},
		fills:     props{"namePrefix": ""},
		born: func(c *call) error {
			c.set("arn", "arn:aws:iam::"+AccountID+":instance-profile"+c.in().or("path", "/")+c.obj.ID)
			c.set("createDate", now())
			c.set("uniqueId", "AIPA"+strings.ToUpper(c.hex(17)))
			return nil
		},
	}
}

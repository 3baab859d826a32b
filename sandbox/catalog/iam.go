package catalog

import (
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const (
	roleType           = "aws:iam/role:Role"
	roleAttachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	rolePolicyType     = "aws:iam/rolePolicy:RolePolicy"

	instanceProfileType = "aws:iam/instanceProfile:InstanceProfile"
)

// iamErrors is the page that most refusals of this service come from.
const iamErrors = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html"

func roleKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         roleType,
		ComputedLists: words("inlinePolicies managedPolicyArns"),
		Replace:       words("name namePrefix path"),
		Sets:          words("inlinePolicies managedPolicyArns"),
		Constraints: []cloud.Constraint{
			cloud.Between("maxSessionDuration", 3600, 43200), arnAt("permissionsBoundary"),
			arnAt("managedPolicyArns[]"),
			cloud.Matching("name", `^[\w+=,.@-]{1,64}$`, "at most 64 letters, digits and characters of +=,.@-_"),
		},
		Conflicts: [][]string{words("name namePrefix")},
		Defaults:  cloud.Props{"forceDetachPolicies": false, "maxSessionDuration": 3600, "path": "/"},
		Autoname:  cloud.Autoname{Property: "name", MaxLen: 64},
		Global:    cloud.Always,
		ID:        (*cloud.Request).Name,
		Duplicate: cloud.NewRefusal("EntityAlreadyExists", "Role with name %s already exists.", iamErrors),
		NotFound:  cloud.NewRefusal("NoSuchEntity", "The role with name %s cannot be found.", iamErrors),
		InUse: cloud.NewRefusal("DeleteConflict",
			"Cannot delete entity, must detach all policies first.",
			"https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html"),
		OutputDefaults: cloud.Props{"inlinePolicies": []any{}, "managedPolicyArns": []any{}, "namePrefix": ""},
		Check:          checkRole,
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", "arn:aws:iam::"+cloud.AccountID+":role"+r.Inputs.StringOr("path", "/")+r.Object.ID)
			r.Set("createDate", now())
			r.Set("uniqueId", "AROA"+strings.ToUpper(r.Hex(17)))
			return nil
		},
		Example: cloud.Example{
			Name: "role",
			Inputs: cloud.Props{
				"assumeRolePolicy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{
					"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`,
				"name": "role",
			},
		},
	}
}

func checkRole(r *cloud.Request) error {
	list, ok := statements(r.Inputs.String("assumeRolePolicy"))
	if !ok {
		return cloud.NewRefusal("MalformedPolicyDocument", "This policy contains invalid Json", iamErrors).With()
	}
	for _, s := range list {
		if len(s.Principal) == 0 {
			return cloud.NewRefusal("MalformedPolicyDocument",
				"AssumeRolepolicy must contain a Principal in every statement", iamErrors).With()
		}
	}
	return checkBoundary(r)
}

// checkBoundary refuses a permissions boundary that is neither a policy of AWS nor
// one of the account. The sandbox assumes that the account has the policy.
func checkBoundary(r *cloud.Request) error {
	arn := r.Inputs.String("permissionsBoundary")
	if parts := strings.Split(arn, ":"); len(parts) > 4 && parts[4] != "aws" && parts[4] != cloud.AccountID {
		return cloud.NewRefusal("NoSuchEntity", "Scope ARN: %s does not exist or is not attachable.",
			"https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html").With(arn)
	}
	return nil
}

// hasPolicies reports whether any policy is attached to a role.
func hasPolicies(r *cloud.Request, role *cloud.Object) bool {
	ofRole := func(o *cloud.Object) bool { return o.Inputs.String("role") == role.ID }
	return slices.ContainsFunc(r.All(roleAttachmentType), ofRole) ||
		slices.ContainsFunc(r.All(rolePolicyType), ofRole) ||
		len(role.Inputs.List("inlinePolicies"))+len(role.Inputs.List("managedPolicyArns")) > 0
}

// managedPolicies are the policies of AWS that the sandbox knows, each with
// some of its actions: those that a function in a VPC needs.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
var managedPolicies = map[string][]string{
	"arn:aws:iam::aws:policy/AdministratorAccess":      {"*"},
	"arn:aws:iam::aws:policy/PowerUserAccess":          {"*"},
	"arn:aws:iam::aws:policy/AmazonEC2FullAccess":      {"ec2:*"},
	"arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess": {"xray:*"},
	"arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole": {
		"logs:*", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
	},
	"arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess": {
		"ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
	},
}

// roleAllows reports whether a policy of a role allows an action.
func roleAllows(r *cloud.Request, role *cloud.Object, action string) bool {
	arns := role.Inputs.Strings("managedPolicyArns")
	for _, attached := range r.All(roleAttachmentType) {
		if attached.Inputs.String("role") == role.ID {
			arns = append(arns, attached.Inputs.String("policyArn"))
		}
	}
	covering := func(pattern string) bool { return covers(pattern, action) }
	for _, arn := range arns {
		if slices.ContainsFunc(managedPolicies[arn], covering) {
			return true
		}
	}
	documents := role.Inputs.StringsAt("inlinePolicies[].policy")
	for _, inside := range r.All(rolePolicyType) {
		if inside.Inputs.String("role") == role.ID {
			documents = append(documents, inside.Inputs.String("policy"))
		}
	}
	for _, document := range documents {
		list, _ := statements(document)
		if slices.ContainsFunc(list,
			func(s statement) bool { return s.Effect == "Allow" && slices.ContainsFunc(s.Action, covering) }) {
			return true
		}
	}
	return false
}

func roleAttachmentKind() *cloud.Kind {
	return &cloud.Kind{
		Token:               roleAttachmentType,
		Replace:             words("policyArn role"),
		DeleteBeforeReplace: true,
		Global:              cloud.Always,
		ID: func(r *cloud.Request) string {
			return r.Inputs.String("role") + "-" + r.Letters(26, "0123456789")
		},
		BlocksDeletionOf: map[string]string{"role": roleType},
		Check:            checkRoleAttachment,
		Example: cloud.Example{
			Name: "vpc access",
			Inputs: cloud.Props{
				"policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
				"role":      "${role}",
			},
		},
	}
}

// checkRoleAttachment refuses policies that are not AWS's own. It assumes that
// all of AWS's exist.
func checkRoleAttachment(r *cloud.Request) error {
	if arn := r.Inputs.String("policyArn"); !strings.HasPrefix(arn, "arn:aws:iam::aws:policy/") {
		return cloud.NewRefusal("NoSuchEntity",
			"Policy %s does not exist or is not attachable.",
			"https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html").With(arn)
	}
	return nil
}

func instanceProfileKind() *cloud.Kind {
	const source = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html"
	return &cloud.Kind{
		Token:            instanceProfileType,
		Replace:          words("name namePrefix path"),
		Defaults:         cloud.Props{"path": "/"},
		Autoname:         cloud.Autoname{Property: "name", MaxLen: 128},
		Global:           cloud.Always,
		ID:               (*cloud.Request).Name,
		Duplicate:        cloud.NewRefusal("EntityAlreadyExists", "Instance Profile %s already exists.", source),
		NotFound:         cloud.NewRefusal("NoSuchEntity", "Instance Profile %s cannot be found.", source),
		BlocksDeletionOf: map[string]string{"role": roleType},
		OutputDefaults:   cloud.Props{"namePrefix": ""},
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn",
				"arn:aws:iam::"+cloud.AccountID+":instance-profile"+r.Inputs.StringOr("path", "/")+r.Object.ID)
			r.Set("createDate", now())
			r.Set("uniqueId", "AIPA"+strings.ToUpper(r.Hex(17)))
			return nil
		},
		Example: cloud.Example{
			Name:   "profile",
			Inputs: cloud.Props{"name": "profile", "role": "${role}"},
		},
	}
}

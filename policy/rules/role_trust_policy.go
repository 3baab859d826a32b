package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var roleTrustPolicy = &rule.Rule{
	ID:    "role-trust-policy",
	Title: "A role trusts the services that use it, and no strangers",
	Why: `The trust policy of a role says who may assume it. A policy that admits everyone gives the
role's permissions to any identity of any AWS account. A service that the policy leaves out cannot
work with the role: "The role defined for the function cannot be assumed by Lambda", or "API Gateway
does not have permission to assume the provided role". If another account gets in as a whole, its
administrators decide who has the permissions that are meant for a service.`,
	Fix: `Set assumeRolePolicy to a statement that allows sts:AssumeRole for the service, such as
Principal {"Service": "lambda.amazonaws.com"}. Give other accounts a separate role. Name their roles
in it, or add a condition such as sts:ExternalId or aws:PrincipalOrgID.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
		"https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
	},
	Tags:    []string{"iam", "lambda"},
	Defects: []*rule.Defect{roleOfEveryone, roleNotAssumable, roleOfOtherAccount},
	Check:   checkRoleTrustPolicy,
}

var (
	roleOfEveryone = &rule.Defect{
		ID: "everyone", Outcome: rule.Exposed,
		Summary: "The trust policy of a role admits everyone, and no condition narrows it.",
		Effect:  "Any identity of any AWS account may assume the role, and then has its permissions.",
	}
	roleNotAssumable = &rule.Defect{
		ID: "service-not-trusted", Outcome: rule.Broken,
		Summary: "A service gets a role that it may not assume.",
		Effect: "Lambda and the account settings of API Gateway refuse the role. An integration answers HTTP 500, a " +
			"flow log delivers nothing, and an instance gets no credentials.",
	}
	roleOfOtherAccount = &rule.Defect{
		ID: "other-account", Outcome: rule.Risky,
		Summary: "The role of a service also admits another account as a whole.",
		Effect:  "The administrators of that account decide who else has the permissions of the service.",
	}
)

func checkRoleTrustPolicy(s *model.Stack, r *rule.Report) {
	used := map[*model.Role]model.Truth{}
	for _, use := range s.RoleUses {
		for _, role := range use.Role.Candidates {
			used[role] = orFalse(used, role).Or(use.Role.Names(role))
		}
		at := use.At(use.Property)
		if role, certain := use.Role.Sole(); certain {
			at = role.At("assumeRolePolicy")
		}
		r.Judge(use.Origin, roleNotAssumable.If(use.IsAssumable().Not(), at,
			"%s gets the role %s, which %s may not assume; want a statement in its assumeRolePolicy that allows the "+
				"service sts:AssumeRole", use.Name, roleNames(use.Role), use.Service))
	}
	for _, role := range s.Roles {
		account, foreign := role.ForeignAccount()
		r.Judge(role.Origin,
			roleOfEveryone.If(role.AdmitsEveryone(), role.At("assumeRolePolicy"),
				"%s: its assumeRolePolicy admits everyone; want the service or the identities that use the role, or a "+
					"condition such as aws:PrincipalOrgID", role.Name),
			roleOfOtherAccount.If(foreign.And(orFalse(used, role)), role.At("assumeRolePolicy"),
				"%s is the role of a service, and its assumeRolePolicy also admits the account %s; want a separate "+
					"role for it", role.Name, account))
	}
}

// roleNames lists roles for messages.
func roleNames(ref model.Ref[model.Role]) string {
	var names []string
	for _, role := range ref.Candidates {
		names = append(names, role.Name)
	}
	return rule.List(names)
}

package catalog

import (
	"private-api-blueprints/sandbox/cloud"
)

// putRolePolicy is the page that the refusals of this file come from.
const putRolePolicy = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html"

// rolePolicyKind returns the kind of policies in a role. The ID has the names of the
// role and of the policy.
func rolePolicyKind() *cloud.Kind {
	return &cloud.Kind{
		Token:     rolePolicyType,
		Replace:   words("name namePrefix role"),
		Autoname:  cloud.Autoname{Property: "name", MaxLen: 128},
		Conflicts: [][]string{words("name namePrefix")},
		Constraints: []cloud.Constraint{
			cloud.Matching("name", `^[\w+=,.@-]{1,128}$`, "at most 128 letters, digits and characters of +=,.@-_"),
		},
		Global:           cloud.Always,
		ID:               func(r *cloud.Request) string { return r.Inputs.String("role") + ":" + r.Name() },
		Upsert:           true,
		BlocksDeletionOf: map[string]string{"role": roleType},
		OutputDefaults:   cloud.Props{"namePrefix": ""},
		Check:            checkRolePolicy,
		Example: cloud.Example{
			Name: "role policy",
			Inputs: cloud.Props{
				"name": "logs", "role": "${flow role}",
				"policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:PutLogEvents",
					"Resource":"*"}]}`,
			},
		},
	}
}

// checkRolePolicy refuses a document that is no policy, and one that names
// principals: the role is the principal.
func checkRolePolicy(r *cloud.Request) error {
	list, ok := statements(r.Inputs.String("policy"))
	if !ok {
		return cloud.NewRefusal("MalformedPolicyDocument", "Syntax errors in policy.", putRolePolicy).With()
	}
	for _, s := range list {
		if len(s.Principal) > 0 {
			return cloud.NewRefusal("MalformedPolicyDocument",
				"Policy document should not specify a principal.", putRolePolicy).With()
		}
		if len(s.Action) == 0 || len(s.Resource) == 0 {
			return cloud.NewRefusal("MalformedPolicyDocument",
				"Policy statement must contain actions and resources.", putRolePolicy).With()
		}
	}
	return nil
}

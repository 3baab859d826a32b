package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicyRestrictsNetwork = &rule.Rule{
	ID:    "resource-policy-restricts-network",
	Title: "The resource policy of a private API denies calls from other networks",
	Why: `A private API answers calls from every interface endpoint, in any VPC of any AWS account of
the region, unless its resource policy denies them. "Private" says how calls arrive, not who
sends them. A policy that only allows everyone admits whoever learns the API's ID. If only a
condition of the Allow keeps others out, a Lambda authorizer overrides it: API Gateway checks
for explicit denies only before it calls the authorizer, and the authorizer's own answer then
counts as an Allow.`,
	Fix: `Add a Deny of execute-api:Invoke for Principal "*" with StringNotEquals on aws:SourceVpc
(the VPC's ID) or aws:SourceVpce (the endpoint's ID), next to an Allow without a condition.
Then deploy the API again: a policy takes effect with the next deployment.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html",
	},
	Tags:      []string{"api-gateway", "private-api", "resource-policy"},
	FormerIDs: []string{"apigw-policy-fence"},
	Check:     checkResourcePolicyRestrictsNetwork,
}

func checkResourcePolicyRestrictsNetwork(s *model.Stack, r *rule.Report) {
	rule.JudgePrivatePolicies(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
		unrestricted := inForce.And(p.Document.AnyStatement(model.Statement.DeniesOthers).Not())
		open := unrestricted.And(p.Document.AnyStatement(model.Statement.AdmitsAnyone))
		if open == model.False {
			return overriddenConditions(s, p, unrestricted)
		}
		return []rule.Fault{rule.FaultIf(open, p.Origin,
			"%s allows calls from every network, and denies none; "+
				"want a Deny with StringNotEquals on aws:SourceVpc or aws:SourceVpce", p.Name)}
	})
}

// overriddenConditions returns the faults of a policy that keeps other networks
// out only by a condition of its Allow, which Lambda authorizers override.
func overriddenConditions(s *model.Stack, p *model.ResourcePolicy, unrestricted model.Truth) []rule.Fault {
	allows := p.Document.AnyStatement(func(s model.Statement) model.Truth {
		return model.TruthOf(s.AllowsCalls() && s.Principals.AreEveryone())
	})
	overridden := func(by model.Truth, method string) rule.Fault {
		return rule.FaultIf(unrestricted.And(allows).And(by), p.Origin,
			"%s keeps other networks out by a condition of its Allow only, which the authorizer of %s overrides; "+
				"want a Deny with StringNotEquals on aws:SourceVpc or aws:SourceVpce", p.Name, method)
	}
	faults := []rule.Fault{overridden(s.MayHaveOtherMethods(p.API), "a method in an OpenAPI document")}
	for _, m := range s.MethodsOf(p.API) {
		custom := m.Authorization.Equals(model.AuthorizationCustom)
		faults = append(faults, overridden(m.API.Same(p.API).And(custom), m.Name))
	}
	return faults
}

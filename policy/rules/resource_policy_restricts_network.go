package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicyRestrictsNetwork = &rule.Rule{
	ID:    "resource-policy-restricts-network",
	Title: "The policy of a private API keeps other networks out",
	Why: `A private API answers every interface endpoint whose calls its resource policy does
not deny, in any VPC of any AWS account of the region: "private" says how calls come,
not from whom. A policy that only allows everyone lets in whoever learns the API's id.
Where the fence is a condition of the Allow, a Lambda authorizer lifts it: API Gateway
looks for explicit denies only before it calls the authorizer, and the authorizer's own
answer then counts as an Allow.`,
	Fix: `Add a Deny of execute-api:Invoke for Principal "*" with StringNotEquals on
aws:SourceVpc (the VPC's id) or aws:SourceVpce (the endpoint's), beside an Allow without
condition. Then deploy the API anew: a policy takes effect with the next deployment.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html",
	},
	Tags:  []string{"api-gateway", "private-api", "resource-policy"},
	Check: checkResourcePolicyRestrictsNetwork,
}

func checkResourcePolicyRestrictsNetwork(s *model.Stack, r *rule.Report) {
	rule.JudgePrivateAPIs(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
		return fenceFaults(s, p, inForce)
	})
}

func fenceFaults(s *model.Stack, p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
	unfenced := inForce.And(rule.AnyStatement(p.Document, rule.Fences).Not())
	open := unfenced.And(rule.AnyStatement(p.Document, rule.AdmitsAnyone))
	if open != model.False {
		return []rule.Fault{rule.FaultIf(open, p.Origin, "%s allows calls from every network, and denies none; "+
			"want a Deny with StringNotEquals on aws:SourceVpc or aws:SourceVpce", p.Name)}
	}
	allows := model.TruthOf(rule.AnyStatement(p.Document, func(s model.Statement) model.Truth {
		return model.TruthOf(rule.AllowsCalls(s) && s.Principals.AreEveryone())
	}) == model.True)
	lifted := func(by model.Truth, method string) rule.Fault {
		return rule.FaultIf(unfenced.And(allows).And(by), p.Origin, "%s keeps other networks out by a condition of its Allow only, "+
			"which the authorizer of %s outweighs; want a Deny with StringNotEquals on aws:SourceVpc or aws:SourceVpce", p.Name, method)
	}
	faults := []rule.Fault{lifted(rule.HasOtherMethods(s, p.API), "a method in an OpenAPI document")}
	for _, m := range rule.MethodsOf(s, p.API) {
		faults = append(faults, lifted(m.API.Same(p.API).And(m.Authorization.Equals(model.AuthorizationCustom)), m.Name))
	}
	return faults
}

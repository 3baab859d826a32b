package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicyAllowsCalls = &rule.Rule{
	ID:    "resource-policy-allows-calls",
	Title: "The resource policy of a private API allows calls",
	Why: `A resource policy denies everything that it does not allow. Without an Allow of
execute-api:Invoke, methods without authorization and methods with Cognito answer every call
with HTTP 403 "User: anonymous is not authorized to perform: execute-api:Invoke", even if
every Deny in it is right.`,
	Fix: `In addition to the Deny for other networks, allow execute-api:Invoke for Principal "*" on
the API's own ARN ("<executionArn>/*"). Then deploy the API again: a policy takes effect
with the next deployment.`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
	},
	Tags:      []string{"api-gateway", "private-api", "resource-policy"},
	FormerIDs: []string{"apigw-policy-allow"},
	Check:     checkResourcePolicyAllowsCalls,
}

func checkResourcePolicyAllowsCalls(s *model.Stack, r *rule.Report) {
	rule.JudgePrivatePolicies(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
		return []rule.Fault{allowsNobody(s, p, inForce)}
	})
}

// allowsNobody returns the fault of a policy without an Allow, if the API has a
// method that no other policy opens. An OpenAPI document, which the pack does not
// read, may have one.
func allowsNobody(s *model.Stack, p *model.ResourcePolicy, inForce model.Truth) rule.Fault {
	closed := p.Document.AnyStatement(func(s model.Statement) model.Truth {
		return model.TruthOf(s.AllowsCalls())
	}).Not()
	shut, name := model.Maybe, "a method"
	for i, m := range s.MethodsOf(p.API) {
		here := m.API.Same(p.API).And(m.NeedsAllow())
		if i == 0 {
			shut = model.False
		}
		if shut = shut.Or(here); here == model.True {
			name = m.Name
		}
	}
	shut = shut.Or(s.MayHaveOtherMethods(p.API))
	return rule.FaultIf(inForce.And(closed).And(shut), p.Origin,
		"%s allows no call, so %s answers 403; want an Allow of execute-api:Invoke", p.Name, name)
}

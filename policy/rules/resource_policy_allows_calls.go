package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicyAllowsCalls = &rule.Rule{
	ID:    "resource-policy-allows-calls",
	Title: "The resource policy of a private API or domain allows calls",
	Why: `A resource policy denies everything that it does not allow. Without an Allow of
execute-api:Invoke, methods without authorization and methods with Cognito answer every call
with HTTP 403 "User: anonymous is not authorized to perform: execute-api:Invoke", even if
every Deny in it is right.`,
	Fix: `In addition to the Deny for other networks, allow execute-api:Invoke for Principal "*" on
the API's own ARN ("<executionArn>/*"). Then deploy the API again: a policy takes effect
with the next deployment.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
	},
	Tags:      []string{"api-gateway", "private-api", "resource-policy"},
	FormerIDs: []string{"apigw-policy-allow"},
	Defects:   []*rule.Defect{policyAllowsNobody},
	Check:     checkResourcePolicyAllowsCalls,
}

var policyAllowsNobody = &rule.Defect{
	ID: "no-allow", Summary: "The policy has no Allow of execute-api:Invoke.", Outcome: rule.Broken,
	Effect: "Methods without authorization and methods with Cognito answer HTTP 403 to everyone.",
}

func checkResourcePolicyAllowsCalls(s *model.Stack, r *rule.Report) {
	rule.JudgePrivatePolicies(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
		return []rule.Fault{allowsNobody(s, p, inForce)}
	})
}

// allowsNobody returns the fault of a policy without an Allow, if it decides about
// a method that no other policy opens. A method that the pack does not read may be
// one, such as a method in an OpenAPI document that is not known yet.
func allowsNobody(s *model.Stack, p *model.ResourcePolicy, inForce model.Truth) rule.Fault {
	closed := p.Document.AnyStatement(func(s model.Statement) model.Truth {
		return model.TruthOf(s.AllowsCalls())
	}).Not()
	shut, name := methodThatNeedsAllow(s, p)
	return policyAllowsNobody.If(inForce.And(closed).And(shut), p.Origin,
		"%s allows no call, so %s answers 403; want an Allow of execute-api:Invoke", rule.PolicyName(p), name)
}

// methodThatNeedsAllow asks whether a policy decides about a method that answers
// only callers whom the policy allows. It also returns the name of such a method.
func methodThatNeedsAllow(s *model.Stack, p *model.ResourcePolicy) (needs model.Truth, name string) {
	needs, name = s.MayHaveOthersUnder(p), "a method"
	methods := s.MethodsUnder(p)
	if len(methods) == 0 {
		return model.Maybe, name
	}
	for _, m := range methods {
		here := m.Certain.And(m.NeedsAllow())
		if needs = needs.Or(here); here == model.True {
			name = m.Name
		}
	}
	return needs, name
}

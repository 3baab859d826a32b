package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicyConditionKeys = &rule.Rule{
	ID:    "resource-policy-condition-keys",
	Title: "A private API's policy tests only keys and principals that its requests carry",
	Why: `A call through an interface endpoint has no aws:SourceIp. The client's address is in
aws:VpcSourceIp. A Deny with NotIpAddress on aws:SourceIp therefore denies everyone, even
with IfExists, and an Allow with IpAddress allows nobody. A call without a signature has no
AWS principal either: if the policy allows only accounts or roles, methods without IAM
authorization answer HTTP 403 to everyone.`,
	Fix: `Compare aws:VpcSourceIp or, better, aws:SourceVpc and aws:SourceVpce. If methods accept
calls without a signature, allow Principal "*", or set their authorization to AWS_IAM.`,
	Severity: rule.Medium,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
	},
	Tags:      []string{"api-gateway", "private-api", "resource-policy"},
	FormerIDs: []string{"apigw-policy-sourceip-private"},
	Check:     checkResourcePolicyConditionKeys,
}

func checkResourcePolicyConditionKeys(s *model.Stack, r *rule.Report) {
	rule.JudgePrivatePolicies(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
		return append(sourceIPFaults(p, inForce), principalFaults(s, p, inForce)...)
	})
}

// sourceIPFaults returns the faults of conditions on aws:SourceIp.
func sourceIPFaults(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
	var faults []rule.Fault
	for _, s := range p.Document.Statements {
		for _, c := range s.Conditions {
			if s.IsAboutCalls() && c.IsAboutSourceIP() {
				faults = append(faults, rule.FaultIf(inForce.And(failsWithoutKey(s, c)), p.Origin,
					"%s: %s %s compares %s, which no call of a private API has; want aws:VpcSourceIp",
					p.Name, s.Effect, c.Operator, c.Key))
			}
		}
	}
	return faults
}

// failsWithoutKey asks whether a condition does harm because calls lack its key.
// With IfExists it holds for such calls, so that a policy can serve APIs of both
// kinds. An Allow is then as wide as without the condition. A Deny is left to its
// other conditions, and denies everyone if it has none.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func failsWithoutKey(s model.Statement, c model.Condition) model.Truth {
	switch {
	case !c.IfExists():
		return model.True
	case s.Effect == model.Allow:
		return model.False
	}
	deniesAll := model.True
	for _, other := range s.Conditions {
		switch {
		case other.IsAboutSourceIP():
		case other.HasUnknownKey(): // It may hold for every call.
			deniesAll = deniesAll.AtMostMaybe()
		default:
			return model.False
		}
	}
	return deniesAll
}

// principalFaults returns the faults of a policy that allows signed calls only.
func principalFaults(s *model.Stack, p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
	allows, everyone := false, false
	for _, s := range p.Document.Statements {
		allows = allows || s.AllowsCalls()
		everyone = everyone || s.AllowsCalls() && s.Principals.AreEveryone()
	}
	if !allows || everyone {
		return nil
	}
	faults := []rule.Fault{rule.FaultIf(inForce.And(s.MayHaveOtherMethods(p.API)), p.Origin,
		"%s allows signed calls only, but a method in an OpenAPI document may accept others; "+
			"want Principal \"*\", or AWS_IAM for the method", p.Name)}
	for _, m := range s.MethodsOf(p.API) {
		shut := inForce.And(m.API.Same(p.API)).And(m.NeedsAllow())
		authorization, _ := m.Authorization.Get()
		faults = append(faults, rule.FaultIf(shut, p.Origin,
			"%s allows signed calls only, but %s has authorization %s; want Principal \"*\", or AWS_IAM for the method",
			p.Name, m.Name, authorization))
	}
	return faults
}

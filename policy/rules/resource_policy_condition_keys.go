package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicyConditionKeys = &rule.Rule{
	ID:    "resource-policy-condition-keys",
	Title: "The policy of a private API asks for what its calls have",
	Why: `A call through an interface endpoint has no aws:SourceIp; the client's address is
aws:VpcSourceIp. A Deny with NotIpAddress on aws:SourceIp therefore denies everyone, with
IfExists too, and an Allow with IpAddress allows no one. And a call that is not signed has no AWS principal:
where the policy allows accounts or roles only, methods without IAM authorization
answer HTTP 403 to all.`,
	Fix: `Compare aws:VpcSourceIp, or better aws:SourceVpc and aws:SourceVpce. Allow Principal
"*" where methods take unsigned calls, or set their authorization to AWS_IAM.`,
	Severity: rule.Medium,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
	},
	Tags:  []string{"api-gateway", "private-api", "resource-policy"},
	Check: checkResourcePolicyConditionKeys,
}

func checkResourcePolicyConditionKeys(s *model.Stack, r *rule.Report) {
	rule.JudgePrivateAPIs(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
		return append(sourceIPFaults(p, inForce), principalFaults(s, p, inForce)...)
	})
}

func sourceIPFaults(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
	var faults []rule.Fault
	for _, s := range p.Document.Statements {
		for _, c := range s.Conditions {
			if s.IsAboutCalls() && strings.ToLower(c.Key) == rule.SourceIP {
				faults = append(faults, rule.FaultIf(inForce.And(misses(s, c)), p.Origin, "%s: %s %s compares %s, which no call of a private API has; want aws:VpcSourceIp",
					p.Name, s.Effect, c.Operator, c.Key))
			}
		}
	}
	return faults
}

// misses asks whether a condition does harm because calls lack its key. With
// IfExists it then holds, by which a policy can serve APIs of both kinds: an
// Allow is no narrower for it, and a Deny is left to its other conditions, but
// without any it denies everyone.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func misses(s model.Statement, c model.Condition) model.Truth {
	switch {
	case !c.IfExists():
		return model.True
	case s.Effect == model.Allow:
		return model.False
	}
	deniesAll := model.True
	for _, other := range s.Conditions {
		switch {
		case strings.ToLower(other.Key) == rule.SourceIP:
		case rule.IsAboutOtherThings(other): // It may hold for every call.
			deniesAll = deniesAll.AtMostMaybe()
		default:
			return model.False
		}
	}
	return deniesAll
}

func principalFaults(s *model.Stack, p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
	allows, everyone := false, false
	for _, s := range p.Document.Statements {
		allows = allows || rule.AllowsCalls(s)
		everyone = everyone || rule.AllowsCalls(s) && s.Principals.AreEveryone()
	}
	if !allows || everyone {
		return nil
	}
	faults := []rule.Fault{rule.FaultIf(inForce.And(rule.HasOtherMethods(s, p.API)), p.Origin,
		"%s allows signed calls only, but a method in an OpenAPI document takes others; want Principal \"*\", or AWS_IAM for the method", p.Name)}
	for _, m := range rule.MethodsOf(s, p.API) {
		shut := inForce.And(m.API.Same(p.API)).And(rule.NeedsAllow(m))
		authorization, _ := m.Authorization.Get()
		faults = append(faults, rule.FaultIf(shut, p.Origin, "%s allows signed calls only, but %s has authorization %s; "+
			"want Principal \"*\", or AWS_IAM for the method", p.Name, m.Name, authorization))
	}
	return faults
}

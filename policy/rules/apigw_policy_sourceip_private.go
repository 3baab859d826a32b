package rules

import (
	"fmt"
	"strings"

	"private-api-blueprints/policy/model"
)

var apigwPolicySourceIPPrivate = &Rule{
	ID:    "apigw-policy-sourceip-private",
	Title: "The policy of a private API asks for what its calls have",
	Why: `A call through an interface endpoint has no aws:SourceIp; the client's address is
aws:VpcSourceIp. A Deny with NotIpAddress on aws:SourceIp therefore denies everyone, with
IfExists too, and an Allow with IpAddress allows no one. And a call that is not signed has no AWS principal:
where the policy allows accounts or roles only, methods without IAM authorization
answer HTTP 403 to all.`,
	Fix: `Compare aws:VpcSourceIp, or better aws:SourceVpc and aws:SourceVpce. Allow Principal
"*" where methods take unsigned calls, or set their authorization to AWS_IAM.`,
	Severity: Medium,
	Level:    Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
	},
	Tags:  []string{"api-gateway", "private-api", "resource-policy"},
	Check: checkSourceIP,
}

func checkSourceIP(s *model.Stack, r *Report) {
	judgePrivate(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []fault {
		return append(sourceIPFaults(p, inForce), principalFaults(s, p, inForce)...)
	})
}

func sourceIPFaults(p *model.ResourcePolicy, inForce model.Truth) []fault {
	var faults []fault
	for _, s := range p.Document.Statements {
		for _, c := range s.Conditions {
			if s.IsAboutCalls() && strings.ToLower(c.Key) == sourceIP {
				faults = append(faults, fault{inForce.And(misses(s, c)), p.Origin, fmt.Sprintf("%s: %s %s compares %s, which no call of a private API has; want aws:VpcSourceIp",
					p.Name, s.Effect, c.Operator, c.Key)})
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
		case strings.ToLower(other.Key) == sourceIP:
		case kindOf(other) == otherKey: // It may hold for every call.
			deniesAll = deniesAll.And(model.Maybe)
		default:
			return model.False
		}
	}
	return deniesAll
}

func principalFaults(s *model.Stack, p *model.ResourcePolicy, inForce model.Truth) []fault {
	allows, everyone := false, false
	for _, s := range p.Document.Statements {
		allows = allows || allowsCalls(s)
		everyone = everyone || allowsCalls(s) && s.Principals.AreEveryone()
	}
	if !allows || everyone {
		return nil
	}
	faults := []fault{{inForce.And(hasOtherMethods(s, p.API)), p.Origin,
		fmt.Sprintf("%s allows signed calls only, but a method in an OpenAPI document takes others; want Principal \"*\", or AWS_IAM for the method", p.Name)}}
	for _, m := range methodsOf(s, p.API) {
		shut := inForce.And(m.API.Same(p.API)).And(needsAllow(m))
		authorization, _ := m.Authorization.Get()
		faults = append(faults, fault{shut, p.Origin, fmt.Sprintf("%s allows signed calls only, but %s has authorization %s; "+
			"want Principal \"*\", or AWS_IAM for the method", p.Name, m.Name, authorization)})
	}
	return faults
}

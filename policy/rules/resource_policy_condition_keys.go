package rules

import (
	"slices"

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
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html",
	},
	Tags:      []string{"api-gateway", "private-api", "resource-policy"},
	FormerIDs: []string{"apigw-policy-sourceip-private"},
	Defects: []*rule.Defect{
		sourceIPDeniesEveryone, sourceIPAllowsNobody, principalsOfUnsigned, principalsOfPreflight,
		sourceIPWithoutEffect,
	},
	Check: checkResourcePolicyConditionKeys,
}

var (
	sourceIPDeniesEveryone = &rule.Defect{
		ID: "denies-everyone", Outcome: rule.Broken,
		Summary: "A Deny has a negated condition on aws:SourceIp, or one with IfExists, and no other condition.",
		Effect:  "The condition holds for every call through an endpoint, so everyone gets HTTP 403.",
	}
	sourceIPAllowsNobody = &rule.Defect{
		ID: "allows-nobody", Summary: "The only Allow has a condition on aws:SourceIp.", Outcome: rule.Broken,
		Effect: "The condition holds for no call through an endpoint, so methods that need an Allow answer HTTP 403.",
	}
	principalsOfUnsigned = &rule.Defect{
		ID: "signed-only", Outcome: rule.Broken,
		Summary: "The policy allows AWS principals only, and a method accepts calls without a signature.",
		Effect:  "Such a call has no AWS principal, so the method answers HTTP 403 to everyone.",
	}
	principalsOfPreflight = &rule.Defect{
		ID: "signed-preflight", Outcome: rule.Risky,
		Summary: "The policy allows AWS principals only, and browsers call OPTIONS without a signature.",
		Effect: "The browser's preflight gets HTTP 403, so pages of other origins cannot call the API. Other clients " +
			"can.",
	}
	sourceIPWithoutEffect = &rule.Defect{
		ID: "no-effect", Summary: "A condition on aws:SourceIp has no effect.", Outcome: rule.Risky,
		Effect: "Calls through an endpoint do not have the key, so the condition does not tell them apart.",
	}
)

func checkResourcePolicyConditionKeys(s *model.Stack, r *rule.Report) {
	rule.JudgePrivatePolicies(s, r, func(p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
		return append(sourceIPFaults(s, p, inForce), principalFaults(s, p, inForce)...)
	})
}

// sourceIPFaults returns the faults of conditions on aws:SourceIp.
func sourceIPFaults(s *model.Stack, p *model.ResourcePolicy, inForce model.Truth) []rule.Fault {
	var faults []rule.Fault
	for _, statement := range p.Document.Statements {
		for _, c := range statement.Conditions {
			if !statement.IsAboutCalls() || !c.IsAboutSourceIP() {
				continue
			}
			defect := sourceIPWithoutEffect
			switch {
			case inForce.And(deniesEveryone(statement)) == model.True:
				defect = sourceIPDeniesEveryone
			case inForce.And(allowsNobodyElse(s, p, statement)) == model.True:
				defect = sourceIPAllowsNobody
			}
			faults = append(faults, defect.If(inForce.And(failsWithoutKey(statement, c)), p.Origin,
				"%s: %s %s compares %s, which no call of a private API has; want aws:VpcSourceIp",
				rule.PolicyName(p), statement.Effect, c.Operator, c.Key))
		}
	}
	return faults
}

// failsWithoutKey asks whether a condition does harm because calls lack its key.
// With IfExists it holds for such calls, so that a policy can serve APIs of both
// kinds. An Allow is then as wide as without the condition. A Deny is left to its
// other conditions, and denies everyone if it has none.
func failsWithoutKey(s model.Statement, c model.Condition) model.Truth {
	switch {
	case !c.IfExists():
		return model.True
	case s.Effect == model.Allow:
		return model.False
	}
	return holdsWithoutSourceIP(s)
}

// deniesEveryone asks whether a Deny is for every call that has no aws:SourceIp.
func deniesEveryone(s model.Statement) model.Truth {
	if s.Effect != model.Deny || s.Principals.Not || !s.Principals.AreEveryone() {
		return model.False
	}
	return holdsWithoutSourceIP(s).And(s.IsAboutEveryCall())
}

// holdsWithoutSourceIP asks whether the conditions of a statement hold for every
// call that has no aws:SourceIp.
func holdsWithoutSourceIP(s model.Statement) model.Truth {
	holds := model.True
	for _, c := range s.Conditions {
		switch {
		case c.IsAboutSourceIP() && c.HoldsWithoutKey():
		case c.HasUnknownKey(): // It may hold for every call.
			holds = holds.AtMostMaybe()
		default:
			return model.False
		}
	}
	return holds
}

// allowsNobodyElse asks whether an Allow with a condition on aws:SourceIp is the
// only one of its policy, so that methods which need an Allow answer nobody.
func allowsNobodyElse(s *model.Stack, p *model.ResourcePolicy, only model.Statement) model.Truth {
	for _, other := range p.Document.Statements {
		blocked := slices.ContainsFunc(other.Conditions, func(c model.Condition) bool {
			return c.IsAboutSourceIP() && !c.HoldsWithoutKey()
		})
		if other.AllowsCalls() && !blocked {
			return model.False
		}
	}
	needs, _ := methodThatNeedsAllow(s, p)
	return model.TruthOf(only.Effect == model.Allow).And(needs)
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
	faults := []rule.Fault{principalsOfUnsigned.If(inForce.And(s.MayHaveOthersUnder(p)), p.Origin,
		"%s allows signed calls only, but a method in an OpenAPI document may accept others; "+
			"want Principal \"*\", or AWS_IAM for the method", rule.PolicyName(p))}
	for _, m := range s.MethodsUnder(p) {
		shut := inForce.And(m.Certain).And(m.NeedsAllow())
		defect := principalsOfPreflight
		if shut.And(m.Verb.Equals("OPTIONS").Not()) == model.True {
			defect = principalsOfUnsigned
		}
		authorization, _ := m.Authorization.Get()
		faults = append(faults, defect.If(shut, p.Origin,
			"%s allows signed calls only, but %s has authorization %s; want Principal \"*\", or AWS_IAM for the method",
			rule.PolicyName(p), m.Name, authorization))
	}
	return faults
}

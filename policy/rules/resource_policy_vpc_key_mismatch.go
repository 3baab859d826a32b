package rules

import (
	"strconv"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicyVPCKeyMismatch = &rule.Rule{
	ID: "resource-policy-vpc-key-mismatch",
	Title: "A resource policy compares aws:SourceVpc with the ID of a VPC, and aws:SourceVpce with the ID of an " +
		"endpoint",
	Why: `aws:SourceVpc holds the ID of a VPC (vpc-…) and aws:SourceVpce the ID of an endpoint
(vpce-…). Compared with the other kind of ID, the condition never matches. A Deny with
StringNotEquals then denies everyone, and every call from the right VPC gets HTTP 403
"… is not authorized to perform: execute-api:Invoke … with an explicit deny".`,
	Fix: `Under aws:SourceVpc write the ID of the VPC that the endpoint is in, and under
aws:SourceVpce the ID of the endpoint. Then deploy the API again: a policy takes effect with
the next deployment.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
	},
	Tags:      []string{"api-gateway", "private-api", "resource-policy"},
	FormerIDs: []string{"apigw-policy-vpc-key-mismatch"},
	Defects:   []*rule.Defect{policyNeverMatches},
	Check:     checkResourcePolicyVPCKeyMismatch,
}

var policyNeverMatches = &rule.Defect{
	ID: "wrong-id", Outcome: rule.Broken,
	Summary: "A condition compares a key with the ID of another kind of resource.",
	Effect: "The condition never matches. A Deny with StringNotEquals then denies everyone, an Allow with " +
		"StringEquals allows nobody, and a Deny with StringEquals keeps nobody out.",
}

// idPrefixes maps condition keys to the prefix of the IDs that they hold. The
// keys are in lower case, because IAM ignores the case of keys.
var idPrefixes = map[string]string{
	"aws:sourcevpc":  "vpc-",
	"aws:sourcevpce": "vpce-",
}

func checkResourcePolicyVPCKeyMismatch(s *model.Stack, r *rule.Report) {
	for _, p := range s.ResourcePolicies {
		if p.Document == nil {
			r.Unknown(p.Origin, "%s: its text is not known yet", rule.PolicyName(p))
		} else {
			r.Judge(p.Origin, wrongIDs(p)...)
		}
	}
}

// wrongIDs returns the faults of conditions that can never match.
func wrongIDs(p *model.ResourcePolicy) []rule.Fault {
	var faults []rule.Fault
	for _, statement := range p.Document.Statements {
		for _, c := range statement.Conditions {
			prefix, isVPCKey := idPrefixes[strings.ToLower(c.Key)]
			if !isVPCKey || !c.ComparesStrings() {
				continue
			}
			for _, v := range c.Values {
				if canBegin(v, prefix, c.TakesPatterns()) {
					continue
				}
				if v = strconv.Quote(v); p.Secret {
					v = "a secret"
				}
				faults = append(faults, policyNeverMatches.If(p.Set, p.Origin,
					"%s: %s %s %s is %s; want an ID that begins with %s", rule.PolicyName(p), statement.Effect,
					c.Operator, c.Key, v, prefix))
			}
		}
	}
	return faults
}

// canBegin reports whether a value can begin with the prefix. A policy variable
// or a pattern in it stands for any text.
func canBegin(value, prefix string, pattern bool) bool {
	fixed, _, isVariable := strings.Cut(value, "${")
	if pattern {
		if i := strings.IndexAny(fixed, "*?"); i >= 0 {
			fixed, isVariable = fixed[:i], true
		}
	}
	return strings.HasPrefix(fixed, prefix) || isVariable && strings.HasPrefix(prefix, fixed)
}

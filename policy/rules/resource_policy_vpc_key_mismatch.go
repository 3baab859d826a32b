package rules

import (
	"fmt"
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
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html",
		"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
	},
	Tags:      []string{"api-gateway", "private-api", "resource-policy"},
	FormerIDs: []string{"apigw-policy-vpc-key-mismatch"},
	Check:     checkResourcePolicyVPCKeyMismatch,
}

// idPrefixes maps condition keys to the prefix of the IDs that they hold. The
// keys are in lower case, because IAM ignores the case of keys.
var idPrefixes = map[string]string{
	"aws:sourcevpc":  "vpc-",
	"aws:sourcevpce": "vpce-",
}

func checkResourcePolicyVPCKeyMismatch(s *model.Stack, r *rule.Report) {
	for _, p := range s.ResourcePolicies {
		switch wrong := wrongIDs(p); {
		case p.Document == nil:
			r.Unknown(p.Origin, "%s: the text of its resource policy is not known yet", p.Name)
		case len(wrong) > 0 && p.Set != model.True:
			r.Unknown(p.Origin, "%s: it is not known yet whether this is its resource policy, or a RestApiPolicy is",
				p.Name)
		case len(wrong) > 0:
			r.Violation(rule.Unlisted, p.Origin, "%s: %s", p.Name, strings.Join(wrong, "; "))
		default:
			r.Pass(p.Origin)
		}
	}
}

// wrongIDs describes the conditions of a policy that can never match.
func wrongIDs(p *model.ResourcePolicy) []string {
	if p.Document == nil {
		return nil
	}
	var wrong []string
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
				wrong = append(wrong, fmt.Sprintf("%s %s %s is %s; want an ID that begins with %s",
					statement.Effect, c.Operator, c.Key, v, prefix))
			}
		}
	}
	return wrong
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

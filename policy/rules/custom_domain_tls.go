package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var customDomainTLS = &rule.Rule{
	ID:    "custom-domain-tls",
	Title: "A custom domain requires TLS 1.2",
	Why: `With the security policy TLS_1_0 a public custom domain still accepts TLS 1.0 and 1.1.
Scanners report it, and standards such as PCI DSS forbid it. A domain without a security
policy gets AWS's default, and the provider does not notice if somebody changes that. Private
domains never accept versions before TLS 1.2, so the rule does not ask them for a policy.

A policy whose name begins with SecurityPolicy_ requires at least TLS 1.2 and an endpoint
access mode.`,
	Fix:      `Set securityPolicy to TLS_1_2. For a policy SecurityPolicy_…, set endpointAccessMode as well.`,
	Severity: rule.Medium,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html",
		"https://github.com/serverless/serverless/issues/13332",
	},
	Tags:      []string{"api-gateway", "custom-domain", "tls"},
	FormerIDs: []string{"apigw-domain-tls"},
	Defects:   []*rule.Defect{domainWithoutAccessMode, domainWithOldTLS, domainWithoutTLSPolicy},
	Check:     checkCustomDomainTLS,
}

var (
	domainWithoutAccessMode = &rule.Defect{
		ID: "no-access-mode", Summary: "A domain has a policy SecurityPolicy_… and no endpoint access mode.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "Endpoint access mode is required for the specified security policy".`,
	}
	domainWithOldTLS = &rule.Defect{
		ID: "tls-1-0", Summary: "A public domain has the security policy TLS_1_0.", Outcome: rule.Risky,
		Effect: "Clients may use TLS 1.0 and 1.1, and an attacker may downgrade them to these.",
	}
	domainWithoutTLSPolicy = &rule.Defect{
		ID: "no-security-policy", Summary: "A public domain has no security policy.", Outcome: rule.Risky,
		Effect: "AWS chooses the versions of TLS, and the provider does not notice if somebody changes them.",
	}
)

func checkCustomDomainTLS(s *model.Stack, r *rule.Report) {
	for _, d := range s.Domains {
		at, public := d.At("securityPolicy"), d.IsPrivate().Not()
		noMode := d.HasEnhancedTLS().And(rule.Unset(d.AccessMode))
		if public == model.False && noMode == model.False {
			continue
		}
		name, _ := d.SecurityPolicy.Get()
		r.Judge(d.Origin,
			domainWithoutAccessMode.If(noMode, d.At("endpointAccessMode"),
				"%s has the security policy %s and no access mode; want endpointAccessMode, which v7 of the provider "+
					"has",
				d.Name, name),
			domainWithOldTLS.If(public.And(d.SecurityPolicy.Equals("TLS_1_0")), at,
				"%s has the security policy TLS_1_0; want TLS_1_2", d.Name),
			domainWithoutTLSPolicy.If(public.And(rule.Unset(d.SecurityPolicy)), at,
				"%s has no security policy; want TLS_1_2", d.Name),
		)
	}
}

package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var customDomainTLS = &rule.Rule{
	ID:    "custom-domain-tls",
	Title: "A custom domain requires TLS 1.2",
	Why: `With the security policy TLS_1_0 a custom domain still accepts TLS 1.0 and 1.1. Scanners
report it, and standards such as PCI DSS forbid it. A domain without a security policy gets
AWS's default, and the provider does not notice if somebody changes that.`,
	Fix:      `Set securityPolicy to TLS_1_2.`,
	Severity: rule.Medium,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
	},
	Tags:      []string{"api-gateway", "custom-domain", "tls"},
	FormerIDs: []string{"apigw-domain-tls"},
	Check:     checkCustomDomainTLS,
}

func checkCustomDomainTLS(s *model.Stack, r *rule.Report) {
	for _, d := range s.Domains {
		at := d.At("securityPolicy")
		r.Judge(d.Origin,
			rule.FaultIf(rule.Unset(d.SecurityPolicy), at, "%s has no security policy; want TLS_1_2", d.Name),
			rule.FaultIf(d.SecurityPolicy.Equals("TLS_1_0"), at,
				"%s has the security policy TLS_1_0; want TLS_1_2", d.Name),
		)
	}
}

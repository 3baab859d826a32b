package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var privateCAHosts = rule.Names("privateCaHosts",
	"Hosts behind VPC links, as the integration's uri has them, with certificates of a private authority that API "+
		"Gateway cannot know.")

var integrationTLSVerification = &rule.Rule{
	ID:    "integration-tls-verification",
	Title: "An integration verifies the server's certificate, and uses HTTPS through a VPC link",
	Why: `With insecureSkipVerification API Gateway accepts a certificate from any issuer, so
whoever gets between API Gateway and the server can read and change every call. It does not
help against a wrong name: API Gateway compares that anyway, and calls still fail with HTTP
500. Plain HTTP through a VPC link is readable on its whole way through the networks.`,
	Fix: `Give the server a certificate of a public authority for the host in the uri, and set
insecureSkipVerification to false. If the server needs a private authority, add the host to
privateCaHosts. Use https:// through VPC links.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{skipsVerification, plainThroughLink},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html",
	},
	Tags:       []string{"api-gateway", "vpc-link", "tls"},
	FormerIDs:  []string{"int-tls-weak"},
	Parameters: []rule.Parameter{privateCAHosts},
	Check:      checkIntegrationTLSVerification,
}

var (
	skipsVerification = &rule.Defect{
		ID: "not-verified", Summary: "An integration accepts a certificate of any authority.", Outcome: rule.Risky,
		Effect: "Calls work. Whoever gets between API Gateway and the server can read and change them.",
	}
	plainThroughLink = &rule.Defect{
		ID: "plain-http", Summary: "An integration sends plain HTTP through its VPC link.", Outcome: rule.Risky,
		Effect: "Calls work. Whoever sees the packets in the networks behind the link can read them.",
	}
)

func checkIntegrationTLSVerification(s *model.Stack, r *rule.Report) {
	for _, i := range s.Integrations {
		http := speaksHTTP(i)
		if http == model.False {
			continue
		}
		allowed := i.IsPrivate().And(rule.InList(privateCAHosts.Value(r), i.Host()))
		skips := http.And(i.SkipsVerification.Equals(true)).And(allowed.Not())
		plain := http.And(i.IsPrivate()).And(i.Scheme().Equals("http"))
		r.Judge(i.Origin,
			skipsVerification.If(skips, i.At("tlsConfig.insecureSkipVerification"),
				"%s accepts a certificate of any authority; want it verified", i.Name),
			plainThroughLink.If(plain, i.At("uri"),
				"%s sends plain HTTP through its VPC link; want https", i.Name),
		)
	}
}

// speaksHTTP asks whether an integration calls an HTTP server.
func speaksHTTP(i *model.Integration) model.Truth {
	kind, known := i.Type.Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(strings.HasPrefix(string(kind), "HTTP"))
}

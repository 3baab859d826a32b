package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var privateCAHosts = rule.Names("privateCaHosts", "Hosts, as the uri of an integration through a VPC link has them, "+
	"whose certificates are of a private authority that API Gateway cannot know.")

var integrationTLSVerification = &rule.Rule{
	ID:    "integration-tls-verification",
	Title: "An integration proves whom it talks to",
	Why: `With insecureSkipVerification API Gateway accepts a certificate that anybody has issued,
so whoever gets between it and the server can read and change every call. It does not
help against a wrong name: that is compared all the same, and calls still fail with HTTP
500. Plain HTTP through a VPC link is readable on its whole way through the networks.`,
	Fix: `Give the server a certificate of a public authority, for the host in the uri, and take
insecureSkipVerification out by setting it to false. Where a private authority is meant,
name the host in privateCaHosts. Use https:// through VPC links.`,
	Severity: rule.Medium,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html",
	},
	Tags:       []string{"api-gateway", "vpc-link", "tls"},
	Parameters: []rule.Parameter{privateCAHosts},
	Check:      checkIntegrationTLSVerification,
}

func checkIntegrationTLSVerification(s *model.Stack, r *rule.Report) {
	known := privateCAHosts.Value(r)
	for _, i := range s.Integrations {
		http := speaksHTTP(i)
		if http == model.False {
			continue
		}
		skips := http.And(i.SkipsVerification.Equals(true)).And(i.IsPrivate().And(isListed(known, i.Host())).Not())
		plain := http.And(i.IsPrivate()).And(i.Scheme().Equals("http"))
		r.Judge(i.Origin,
			rule.FaultIf(skips, i.At("tlsConfig.insecureSkipVerification"), "%s accepts a certificate of any authority; want it verified", i.Name),
			rule.FaultIf(plain, i.At("uri"), "%s sends plain HTTP through its VPC link; want https", i.Name),
		)
	}
}

// speaksHTTP asks whether an integration calls a server of one's own.
func speaksHTTP(i *model.Integration) model.Truth {
	kind, known := i.Type.Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(strings.HasPrefix(string(kind), "HTTP"))
}

func isListed(list []string, name model.Known[string]) model.Truth {
	text, known := name.Get()
	if !known && len(list) > 0 {
		return model.Maybe
	}
	return model.TruthOf(slices.Contains(list, text))
}

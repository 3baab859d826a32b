package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var integrationVPCLinkHost = &rule.Rule{
	ID:    "integration-vpc-link-host",
	Title: "A private integration names its link, and its server as the certificate does",
	Why: `The VPC link alone decides where a private integration's requests go; the host of its uri
is only sent as the Host header and compared with the server's certificate. No
certificate of yours has the name that AWS gives to a load balancer, and none of a public
authority has a private address: over HTTPS every call ends with "Execution failed due to
configuration error: Host name '…' does not match the certificate subject provided by the
peer", and clients see HTTP 500. What works with such a name is plain HTTP only.`,
	Fix: `Put the name in the server's certificate into the uri, such as
https://backend.example.com/{proxy}; it needs no DNS record. Set connectionId to the id
of the VpcLink.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html",
		"https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html",
	},
	Tags:  []string{"api-gateway", "vpc-link", "tls"},
	Check: checkIntegrationVPCLinkHost,
}

func checkIntegrationVPCLinkHost(s *model.Stack, r *rule.Report) {
	for _, i := range s.Integrations {
		private := i.IsPrivate()
		if private == model.False {
			continue
		}
		name, known := i.Host().Get()
		address := name
		if !known {
			name, address = "it is made from the name of a load balancer", "it is not known yet"
		}
		r.Judge(i.Origin,
			rule.FaultIf(private.And(model.TruthOf(i.Link.IsAbsent())), i.At("connectionId"),
				"%s goes through a VPC link and names none; want the id of one", i.Name),
			rule.FaultIf(private.And(showsBalancerName(i)), i.At("uri"),
				"%s: the host of its uri is AWS's name for a load balancer (%s), which no certificate has; want the name in the server's certificate", i.Name, name),
			rule.FaultIf(private.And(i.Scheme().Equals("https")).And(i.HasAddress()), i.At("uri"),
				"%s: the host of its uri is an address (%s); want the name in the server's certificate", i.Name, address),
		)
	}
}

// showsBalancerName asks whether a load balancer's own name fails to be in the
// certificate. Over plain HTTP there is none, which another rule is about; so a
// uri made from the name alone is at fault before its scheme is known.
func showsBalancerName(i *model.Integration) model.Truth {
	if i.URI.IsUnknown() {
		return i.HasBalancerName()
	}
	return i.HasBalancerName().And(i.Scheme().Equals("http").Not())
}

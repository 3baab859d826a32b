package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var integrationVPCLinkHost = &rule.Rule{
	ID:    "integration-vpc-link-host",
	Title: "A private integration has a VPC link, and a host that the server's certificate covers",
	Why: `The VPC link alone decides where a private integration's requests go. The host of the uri
is only sent as the Host header and compared with the server's certificate. None of your
certificates can have the name that AWS gives to a load balancer, and no public authority
certifies a private address. Over HTTPS every call then ends with "Execution failed due to
configuration error: Host name '…' does not match the certificate subject provided by the
peer", and clients see HTTP 500. Only plain HTTP works with such a name.`,
	Fix: `Put the name in the server's certificate into the uri, such as
https://backend.example.com/{proxy}. It needs no DNS record. Set connectionId to the ID of
the VpcLink.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html",
		"https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html",
	},
	Tags:      []string{"api-gateway", "vpc-link", "tls"},
	FormerIDs: []string{"int-vpclink-host"},
	Check:     checkIntegrationVPCLinkHost,
}

func checkIntegrationVPCLinkHost(s *model.Stack, r *rule.Report) {
	for _, i := range s.Integrations {
		private := i.IsPrivate()
		if private == model.False {
			continue
		}
		name := rule.NameOr(i.Host(), "it is made from the name of a load balancer")
		address := rule.NameOr(i.Host(), "it is not known yet")
		r.Judge(i.Origin,
			rule.FaultIf(private.And(model.TruthOf(i.Link.IsAbsent())), i.At("connectionId"),
				"%s is for a VPC link and names none; want the ID of one", i.Name),
			rule.FaultIf(private.And(hasUncertifiableName(i)), i.At("uri"),
				"%s: the host of its uri is AWS's name for a load balancer (%s), which no certificate has; "+
					"want the name in the server's certificate", i.Name, name),
			rule.FaultIf(private.And(i.Scheme().Equals("https")).And(i.HasAddress()), i.At("uri"),
				"%s: the host of its uri is an address (%s); want the name in the server's certificate", i.Name,
				address),
		)
	}
}

// hasUncertifiableName asks whether the host is a load balancer's own name and
// needs a certificate. Plain HTTP needs none, and is another rule's concern. If
// the uri is unknown but made from the name, this is a fault whatever its
// scheme.
func hasUncertifiableName(i *model.Integration) model.Truth {
	if i.URI.IsUnknown() {
		return i.HasBalancerName()
	}
	return i.HasBalancerName().And(i.Scheme().Equals("http").Not())
}

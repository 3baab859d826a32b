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
the VpcLink. A VPC link V2 (aws.apigatewayv2.VpcLink) leads to subnets, so the integration
also needs integrationTarget, the ARN of the load balancer. pulumi-aws has that from version
7.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{noVPCLink, noIntegrationTarget, balancerAsHost, addressAsHost},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html",
		"https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html",
		"https://github.com/pulumi/pulumi-aws/issues/6020",
	},
	Tags:      []string{"api-gateway", "vpc-link", "tls"},
	FormerIDs: []string{"int-vpclink-host"},
	Check:     checkIntegrationVPCLinkHost,
}

var (
	noVPCLink = &rule.Defect{
		ID: "no-link", Summary: "A private integration names no VPC link.", Outcome: rule.Refused,
		Effect: `AWS refuses it: "Connection ID must be specified for connection type VPC_LINK".`,
	}
	noIntegrationTarget = &rule.Defect{
		ID: "no-target", Summary: "An integration with a VPC link V2 names no load balancer.", Outcome: rule.Refused,
		Effect: `AWS refuses it: "IntegrationTarget is required for VpcLinkV2".`,
	}
	balancerAsHost = &rule.Defect{
		ID: "balancer-name", Outcome: rule.Broken,
		Summary: "Over HTTPS, the host of a private integration is AWS's name for a load balancer.",
		Effect: "No certificate of yours can have that name. API Gateway compares it with the server's, and every " +
			"call ends with HTTP 500.",
	}
	addressAsHost = &rule.Defect{
		ID: "address", Summary: "Over HTTPS, the host of a private integration is an address.", Outcome: rule.Broken,
		Effect: "No public authority certifies a private address. API Gateway compares it with the server's " +
			"certificate, and every call ends with HTTP 500.",
	}
)

func checkIntegrationVPCLinkHost(s *model.Stack, r *rule.Report) {
	for _, i := range s.Integrations {
		private := i.IsPrivate()
		if private == model.False {
			continue
		}
		name := rule.NameOr(i.Host(), "it is made from the name of a load balancer")
		address := rule.NameOr(i.Host(), "it is not known yet")
		untargeted := i.Link.Ask(func(l *model.VPCLink) model.Truth { return model.TruthOf(l.V2) })
		untargeted = untargeted.And(model.TruthOf(len(i.Link.Candidates) > 0 && i.Target.IsAbsent()))
		compared := private.And(comparesHost(i))
		r.Judge(i.Origin,
			noVPCLink.If(private.And(model.TruthOf(i.Link.IsAbsent())), i.At("connectionId"),
				"%s is for a VPC link and names none; want the ID of one", i.Name),
			noIntegrationTarget.If(private.And(untargeted), i.At("integrationTarget"),
				"%s has a VPC link V2, which leads to subnets; want the load balancer's ARN in integrationTarget",
				i.Name),
			balancerAsHost.If(compared.And(hasBalancerName(s, i)), i.At("uri"),
				"%s: the host of its uri is AWS's name for a load balancer (%s), which no certificate has; "+
					"want the name in the server's certificate", i.Name, name),
			addressAsHost.If(compared.And(i.Scheme().Equals("https")).And(i.HasAddress()), i.At("uri"),
				"%s: the host of its uri is an address (%s); want the name in the server's certificate", i.Name,
				address),
		)
	}
}

// comparesHost asks whether API Gateway compares the host with a certificate of a
// public authority. If the integration accepts other authorities, a private one may
// certify any name. What API Gateway compares for a VPC link V2 is not documented
// for REST APIs.
func comparesHost(i *model.Integration) model.Truth {
	if i.SkipsVerification.IsNot(false) || !i.Target.IsAbsent() {
		return model.Maybe
	}
	return i.SkipsVerification.Equals(false)
}

// hasBalancerName asks whether the host is a load balancer's own name and needs a
// certificate. Plain HTTP needs none, and is another rule's concern. If the uri is
// unknown but made from the name, it needs one if the load balancer accepts nothing
// but TLS.
func hasBalancerName(s *model.Stack, i *model.Integration) model.Truth {
	has := i.HasBalancerName()
	if !i.URI.IsUnknown() {
		return has.And(i.Scheme().Equals("http").Not())
	}
	return has.And(s.BalancerTakesOnly(i, model.ProtocolTLS, model.ProtocolHTTPS).Or(model.Maybe))
}

package faults

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var serviceFaults = []Fault{
	{
		Name: "no-alpn", Number: 13,
		Says:  "an endpoint service for HTTP/2 does not offer it in the TLS handshake",
		Rules: []string{"endpoint-service-alpn"},
		Clients: []Question{
			{
				From: "subnet-a", URL: "https://no-alpn.example.org/", To: "nlb", HTTP2: true,
				Compliant: "200", Sees: "TLS fails",
			},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			alpn := either(n, nil, pulumi.Map{"alpnPolicy": pulumi.String("HTTP2Preferred")})
			balancer := n.tlsFront(vpc, []*Resource{a, b}, n.privateCertificate(n.ownDomain()), behindService, alpn)
			n.service(balancer, pulumi.Map{"tags": pulumi.Map{"protocol": pulumi.String("grpc")}})
		},
	},
	{
		Name: "unverified-name", Number: 15,
		Says:      "nothing verifies the private name of an endpoint service",
		Rules:     []string{"endpoint-service-private-dns-verified"},
		Advisory:  true,
		Invisible: onlyRefused,
		Build: func(n *Network) {
			service := n.namedService(n.plainBalancer())
			n.nameProof(service)
			if !n.Faulty {
				n.verification(service, nil)
			}
		},
	},
	{
		Name:      "unproven-name",
		Says:      "public DNS lacks the proof for the private name of an endpoint service",
		Rules:     []string{"endpoint-service-private-dns-verified"},
		Invisible: onlyRefused,
		Build: func(n *Network) {
			service, zone := n.namedService(n.plainBalancer()), n.publicZone()
			if !n.Faulty {
				n.proofIn(zone, service)
			}
			n.verification(service, nil)
		},
	},
	{
		Name:  "uncertified-name",
		Says:  "the certificate of an endpoint service does not cover its private name",
		Rules: []string{"endpoint-service-private-dns-verified"},
		Clients: []Question{
			{From: "subnet-a", URL: "https://uncertified-name.example.org/", Compliant: "200", Sees: "TLS fails"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			certificate := n.privateCertificate(either(n, "api.", "") + n.ownDomain())
			service := n.namedService(n.tlsFront(vpc, []*Resource{a, b}, certificate, behindService, nil))
			n.nameProof(service)
			verified := n.verification(service, pulumi.Map{"waitForVerification": pulumi.Bool(true)})
			n.consumer(vpc, []*Resource{a, b}, service, verified)
		},
	},
	{
		Name:    "early-name",
		Says:    "the private DNS of an endpoint is turned on before its service has accepted the endpoint",
		Rules:   []string{"endpoint-private-dns-ready"},
		Refused: "InvalidParameter: private DNS is for accepted endpoints only",
		Build:   earlyName,
	},
	{
		Name: "public-service", Number: 16,
		Says:  "the load balancer of an endpoint service faces the internet",
		Rules: []string{"endpoint-service-internal-load-balancer"},
		Clients: []Question{
			{From: "internet 192.0.2.1", URL: "http://${nlb}:443/", Compliant: "time-out", Sees: "200"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			gateway := n.internet(vpc, a, b)
			inputs := merge(pulumi.Map{"internal": pulumi.Bool(!n.Faulty)}, behindService)
			group := n.group("nlb", vpc, pulumi.String("192.0.2.0/24"))
			subnets := []*Resource{a, b}
			balancer := n.balancerIn("nlb", group, subnets, inputs, dependsOn([]*Resource{gateway}))
			servers := n.servers(vpc, subnets, n.group("server", vpc, group.ID()))
			n.listener("nlb", balancer, servers, nil)
			n.service(balancer, nil)
		},
	},
	{
		Name:    "ipv4-service",
		Says:    "an endpoint service for IPv6 has a load balancer for IPv4 only",
		Rules:   []string{"endpoint-service-ipv6"},
		Refused: "InvalidParameter: an IPv6 service needs dualstack load balancers",
		Build: func(n *Network) {
			vpc, subnets := n.twoFamilies()
			inputs := merge(pulumi.Map{"ipAddressType": pulumi.String(either(n, "ipv4", "dualstack"))}, behindService)
			n.service(n.balancer("nlb", vpc, subnets, inputs),
				pulumi.Map{"supportedIpAddressTypes": pulumi.ToStringArray([]string{"ipv4", "ipv6"})})
		},
	},
	{
		Name:      "open-service",
		Says:      "an endpoint service accepts everyone",
		Rules:     []string{"endpoint-service-acceptance"},
		Invisible: onlyPrincipals,
		Build: func(n *Network) {
			principal := either(n, "*", "arn:aws:iam::123456789012:root")
			n.service(n.plainBalancer(), pulumi.Map{"allowedPrincipals": pulumi.ToStringArray([]string{principal})})
		},
	},
}

// earlyName registers an endpoint service that accepts each endpoint, and an
// endpoint that takes its private name. Nobody accepts the faulty endpoint.
func earlyName(n *Network) {
	vpc, a, b := n.twoZones()
	service := n.service(n.balancer("nlb", vpc, []*Resource{a, b}, behindService), pulumi.Map{
		"privateDnsName": pulumi.String(n.ownDomain()), "acceptanceRequired": pulumi.Bool(true),
	})
	n.nameProof(service)
	ready := []pulumi.Resource{n.verification(service, pulumi.Map{"waitForVerification": pulumi.Bool(true)})}
	inputs := n.tokenService(vpc, a, b, pulumi.Map{"serviceName": service.ServiceName})
	endpoint := n.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", inputs)
	if !n.Faulty {
		ready = append(ready, n.add("aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter", "accepter",
			pulumi.Map{"vpcEndpointId": endpoint.ID(), "vpcEndpointServiceId": service.ID()}))
	}
	n.privateDNS("setting", endpoint, pulumi.DependsOn(ready))
}

// behindService holds the inputs of a load balancer whose endpoint service decides
// who may connect.
var behindService = pulumi.Map{"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": pulumi.String("off")}

// plainBalancer registers a load balancer for an endpoint service, in two zones.
func (n *Network) plainBalancer() *Resource {
	vpc, a, b := n.twoZones()
	return n.balancer("nlb", vpc, []*Resource{a, b}, behindService)
}

// service registers an endpoint service that accepts each endpoint at once.
func (n *Network) service(balancer *Resource, inputs pulumi.Map) *Resource {
	return n.add("aws:ec2/vpcEndpointService:VpcEndpointService", "service", merge(pulumi.Map{
		"networkLoadBalancerArns": pulumi.Array{balancer.Arn}, "acceptanceRequired": pulumi.Bool(false),
	}, inputs))
}

// namedService registers an endpoint service whose private name is the network's
// domain.
func (n *Network) namedService(balancer *Resource) *Resource {
	return n.service(balancer, pulumi.Map{"privateDnsName": pulumi.String(n.ownDomain())})
}

// nameProof registers a public zone with the proof that the owner of a service
// controls its name.
func (n *Network) nameProof(service *Resource) { n.proofIn(n.publicZone(), service) }

// proofIn registers the record with the proof in a zone. A verification that is
// registered later waits for it.
func (n *Network) proofIn(zone, service *Resource) {
	proof := func(key string) pulumi.StringOutput {
		return service.PrivateDnsNameConfigurations.ApplyT(func(all []any) string {
			return all[0].(map[string]any)[key].(string)
		}).(pulumi.StringOutput)
	}
	n.proof = n.record("proof", "", zone, pulumi.Map{
		"name": pulumi.Sprintf("%s.%s", proof("name"), n.ownDomain()), "type": pulumi.String("TXT"),
		"ttl": pulumi.Int(300), "records": pulumi.Array{proof("value")},
	})
}

// verification makes AWS look for the proof.
func (n *Network) verification(service *Resource, inputs pulumi.Map) *Resource {
	var opts []pulumi.ResourceOption
	if n.proof != nil {
		opts = append(opts, pulumi.DependsOn([]pulumi.Resource{n.proof}))
	}
	return n.add("aws:vpc/endpointServicePrivateDnsVerification:EndpointServicePrivateDnsVerification", "verification",
		merge(pulumi.Map{"serviceId": service.ID()}, inputs), opts...)
}

// consumer registers an endpoint for an endpoint service, with the private name of the service, after others.
func (n *Network) consumer(vpc *Resource, subnets []*Resource, service *Resource, after ...*Resource) *Resource {
	return n.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", n.tokenService(vpc, subnets[0], subnets[1], pulumi.Map{
		"serviceName": service.ServiceName, "privateDnsEnabled": pulumi.Bool(true),
		"securityGroupIds": ids([]*Resource{n.group("endpoint", vpc, pulumi.String("10.0.0.0/16"))}),
	}), dependsOn(after))
}

// tlsFront registers a load balancer in front of a server, which ends TLS and writes logs,
// with further inputs for it and for its listener.
func (n *Network) tlsFront(
	vpc *Resource, subnets []*Resource, certificate pulumi.StringInput, inputs, listener pulumi.Map,
) *Resource {
	group := n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))
	balancer := n.balancerIn("nlb", group, subnets, merge(n.logged(), inputs))
	servers := n.serversThat(vpc, subnets, group, encrypted, pulumi.Map{"protocol": pulumi.String("TLS")})
	n.listener("listener", balancer, servers, n.tls(certificate, listener))
	return balancer
}

package faults

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var balancerFaults = []Fault{
	{
		Name: "fewer-zones", Number: 6,
		Says:  "the load balancer lacks a zone of the endpoint behind it",
		Rules: []string{"load-balancer-multiple-zones", "load-balancer-to-endpoint-zones"}, Advisory: true,
		Clients: []Question{
			{From: "subnet-b", URL: hello, To: "nlb", FailedZone: "us-east-1a", Compliant: "200", Sees: "time-out"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			group := n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))
			targets := n.endpointTargets(vpc, n.group("endpoint", vpc, group.ID()), a, b, nil)
			balancer := n.balancerIn("nlb", group, either(n, []*Resource{a}, []*Resource{a, b}), nil)
			n.listener("nlb", balancer, targets, nil)
		},
	},
	{
		Name: "alpn-http2", Number: 14,
		Says:      "a TLS listener in front of execute-api offers HTTP/2",
		Rules:     []string{"load-balancer-to-endpoint-alpn"},
		Invisible: unverified,
		Build: func(n *Network) {
			policy := either(n, "HTTP2Preferred", "HTTP1Only")
			n.front(n.logged(), pulumi.Map{"protocol": pulumi.String("TLS")},
				n.tls(n.privateCertificate(n.ownDomain()), pulumi.Map{"alpnPolicy": pulumi.String(policy)}))
		},
	},
	{
		Name: "far-target", Number: 19,
		Says:    "an address outside of the VPC is registered without a zone",
		Rules:   []string{"load-balancer-target-outside-vpc"},
		Refused: "ValidationError: an address outside of the VPC needs a zone, or all",
		Unseen:  map[View]string{PreviewExisting: notSent},
		Build: func(n *Network) {
			zone := either[pulumi.Input](n, nil, pulumi.String("all"))
			n.target("target", n.targets("targets", n.vpc("vpc", nil), nil), "10.1.0.10",
				pulumi.Map{"availabilityZone": zone})
		},
	},
	{
		Name:    "near-target",
		Says:    "an address inside the VPC is registered for all zones",
		Rules:   []string{"load-balancer-target-outside-vpc"},
		Refused: "ValidationError: an address within the VPC has the zone of its subnet",
		Unseen:  map[View]string{PreviewExisting: notSent},
		Build: func(n *Network) {
			zone := either[pulumi.Input](n, pulumi.String("all"), nil)
			n.target("target", n.targets("targets", n.vpc("vpc", nil), nil), "10.0.0.10",
				pulumi.Map{"availabilityZone": zone})
		},
	},
	{
		Name:      "fixed-name",
		Says:      "a target group in use has a fixed name",
		Rules:     []string{"load-balancer-no-fixed-name"},
		Invisible: onlyNextUpdate,
		Build: func(n *Network) {
			l := n.linkTo(nil)
			name := either[pulumi.Input](n, pulumi.String("fixed-name"), nil)
			n.listener("nlb", l.nlb, n.targets("targets", l.vpc, pulumi.Map{"name": name}), nil)
		},
	},
	{
		Name:      "silent-balancer",
		Says:      "a load balancer with a TLS listener names a bucket but writes no logs",
		Rules:     []string{"load-balancer-access-logs"},
		Invisible: onlyLogs,
		Build: func(n *Network) {
			logs := n.logged()
			logs["accessLogs"].(pulumi.Map)["enabled"] = pulumi.Bool(!n.Faulty)
			n.front(logs, pulumi.Map{"protocol": pulumi.String("TLS")}, n.tls(n.privateCertificate(n.ownDomain()), nil))
		},
	},
	{
		Name:  "old-listener",
		Says:  "a TLS listener accepts TLS 1.0",
		Rules: []string{"load-balancer-tls-listener"}, Advisory: true,
		Clients: []Question{
			{
				From: "subnet-a", URL: "https://old-listener.example.org/prod/", To: "nlb", Header: byID,
				TLSVersion: "1.0", Compliant: "TLS fails", Sees: "200",
			},
		},
		Build: func(n *Network) {
			policy := either(n, "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-2-2021-06")
			n.front(n.logged(), pulumi.Map{"protocol": pulumi.String("TLS")},
				n.tls(n.privateCertificate(n.ownDomain()), pulumi.Map{"sslPolicy": pulumi.String(policy)}))
		},
	},
	{
		Name:  "plain-text",
		Says:  "a TLS listener sends plain text on to execute-api",
		Rules: []string{"load-balancer-to-endpoint-target-group"},
		Clients: []Question{
			{
				From: "subnet-a", URL: "https://plain-text.example.org/prod/", To: "nlb", Header: byID,
				Compliant: "200", Sees: "the connection ends without an answer",
			},
		},
		Build: func(n *Network) {
			protocol := either(n, "TCP", "TLS")
			n.front(n.logged(), pulumi.Map{"protocol": pulumi.String(protocol)},
				n.tls(n.privateCertificate(n.ownDomain()), nil))
		},
	},
	{
		Name:  "https-check",
		Says:  "health checks of execute-api addresses use HTTPS",
		Rules: []string{"load-balancer-to-endpoint-health-check"},
		Clients: []Question{
			{
				From: "subnet-a", URL: "${nlb}", Records: "A", FailedZone: "us-east-1a",
				Compliant: "1 record", Sees: "2 records",
			},
		},
		Build: func(n *Network) {
			n.front(nil, pulumi.Map{"healthCheck": pulumi.Map{"protocol": pulumi.String(either(n, "HTTPS", "TCP"))}},
				nil)
		},
	},
	{
		Name:  "client-addresses",
		Says:  "a target group of execute-api addresses preserves client addresses",
		Rules: []string{"load-balancer-to-endpoint-client-ip"},
		Clients: []Question{
			{From: "subnet-a", URL: hello, To: "nlb", Compliant: "200", Sees: "time-out"},
		},
		Build: func(n *Network) {
			n.front(nil, pulumi.Map{"preserveClientIp": pulumi.String(either(n, "true", "false"))}, nil)
		},
	},
	{
		Name:      "no-elastic-ip",
		Says:      "a load balancer that faces the internet has no Elastic IP",
		Rules:     []string{"load-balancer-elastic-ips"},
		Invisible: onlyNextUpdate,
		Build:     buildPublic,
	},
	{
		Name:    "private-address",
		Says:    "a load balancer that faces the internet has a private address",
		Rules:   []string{"load-balancer-subnet-addresses"},
		Refused: "InvalidConfigurationRequest: private addresses are for internal load balancers",
		Build: func(n *Network) {
			vpc, a, _ := n.twoZones()
			n.internet(vpc, a)
			n.balancer("nlb", vpc, nil, pulumi.Map{
				"subnets": nil, "internal": pulumi.Bool(!n.Faulty),
				"subnetMappings": pulumi.Array{pulumi.Map{"subnetId": a.ID(),
					"privateIpv4Address": pulumi.String("10.0.0.10")}},
			})
		},
	},
	{
		Name:    "no-ipv6",
		Says:    "a subnet of a dualstack load balancer has no IPv6 range",
		Rules:   []string{"load-balancer-dualstack-subnets"},
		Refused: "ValidationError: a dualstack load balancer needs subnets with IPv6 ranges",
		Unseen:  map[View]string{PreviewExisting: notSent},
		Build:   buildDualstack,
	},
	{
		Name:  "enforced-rules",
		Says:  "security groups drop connections from PrivateLink",
		Rules: []string{"load-balancer-privatelink-security-groups"},
		Clients: []Question{
			{
				From: "another-vpc", URL: ownAPI, Signed: true,
				Compliant: "200", Sees: "504 InternalServerErrorException",
			},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			group := n.group("nlb", vpc, n.group("clients", vpc, pulumi.String("10.0.0.0/16")).ID())
			balancer := n.balancerIn("nlb", group, []*Resource{a, b},
				merge(n.logged(), pulumi.Map{privateLinkRules: either[pulumi.Input](n, nil, pulumi.String("off"))}))
			servers := n.servers(vpc, []*Resource{a, b}, n.group("server", vpc, group.ID()))
			n.listener("nlb", balancer, servers, n.tls(n.ownCertificate(), nil))
			link := n.add("aws:apigateway/vpcLink:VpcLink", "link", pulumi.Map{"targetArn": balancer.Arn})
			n.linked(n.fencedAPI(), link, n.backend("https"), nil)
		},
	},
	{
		Name:  "without-group",
		Says:  "a network load balancer has no security group",
		Rules: []string{"load-balancer-security-group-at-creation"},
		Clients: []Question{
			{
				From: "on-premises subnet-a", URL: "http://without-group.example.org:443/", To: "nlb",
				Compliant: "time-out", Sees: "200",
			},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			group := n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))
			inputs := pulumi.Map{"securityGroups": either[pulumi.Input](n, nil, ids([]*Resource{group}))}
			balancer := n.balancerIn("nlb", group, []*Resource{a, b}, inputs)
			n.listener("nlb", balancer, n.servers(vpc, []*Resource{a, b}, group), nil)
		},
	},
	{
		Name:    "early-cert",
		Says:    "a TLS listener takes a certificate before it is issued",
		Rules:   []string{"certificate-issued"},
		Refused: "UnsupportedCertificate: the certificate is not issued yet",
		Build: func(n *Network) {
			arn := n.unprovenCertificate(n.ownDomain())
			if !n.Faulty {
				arn = n.publicCertificate("issued." + n.ownDomain())
			}
			n.front(n.logged(), pulumi.Map{"protocol": pulumi.String("TLS")}, n.tls(arn, nil))
		},
	},
	{
		Name:    "early-target",
		Says:    "an application load balancer becomes a target before its listener exists",
		Rules:   []string{"load-balancer-application-target"},
		Refused: "ValidationError: the target must have a listener on the port of the target group",
		Build:   buildApplicationTarget,
	},
	{
		Name:  "plain-http2",
		Says:  "a TLS listener passes HTTP/2 in plain text on to servers that answer HTTP/1.1",
		Rules: []string{"load-balancer-http2-targets"}, Advisory: true,
		Clients: []Question{
			{
				From: "subnet-a", URL: "https://plain-http2.example.org/", To: "nlb",
				Compliant: "200", Sees: "the connection ends without an answer",
			},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			check := pulumi.Map{"protocol": pulumi.String("HTTP"), "path": pulumi.String("/health")}
			group := n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))
			targets := n.serversThat(vpc, []*Resource{a, b}, group, plainly, pulumi.Map{"healthCheck": check})
			policy := pulumi.String(either(n, "HTTP2Preferred", "HTTP1Only"))
			n.listener("nlb", n.balancerIn("nlb", group, []*Resource{a, b}, n.logged()), targets,
				n.tls(n.privateCertificate(n.ownDomain()), pulumi.Map{"alpnPolicy": policy}))
		},
	},
	{
		Name:    "single-zone",
		Says:    "an application load balancer has a subnet in one zone only",
		Rules:   []string{"load-balancer-multiple-zones"},
		Refused: "ValidationError: at least two subnets in two different zones must be specified",
		Unseen:  map[View]string{PreviewExisting: notSent},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			n.balancer("alb", vpc, either(n, []*Resource{a}, []*Resource{a, b}),
				pulumi.Map{"loadBalancerType": pulumi.String("application")})
		},
	},
	{
		Name:    "shared-balancer",
		Says:    "two VPC links share one load balancer",
		Rules:   []string{"load-balancer-single-privatelink-owner"},
		Refused: "FAILED: the load balancer is associated with another endpoint service",
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			balancer := n.balancer("nlb", vpc, []*Resource{a, b}, pulumi.Map{privateLinkRules: pulumi.String("off")})
			n.add("aws:apigateway/vpcLink:VpcLink", "link", pulumi.Map{"targetArn": balancer.Arn})
			if n.Faulty {
				n.add("aws:apigateway/vpcLink:VpcLink", "second-link", pulumi.Map{"targetArn": balancer.Arn})
			}
		},
	},
}

const privateLinkRules = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"

// pin returns the inputs that give an endpoint an address in a subnet.
func pin(subnet *Resource, address string) pulumi.Map {
	return pulumi.Map{"subnetId": subnet.ID(), "ipv4": pulumi.String(address)}
}

// endpointTargets registers an endpoint in the two subnets of twoZones, and returns
// a target group of its addresses.
func (n *Network) endpointTargets(vpc, securityGroup, a, b *Resource, inputs pulumi.Map) *Resource {
	const inA, inB = "10.0.0.10", "10.0.1.10"
	n.endpoint(vpc, securityGroup, []*Resource{a, b},
		pulumi.Map{"subnetConfigurations": pulumi.Array{pin(a, inA), pin(b, inB)}})
	targets := n.targets("targets", vpc, inputs)
	n.target("a", targets, inA, nil)
	n.target("b", targets, inB, nil)
	return targets
}

// front registers an execute-api endpoint behind an internal load balancer.
func (n *Network) front(balancer, targets, listener pulumi.Map) {
	vpc, a, b := n.twoZones()
	group := n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))
	securityGroup := n.group("endpoint", vpc, group.ID())
	behind := n.endpointTargets(vpc, securityGroup, a, b, targets)
	n.listener("nlb", n.balancerIn("nlb", group, []*Resource{a, b}, balancer), behind, listener)
}

// buildApplicationTarget registers an application load balancer as the target of a
// group. The compliant target waits for its listener.
func buildApplicationTarget(n *Network) {
	vpc, a, b := n.twoZones()
	application := n.balancer("alb", vpc, []*Resource{a, b},
		pulumi.Map{"loadBalancerType": pulumi.String("application")})
	answer := pulumi.Map{"contentType": pulumi.String("text/plain"), "statusCode": pulumi.String("404")}
	listener := n.add("aws:lb/listener:Listener", "alb", pulumi.Map{
		"loadBalancerArn": application.Arn, "protocol": pulumi.String("HTTP"), "port": pulumi.Int(80),
		"defaultActions": pulumi.Array{
			pulumi.Map{"type": pulumi.String("fixed-response"), "fixedResponse": answer},
		},
	})
	targets := n.targets("targets", vpc, pulumi.Map{"targetType": pulumi.String("alb"), "port": pulumi.Int(80)})
	var wait []pulumi.ResourceOption
	if !n.Faulty {
		wait = append(wait, pulumi.DependsOn([]pulumi.Resource{listener}))
	}
	n.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", "target",
		pulumi.Map{"targetGroupArn": targets.Arn, "targetId": application.Arn}, wait...)
}

// buildPublic registers a load balancer on the internet, with two of the account's
// five Elastic IPs.
func buildPublic(n *Network) {
	vpc, a, b := n.twoZones()
	gateway := n.internet(vpc, a, b)
	group := n.group("nlb", vpc, pulumi.String("192.0.2.0/24"))
	securityGroup := n.group("endpoint", vpc, group.ID())
	var mappings pulumi.Array
	for role, subnet := range []*Resource{a, b} {
		mapping := pulumi.Map{"subnetId": subnet.ID()}
		if !n.Faulty {
			args := pulumi.Map{"domain": pulumi.String("vpc")}
			address := n.add("aws:ec2/eip:Eip", fmt.Sprintf("address-%d", role), args)
			mapping["allocationId"] = address.ID()
		}
		mappings = append(mappings, mapping)
	}
	targets := n.endpointTargets(vpc, securityGroup, a, b, nil)
	balancer := n.add("aws:lb/loadBalancer:LoadBalancer", "nlb", pulumi.Map{
		"loadBalancerType": pulumi.String("network"), "internal": pulumi.Bool(false),
		"subnetMappings": mappings, "securityGroups": ids([]*Resource{group}),
	}, pulumi.DependsOn([]pulumi.Resource{gateway}))
	n.listener("nlb", balancer, targets, nil)
}

// buildDualstack registers a dualstack load balancer. The VPC's IPv6 range comes
// from a pool, so that the ranges of the subnets are known beforehand.
func buildDualstack(n *Network) {
	vpc := n.vpc("vpc",
		map[string]any{"ipv6CidrBlock": "2001:db8::/56", "ipv6IpamPoolId": "ipam-pool-0123456789abcdef0"})
	subnet := map[string]any{"vpcId": vpc, "cidrBlock": "10.0.0.0/24", "availabilityZone": "us-east-1a"}
	if !n.Faulty {
		subnet["ipv6CidrBlock"] = "2001:db8::/64"
	}
	a := n.find("aws:ec2/subnet:Subnet", "subnet-a", subnet)
	n.balancer("nlb", vpc, []*Resource{a}, pulumi.Map{"ipAddressType": pulumi.String("dualstack")})
}

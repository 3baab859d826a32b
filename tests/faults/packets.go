package faults

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// packetFaults are about what stops packets on their way: routes, network ACLs and
// security groups.
var packetFaults = []Fault{
	{
		Name:   "private-subnets",
		Says:   "a load balancer faces the internet, and its subnets have no route to the internet gateway",
		Rules:  []string{"load-balancer-internet-route"},
		Unseen: map[View]string{PreviewExisting: notSent},
		Clients: []Question{
			{From: "internet 192.0.2.1", URL: "http://${nlb}:443/", Compliant: "200", Sees: "time-out"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			gateway := n.add("aws:ec2/internetGateway:InternetGateway", "gateway", pulumi.Map{"vpcId": vpc.ID()})
			if table := n.table(vpc, a, b); !n.Faulty {
				n.route(table, pulumi.Map{"gatewayId": gateway.ID()})
			}
			n.doorTo(vpc, a, b, gateway)
		},
	},
	{
		Name:  "no-way-out",
		Says:  "the load balancer's security group lets connections out on another port than the endpoint's",
		Rules: []string{"load-balancer-outbound-rules"},
		Clients: []Question{
			{From: "subnet-a", URL: hello, To: "nlb", Compliant: "200", Sees: "time-out"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			port := pulumi.Int(either(n, 80, 443))
			group := n.groupOut("nlb", vpc, pulumi.String("10.0.0.0/16"),
				pulumi.Map{"ipProtocol": pulumi.String("tcp"), "fromPort": port, "toPort": port})
			targets := n.endpointTargets(vpc, n.group("endpoint", vpc, group.ID()), a, b, nil)
			n.listener("nlb", n.balancerIn("nlb", group, []*Resource{a, b}, nil), targets, nil)
		},
	},
	{
		Name:  "checks-elsewhere",
		Says:  "health checks use a port to which the load balancer's security group lets nothing out",
		Rules: []string{"load-balancer-health-check"}, Advisory: true,
		Clients: []Question{
			{
				From: "subnet-a", URL: "${nlb}", Records: "A", FailedZone: "us-east-1a",
				Compliant: "1 record", Sees: "2 records",
			},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			group := n.groupOut("nlb", vpc, pulumi.String("10.0.0.0/16"), pulumi.Map{
				"ipProtocol": pulumi.String("tcp"), "fromPort": pulumi.Int(443), "toPort": pulumi.Int(443)})
			port := either(n, "8080", "traffic-port")
			check := pulumi.Map{"protocol": pulumi.String("TCP"), "port": pulumi.String(port)}
			targets := n.serversThat(vpc, []*Resource{a, b}, n.group("server", vpc, group.ID()), plainly,
				pulumi.Map{"healthCheck": check})
			n.listener("nlb", n.balancerIn("nlb", group, []*Resource{a, b}, nil), targets, nil)
		},
	},
	{
		Name:   "no-answers",
		Says:   "the network ACL of an internet-facing load balancer stops the answers to its clients",
		Rules:  []string{"load-balancer-network-acls"},
		Unseen: map[View]string{PreviewExisting: notSent},
		Clients: []Question{
			{From: "internet 192.0.2.1", URL: "http://${nlb}:443/", Compliant: "200", Sees: "time-out"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			gateway := n.internet(vpc, a, b)
			// Answers go to the ports that clients connect from.
			n.add("aws:ec2/networkAcl:NetworkAcl", "acl", pulumi.Map{
				"vpcId": vpc.ID(), "subnetIds": ids([]*Resource{a, b}),
				"ingress": pulumi.Array{allow(100, 443, 443), allow(110, 1024, 65535)},
				"egress":  pulumi.Array{allow(100, 443, 443), allow(110, either(n, 443, 1024), either(n, 443, 65535))},
			})
			n.doorTo(vpc, a, b, gateway)
		},
	},
	{
		Name:    "too-many-rules",
		Says:    "a security group has more rules than AWS takes",
		Rules:   []string{"security-group-rule-quota"},
		Refused: "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached",
		Build: func(n *Network) {
			ranges := pulumi.StringArray{}
			for i := range either(n, 61, 60) {
				ranges = append(ranges, pulumi.String(fmt.Sprintf("10.%d.0.0/16", i)))
			}
			n.add("aws:ec2/securityGroup:SecurityGroup", "clients", pulumi.Map{
				"vpcId": n.vpc("vpc", nil).ID(),
				"ingress": pulumi.Array{pulumi.Map{
					"protocol": pulumi.String("tcp"), "fromPort": pulumi.Int(443), "toPort": pulumi.Int(443),
					"cidrBlocks": ranges,
				}},
			})
		},
	},
}

// doorTo registers a load balancer that faces the internet, in front of web servers.
func (n *Network) doorTo(vpc, a, b, gateway *Resource) {
	group := n.group("nlb", vpc, pulumi.String("192.0.2.0/24"))
	targets := n.servers(vpc, []*Resource{a, b}, n.group("server", vpc, group.ID()))
	balancer := n.balancerIn("nlb", group, []*Resource{a, b}, pulumi.Map{"internal": pulumi.Bool(false)},
		pulumi.DependsOn([]pulumi.Resource{gateway}))
	n.listener("nlb", balancer, targets, nil)
}

// allow returns a rule of a network ACL that lets TCP pass to some ports.
func allow(number, from, to int) pulumi.Map {
	return pulumi.Map{
		"action": pulumi.String("allow"), "protocol": pulumi.String("tcp"), "ruleNo": pulumi.Int(number),
		"fromPort": pulumi.Int(from), "toPort": pulumi.Int(to), "cidrBlock": pulumi.String("0.0.0.0/0"),
	}
}

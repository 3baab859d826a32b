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
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			gateway := n.add("aws:ec2/internetGateway:InternetGateway", "gateway", pulumi.Map{"vpcId": vpc.ID()})
			if table := n.table(vpc, a, b); !n.Faulty {
				n.route(table, pulumi.Map{"gatewayId": gateway.ID()})
			}
			n.balancer("nlb", vpc, []*Resource{a, b}, pulumi.Map{"internal": pulumi.Bool(false)},
				pulumi.DependsOn([]pulumi.Resource{gateway}))
		},
	},
	{
		Name:  "no-way-out",
		Says:  "the load balancer's security group lets connections out on another port than the endpoint's",
		Rules: []string{"load-balancer-outbound-rules"},
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
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			group := n.groupOut("nlb", vpc, pulumi.String("10.0.0.0/16"), pulumi.Map{
				"ipProtocol": pulumi.String("tcp"), "fromPort": pulumi.Int(443), "toPort": pulumi.Int(443)})
			port := either(n, "8080", "traffic-port")
			check := pulumi.Map{"protocol": pulumi.String("TCP"), "port": pulumi.String(port)}
			targets := n.targets("targets", vpc, pulumi.Map{"healthCheck": check})
			n.target("target", targets, "10.0.1.10", nil)
			n.listener("nlb", n.balancerIn("nlb", group, []*Resource{a, b}, nil), targets, nil)
		},
	},
	{
		Name:   "no-answers",
		Says:   "the network ACL of an internet-facing load balancer stops the answers to its clients",
		Rules:  []string{"load-balancer-network-acls"},
		Unseen: map[View]string{PreviewExisting: notSent},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			gateway := n.internet(vpc, a, b)
			// Answers go to the ports that clients connect from.
			n.add("aws:ec2/networkAcl:NetworkAcl", "acl", pulumi.Map{
				"vpcId": vpc.ID(), "subnetIds": ids([]*Resource{a, b}), "ingress": pulumi.Array{allow(443, 443)},
				"egress": pulumi.Array{either(n, allow(443, 443), allow(1024, 65535))},
			})
			balancer := n.balancer("nlb", vpc, []*Resource{a, b}, pulumi.Map{"internal": pulumi.Bool(false)},
				pulumi.DependsOn([]pulumi.Resource{gateway}))
			n.listener("nlb", balancer, n.targets("targets", vpc, nil), nil)
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

// allow returns a rule of a network ACL that lets TCP pass to some ports.
func allow(from, to int) pulumi.Map {
	return pulumi.Map{
		"action": pulumi.String("allow"), "protocol": pulumi.String("tcp"), "ruleNo": pulumi.Int(100),
		"fromPort": pulumi.Int(from), "toPort": pulumi.Int(to), "cidrBlock": pulumi.String("0.0.0.0/0"),
	}
}

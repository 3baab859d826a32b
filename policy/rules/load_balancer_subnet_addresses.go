package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerSubnetAddresses = &rule.Rule{
	ID: "load-balancer-subnet-addresses",
	Title: "A network load balancer has subnets, with Elastic IPs only if it faces the internet and private " +
		"addresses only if it is internal",
	Why: `Elastic IPs are for load balancers that face the internet, chosen private addresses are for
internal ones, and both need subnets. AWS refuses other combinations when it creates the
load balancer ("InvalidConfigurationRequest"), after everything before it has been deployed.
Without internal: true a load balancer faces the internet.`,
	Fix: `With internal true, give subnetMappings a privateIpv4Address or no address. Otherwise give
them an allocationId or no address. Set either subnets or subnetMappings.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{noSubnets, internalElasticIP, publicPrivateAddress},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html",
	},
	Tags:      []string{"network-load-balancer", "network"},
	FormerIDs: []string{"nlb-address-args"},
	Check:     checkLoadBalancerSubnetAddresses,
}

var (
	noSubnets = &rule.Defect{
		ID:      "no-subnets",
		Summary: "A network load balancer has no subnets.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "ValidationError".`,
	}
	internalElasticIP = &rule.Defect{
		ID:      "internal-elastic-ip",
		Summary: "An internal network load balancer has an Elastic IP.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "InvalidConfigurationRequest".`,
	}
	publicPrivateAddress = &rule.Defect{
		ID:      "public-private-address",
		Summary: "A network load balancer that faces the internet has a private address that the program chose.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "InvalidConfigurationRequest".`,
	}
)

func checkLoadBalancerSubnetAddresses(s *model.Stack, r *rule.Report) {
	for _, lb := range s.LoadBalancers {
		network := lb.IsNetwork()
		if network == model.False {
			continue
		}
		at := lb.At("subnetMappings")
		r.Judge(lb.Origin,
			noSubnets.If(network.And(rule.HasAny(lb.Subnets).Not()), at,
				"%s has neither subnets nor subnetMappings; want one of them", lb.Name),
			internalElasticIP.If(network.And(lb.Internal.Equals(true)).And(lb.HasElasticIP()), at,
				"%s is internal and has an allocationId; want no Elastic IP, or internal false", lb.Name),
			publicPrivateAddress.If(network.And(lb.Internal.Equals(false)).And(hasPrivateAddress(lb)), at,
				"%s faces the internet and has a privateIpv4Address; want internal true, or no private address",
				lb.Name),
		)
	}
}

// hasPrivateAddress asks whether the program chooses the private address of a
// node.
func hasPrivateAddress(lb *model.LoadBalancer) model.Truth {
	has := model.TruthOf(lb.NodesComplete).Not().AtMostMaybe()
	for _, n := range lb.Nodes {
		has = has.Or(rule.Unset(n.IPv4).Not())
	}
	return has
}

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
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html",
	},
	Tags:      []string{"network-load-balancer", "network"},
	FormerIDs: []string{"nlb-address-args"},
	Check:     checkLoadBalancerSubnetAddresses,
}

func checkLoadBalancerSubnetAddresses(s *model.Stack, r *rule.Report) {
	for _, lb := range s.LoadBalancers {
		network := lb.IsNetwork()
		if network == model.False {
			continue
		}
		at := lb.At("subnetMappings")
		r.Judge(lb.Origin,
			rule.FaultIf(network.And(rule.HasAny(lb.Subnets).Not()), at,
				"%s has neither subnets nor subnetMappings; want one of them", lb.Name),
			rule.FaultIf(network.And(lb.Internal.Equals(true)).And(lb.HasElasticIP()), at,
				"%s is internal and has an allocationId; want no Elastic IP, or internal false", lb.Name),
			rule.FaultIf(network.And(lb.Internal.Equals(false)).And(hasPrivateAddress(lb)), at,
				"%s faces the internet and has a privateIpv4Address; want internal true, or no private address",
				lb.Name),
		)
	}
}

func hasPrivateAddress(lb *model.LoadBalancer) model.Truth {
	has := model.TruthOf(lb.NodesComplete).Not().AtMostMaybe()
	for _, n := range lb.Nodes {
		has = has.Or(rule.Unset(n.IPv4).Not())
	}
	return has
}

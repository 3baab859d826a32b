package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerDualstackSubnets = &rule.Rule{
	ID:    "load-balancer-dualstack-subnets",
	Title: "A dualstack load balancer has subnets with IPv6",
	Why: `A dualstack load balancer has an IPv6 address in each of its subnets, so each needs an
IPv6 range. AWS refuses to create one without: "You must specify subnets with an
associated IPv6 CIDR block."`,
	Fix: `Give the VPC an IPv6 range (assignGeneratedIpv6CidrBlock) and each of the subnets a /64
of it (ipv6CidrBlock), or set ipAddressType "ipv4".`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-ip-address-type.html",
		"https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/4852",
	},
	Tags:  []string{"load-balancer", "ipv6"},
	Check: checkLoadBalancerDualstackSubnets,
}

func checkLoadBalancerDualstackSubnets(s *model.Stack, r *rule.Report) {
	for _, lb := range s.LoadBalancers {
		dualstack := isDualstack(lb)
		if dualstack == model.False {
			continue
		}
		lacking := dualstack.And(lb.Subnets.Any(lacksIPv6))
		r.Judge(lb.Origin, rule.FaultIf(lacking, lb.At("ipAddressType"), "%s is dualstack, and these subnets of it have no IPv6 range: %s; want an ipv6CidrBlock for each", lb.Name, lackingIPv6(lb)))
	}
}

// isDualstack asks whether a load balancer has IPv6, beside IPv4 or, as an
// application load balancer may, instead of public IPv4.
func isDualstack(lb *model.LoadBalancer) model.Truth {
	kind, known := lb.Addresses.Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(strings.HasPrefix(string(kind), "dualstack"))
}

func lacksIPv6(subnet model.Ref[model.Subnet]) model.Truth {
	return subnet.Ask(func(s *model.Subnet) model.Truth { return rule.Unset(s.Range6) })
}

// lackingIPv6 lists the subnets without IPv6 for messages.
func lackingIPv6(lb *model.LoadBalancer) string {
	var names []string
	for _, subnet := range lb.Subnets.Items {
		if lacksIPv6(subnet) != model.True {
			continue
		}
		for _, c := range subnet.Candidates {
			names = append(names, c.Name)
		}
	}
	return rule.List(names)
}

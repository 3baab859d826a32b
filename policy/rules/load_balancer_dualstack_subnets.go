package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerDualstackSubnets = &rule.Rule{
	ID:    "load-balancer-dualstack-subnets",
	Title: "Each subnet of a dualstack load balancer has an IPv6 range",
	Why: `A dualstack load balancer has an IPv6 address in each of its subnets, so each subnet needs
an IPv6 range. Otherwise AWS refuses to create it: "You must specify subnets with an
associated IPv6 CIDR block."`,
	Fix: `Give the VPC an IPv6 range (assignGeneratedIpv6CidrBlock) and each of the subnets a /64
of it (ipv6CidrBlock), or set ipAddressType "ipv4".`,
	Severity: rule.High,
	Defects:  []*rule.Defect{subnetWithoutIPv6},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-ip-address-type.html",
		"https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/4852",
	},
	Tags:      []string{"load-balancer", "ipv6"},
	FormerIDs: []string{"nlb-dualstack-ipv6"},
	Check:     checkLoadBalancerDualstackSubnets,
}

var subnetWithoutIPv6 = &rule.Defect{
	ID:      "subnet-without-ipv6",
	Summary: "A dualstack load balancer has a subnet without an IPv6 range.",
	Outcome: rule.Refused,
	Effect:  `AWS refuses it: "You must specify subnets with an associated IPv6 CIDR block".`,
}

func checkLoadBalancerDualstackSubnets(s *model.Stack, r *rule.Report) {
	for _, lb := range s.LoadBalancers {
		dualstack := lb.IsDualstack()
		if dualstack == model.False {
			continue
		}
		r.Judge(lb.Origin, subnetWithoutIPv6.If(dualstack.And(lb.Subnets.Any(lacksIPv6)), lb.At("ipAddressType"),
			"%s is dualstack, and these of its subnets have no IPv6 range: %s; want an ipv6CidrBlock for each",
			lb.Name, subnetsWithoutIPv6(lb)))
	}
}

// lacksIPv6 asks whether a subnet has no IPv6 range.
func lacksIPv6(subnet model.Ref[model.Subnet]) model.Truth {
	return subnet.Ask(func(s *model.Subnet) model.Truth { return rule.Unset(s.Range6) })
}

// subnetsWithoutIPv6 lists the subnets without IPv6 for messages.
func subnetsWithoutIPv6(lb *model.LoadBalancer) string {
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

package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerElasticIPs = &rule.Rule{
	ID:    "load-balancer-elastic-ips",
	Title: "A load balancer that brings the internet to a private API has Elastic IPs",
	Why: `Clients of such a front often have its addresses in an allow-list: that they stay is a
reason to build it. Addresses that AWS chose for a network load balancer go with it. Many
changes replace it, and after that clients behind an allow-list see connections time out.`,
	Fix: `Give each of its subnetMappings the allocationId of an aws.ec2.Eip. A change from
addresses of AWS's choice replaces the load balancer once.`,
	Severity: rule.Low,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/17281",
	},
	Tags:  []string{"network-load-balancer", "vpc-endpoint"},
	Check: checkLoadBalancerElasticIPs,
}

func checkLoadBalancerElasticIPs(s *model.Stack, r *rule.Report) {
	for _, front := range s.Fronts() {
		lb := front.LoadBalancer
		public := front.Certain.And(front.Endpoint.IsExecuteAPI()).And(lb.IsNetwork()).And(lb.Internal.Equals(false))
		if public == model.False {
			continue
		}
		r.Judge(lb.Origin, rule.FaultIf(public.And(lacksElasticIP(lb)), lb.At("subnetMappings"), "%s faces the internet in front of endpoint %s, at addresses of AWS's choice; want an allocationId in each of its subnetMappings",
			lb.Name, front.Endpoint.Name))
	}
}

// lacksElasticIP asks whether a node has an address of AWS's choice.
func lacksElasticIP(lb *model.LoadBalancer) model.Truth {
	lacks := model.TruthOf(lb.NodesComplete && len(lb.Nodes) == 0)
	for _, n := range lb.Nodes {
		named := model.TruthOf(len(n.ElasticIP.Candidates) > 0)
		lacks = lacks.Or(rule.Unset(n.ElasticIP.Value).And(named.Not()))
	}
	return lacks.OrMaybeIf(!lb.NodesComplete)
}

package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerElasticIPs = &rule.Rule{
	ID:    "load-balancer-elastic-ips",
	Title: "A load balancer between the internet and a private API has Elastic IPs",
	Why: `Clients often put the addresses of such a load balancer into an allow-list. Addresses that
AWS chose for a network load balancer disappear with it. Many changes replace it, and then
clients behind an allow-list see connections time out.`,
	Fix: `Give each of its subnetMappings the allocationId of an aws.ec2.Eip. A change from
addresses that AWS chose replaces the load balancer once.`,
	Severity: rule.Low,
	Defects:  []*rule.Defect{addressesOfAWS},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/17281",
	},
	Tags:      []string{"network-load-balancer", "vpc-endpoint"},
	FormerIDs: []string{"nlb-public-eip"},
	Check:     checkLoadBalancerElasticIPs,
}

var addressesOfAWS = &rule.Defect{
	ID:      "no-elastic-ip",
	Summary: "AWS chose the addresses of a public network load balancer in front of a private API.",
	Outcome: rule.Risky,
	Effect:  "Clients connect until the load balancer is replaced. Then it has other addresses.",
}

func checkLoadBalancerElasticIPs(s *model.Stack, r *rule.Report) {
	for _, front := range s.Fronts() {
		lb := front.LoadBalancer
		facesInternet := lb.IsNetwork().And(lb.Internal.Equals(false))
		subject := front.Certain.And(front.Endpoint.IsExecuteAPI()).And(facesInternet)
		if subject == model.False {
			continue
		}
		r.Judge(lb.Origin, addressesOfAWS.If(subject.And(lacksElasticIP(lb)), lb.At("subnetMappings"),
			"%s faces the internet in front of endpoint %s, at addresses that AWS chose; "+
				"want an allocationId in each of its subnetMappings", lb.Name, front.Endpoint.Name))
	}
}

// lacksElasticIP asks whether a node has an address that AWS chose.
func lacksElasticIP(lb *model.LoadBalancer) model.Truth {
	lacks := model.TruthOf(lb.NodesComplete && len(lb.Nodes) == 0)
	for _, n := range lb.Nodes {
		named := model.TruthOf(len(n.ElasticIP.Candidates) > 0)
		lacks = lacks.Or(rule.Unset(n.ElasticIP.Value).And(named.Not()))
	}
	return lacks.OrMaybeIf(!lb.NodesComplete)
}

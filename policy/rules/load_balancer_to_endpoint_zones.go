package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerToEndpointZones = &rule.Rule{
	ID:    "load-balancer-to-endpoint-zones",
	Title: "A network load balancer has the same zones as the endpoint behind it, or cross-zone load balancing",
	Why: `A node of a network load balancer sends traffic only to targets in its own zone, unless
cross-zone load balancing is on. A node in a zone without a target answers nothing. Clients
that resolve the name to its address see connections time out, one in two or one in three.
A target in a zone without a node is never used.`,
	Fix: `Give the load balancer and the endpoint subnets in the same zones, and register the
endpoint's address of each zone. Or turn cross-zone load balancing on, for the load
balancer (enableCrossZoneLoadBalancing) or the target group
(loadBalancingCrossZoneEnabled).`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html",
	},
	Tags:      []string{"network-load-balancer", "vpc-endpoint", "availability"},
	FormerIDs: []string{"nlb-vpce-az-align"},
	Check:     checkLoadBalancerToEndpointZones,
}

func checkLoadBalancerToEndpointZones(s *model.Stack, r *rule.Report) {
	for _, front := range s.Fronts() {
		lb := front.LoadBalancer
		network := lb.IsNetwork()
		if network == model.False {
			continue
		}
		nodes, targets := model.ZonesOf(lb.Subnets), model.ZonesOf(front.TargetSubnets())
		aligned := nodes.Same(targets).Or(front.CrossZone()).Or(hasTargetForAllZones(front))
		r.Judge(lb.Origin, rule.FaultIf(network.And(front.Certain).And(aligned.Not()), lb.Origin,
			"%s has these zones: %s; its targets in %s, addresses of endpoint %s, have these: %s; "+
				"want the same zones, or cross-zone load balancing on",
			lb.Name, nodes, front.TargetGroup.Name, front.Endpoint.Name, targets))
	}
}

// hasTargetForAllZones asks whether a target is registered for the nodes of every
// zone. AWS accepts that only for a target outside of the load balancer's
// network, which is another rule's concern.
func hasTargetForAllZones(front model.Front) model.Truth {
	has := model.False
	for _, t := range front.Targets {
		has = has.Or(t.Zone.Equals(model.AllZones))
	}
	return has
}

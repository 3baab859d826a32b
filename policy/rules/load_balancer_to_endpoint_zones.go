package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerToEndpointZones = &rule.Rule{
	ID:    "load-balancer-to-endpoint-zones",
	Title: "A network load balancer has the zones of the endpoint behind it",
	Why: `A node of a network load balancer sends traffic to targets in its own zone only,
unless cross-zone load balancing is on. A zone without a target answers nothing:
clients that resolve the name to that zone's address see connections time out, one
in two or one in three. A target in a zone that the load balancer lacks is never used.`,
	Fix: `Give the load balancer and the endpoint subnets in the same zones and register the
endpoint's address of each zone, or turn cross-zone load balancing on at the load
balancer (enableCrossZoneLoadBalancing) or the target group
(loadBalancingCrossZoneEnabled).`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html",
	},
	Tags:  []string{"network-load-balancer", "vpc-endpoint", "availability"},
	Check: checkLoadBalancerToEndpointZones,
}

func checkLoadBalancerToEndpointZones(s *model.Stack, r *rule.Report) {
	for _, front := range s.Fronts() {
		lb := front.LoadBalancer
		network := lb.IsNetwork()
		if network == model.False {
			continue
		}
		nodes, targets := model.ZonesOf(lb.Subnets), model.ZonesOf(front.TargetSubnets())
		aligned := nodes.Same(targets).Or(front.CrossZone()).Or(reachesAllZones(front))
		switch {
		case aligned == model.True:
			r.Pass(lb.Origin)
		case aligned.Not().And(front.Certain).And(network) == model.True:
			r.Violation(lb.Origin, "%s has these zones: %s; its targets in %s, addresses of endpoint %s, have these: %s; "+
				"want the same zones, or cross-zone load balancing on", lb.Name, nodes, front.TargetGroup.Name, front.Endpoint.Name, targets)
		default:
			r.Unknown(lb.Origin, "%s: its zones (%s) and those of endpoint %s (%s) cannot be compared yet",
				lb.Name, nodes, front.Endpoint.Name, targets)
		}
	}
}

// reachesAllZones asks whether a target outside of the load balancer's network
// is registered for the nodes of every zone. For one inside AWS refuses that, as
// another rule says.
func reachesAllZones(front model.Front) model.Truth {
	reaches := model.False
	for _, t := range front.Targets {
		reaches = reaches.Or(t.Zone.Equals(model.AllZones))
	}
	return reaches
}

package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerToEndpointZones = &rule.Rule{
	ID:    "load-balancer-to-endpoint-zones",
	Title: "A network load balancer has the same zones as the endpoint behind it, or cross-zone load balancing",
	Why: `A node of a network load balancer sends traffic only to targets in its own zone, unless
cross-zone load balancing is on. A node in a zone without a target answers nothing. AWS takes
its address out of the load balancer's DNS name, but a client that has the address in an
allow-list, in its own DNS or in a cache sees connections time out, one in two or one in
three. A target in a zone without a node is never used, and does not help if another zone
fails. Nodes in several zones do not help either if all targets are in one of them.`,
	Fix: `Give the load balancer and the endpoint subnets in the same zones, and register the
endpoint's address of each zone. Or turn cross-zone load balancing on, for the load
balancer (enableCrossZoneLoadBalancing) or the target group
(loadBalancingCrossZoneEnabled).`,
	Severity: rule.High,
	Defects: []*rule.Defect{
		noCommonZone, fixedNodeWithoutTarget, nodeWithoutTarget, targetWithoutNode, targetsInOneZone,
	},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html",
		"https://repost.aws/knowledge-center/elb-dns-cross-zone-balance-configuration",
	},
	Tags:      []string{"network-load-balancer", "vpc-endpoint", "availability"},
	FormerIDs: []string{"nlb-vpce-az-align"},
	Check:     checkLoadBalancerToEndpointZones,
}

var (
	noCommonZone = &rule.Defect{
		ID:      "no-common-zone",
		Summary: "No zone has a node and a target, and cross-zone load balancing is off.",
		Outcome: rule.Broken,
		Effect:  "No node has a target to which it may send traffic, and connections time out.",
	}
	fixedNodeWithoutTarget = &rule.Defect{
		ID:      "fixed-node-without-target",
		Summary: "A node has a fixed address and no target in its zone, and cross-zone load balancing is off.",
		Outcome: rule.Risky,
		Effect:  "AWS takes the address out of DNS. Clients that write fixed addresses down see connections time out.",
	}
	nodeWithoutTarget = &rule.Defect{
		ID:      "node-without-target",
		Summary: "A node has no target in its zone, and cross-zone load balancing is off.",
		Outcome: rule.Risky,
		Effect:  "AWS takes the node's address out of DNS. Clients that still have it see connections time out.",
	}
	targetWithoutNode = &rule.Defect{
		ID:      "target-without-node",
		Summary: "A target is in a zone without a node, and cross-zone load balancing is off.",
		Outcome: rule.Risky,
		Effect:  "The target gets no traffic. If the other zones fail, the load balancer fails, too.",
	}
	targetsInOneZone = &rule.Defect{
		ID:      "targets-in-one-zone",
		Summary: "Nodes in several zones use the endpoint's address in one zone, and the endpoint has others.",
		Outcome: rule.Risky,
		Effect:  "If the zone of the target fails, no node has a target, and connections time out.",
	}
)

func checkLoadBalancerToEndpointZones(s *model.Stack, r *rule.Report) {
	for _, front := range s.Fronts() {
		if front.LoadBalancer.IsNetwork() != model.False {
			r.Judge(front.LoadBalancer.Origin, zoneFaults(front)...)
		}
	}
}

// zoneFaults returns what is wrong with the zones of a network load balancer and
// of its targets.
func zoneFaults(front model.Front) []rule.Fault {
	const message = "%s has these zones: %s; its targets in %s, addresses of endpoint %s, have these: %s; " +
		"want the same zones, or cross-zone load balancing on"
	lb := front.LoadBalancer
	nodes, targets := model.ZonesOf(lb.Subnets), model.ZonesOf(front.TargetSubnets())
	zonal := lb.IsNetwork().And(front.Certain).And(front.CrossZone().Or(hasTargetForAllZones(front)).Not())
	apart, inTargets := nodes.Apart(targets), nodes.Within(targets)
	idle := zonal.And(inTargets.Not()).And(model.TruthOf(apart != model.True))
	fixed := model.TruthOf(lb.HasElasticIP().Or(hasPrivateAddress(lb)) == model.True)
	unused := zonal.And(targets.Within(nodes).Not()).And(model.TruthOf(inTargets != model.False))
	everywhere := lb.IsNetwork().And(front.Certain).And(front.CrossZone().Or(hasTargetForAllZones(front)))
	one := nodes.AtLeast(2).And(targets.AtLeast(2).Not())
	has := model.ZonesOf(front.Endpoint.Subnets).AtLeast(2)
	words := []any{lb.Name, nodes, front.TargetGroup.Name, front.Endpoint.Name, targets}
	return []rule.Fault{
		noCommonZone.If(zonal.And(apart), lb.Origin, message, words...),
		fixedNodeWithoutTarget.If(idle.And(fixed), lb.Origin, message, words...),
		nodeWithoutTarget.If(idle.And(fixed.Not()), lb.Origin, message, words...),
		targetWithoutNode.If(unused, lb.Origin, message, words...),
		targetsInOneZone.If(everywhere.And(one).And(has), lb.Origin,
			"%s has these zones: %s; its targets in %s, addresses of endpoint %s, have only these: %s; "+
				"want the endpoint's address of each zone", words...),
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

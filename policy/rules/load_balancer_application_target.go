package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerApplicationTarget = &rule.Rule{
	ID:    "load-balancer-application-target",
	Title: "An application load balancer becomes a target after its listener on that port exists, over TCP",
	Why: `A target group of type alb takes an application load balancer only if that has a listener on
the port of the target: "If the target type is ALB, the target must have at least one
listener that matches the target group port or any specified port overrides". The target and
the listener do not depend on each other, so Pulumi creates them at the same time, and the
update fails now and then. The group, and the listener in front of it, have protocol TCP.`,
	Fix: `Let the target group attachment depend on the application load balancer's listener
(dependsOn), on the same port. Set protocol "TCP" on the target group and on the listener of
the network load balancer.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{noListenerForTarget, listenerAfterTarget, groupNotTCP, listenerNotTCP},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/38987",
		"https://github.com/hashicorp/terraform-provider-aws/issues/21558",
	},
	Tags:  []string{"load-balancer"},
	Check: checkLoadBalancerApplicationTarget,
}

var (
	noListenerForTarget = &rule.Defect{
		ID:      "no-listener",
		Summary: "An application load balancer is a target on a port on which it does not listen.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "the target must have at least one listener that matches the target group port".`,
	}
	listenerAfterTarget = &rule.Defect{
		ID:      "listener-not-first",
		Summary: "An application load balancer becomes a target, and nothing says that its listener comes first.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "the target must have at least one listener that matches the target group port".`,
	}
	groupNotTCP = &rule.Defect{
		ID:      "target-group-protocol",
		Summary: "A target group of type alb has another protocol than TCP.",
		Outcome: rule.Refused,
		Effect:  "AWS creates such a group with protocol TCP only.",
	}
	listenerNotTCP = &rule.Defect{
		ID:      "listener-protocol",
		Summary: "A listener with another protocol than TCP forwards to a target group of type alb.",
		Outcome: rule.Refused,
		Effect:  "AWS lets only TCP listeners forward to such a group.",
	}
)

func checkLoadBalancerApplicationTarget(s *model.Stack, r *rule.Report) {
	for _, t := range s.Targets {
		if isALB := t.TargetGroup.Ask(takesBalancers); isALB != model.False {
			r.Judge(t.Origin, targetFaults(s, t, isALB)...)
		}
	}
	for _, tg := range s.TargetGroups {
		if isALB := takesBalancers(tg); isALB != model.False {
			r.Judge(tg.Origin, protocolFaults(s, tg, isALB)...)
		}
	}
}

// protocolFaults returns what is wrong with the protocols of a target group and of
// the listeners in front of it.
func protocolFaults(s *model.Stack, tg *model.TargetGroup, isALB model.Truth) []rule.Fault {
	protocol, _ := tg.Protocol.Get()
	faults := []rule.Fault{groupNotTCP.If(isALB.And(tg.Protocol.Equals(model.ProtocolTCP).Not()), tg.At("protocol"),
		"%s has target type alb and protocol %q; want \"TCP\"", tg.Name, protocol)}
	for _, l := range s.Listeners {
		protocol, _ := l.Protocol.Get()
		wrong := isALB.And(l.ForwardsTo(tg)).And(l.Protocol.Equals(model.ProtocolTCP).Not())
		faults = append(faults, listenerNotTCP.If(wrong, l.At("protocol"),
			"%s has protocol %q and forwards to %s, of target type alb; want \"TCP\"", l.Name, protocol, tg.Name))
	}
	return faults
}

// takesBalancers asks whether the targets of a group are application load
// balancers.
func takesBalancers(tg *model.TargetGroup) model.Truth { return tg.TargetType.Equals(model.TargetALB) }

// targetFaults returns what is wrong with an application load balancer as a
// target. If it exists already, so may its listeners, also those of other stacks.
func targetFaults(s *model.Stack, t *model.Target, isALB model.Truth) []rule.Fault {
	lb, certain := t.LoadBalancer.Sole()
	switch {
	case !t.Address.IsUnknown():
		return nil
	case !certain:
		return []rule.Fault{noListenerForTarget.If(isALB.AtMostMaybe(), t.At("targetId"),
			"%s registers a load balancer before its listener exists", t.Name)}
	}
	listens, first := listenersFor(s, t, lb)
	port := "the target's port"
	if group, sole := t.TargetGroup.Sole(); sole {
		port = "port " + rule.Number(t.PortIn(group))
	}
	return []rule.Fault{
		noListenerForTarget.If(isALB.And(listens.Not()), t.At("targetId"),
			"%s registers %s, which has no listener on %s; want a listener on that port", t.Name, lb.Name, port),
		listenerAfterTarget.If(isALB.And(listens).And(first.Not()), t.At("targetId"),
			"%s registers %s without waiting for its listener on %s; want dependsOn with that listener", t.Name,
			lb.Name, port),
	}
}

// listenersFor asks whether a load balancer listens on the port on which it is a
// target, and whether the target waits for such a listener.
func listenersFor(s *model.Stack, t *model.Target, lb *model.LoadBalancer) (listens, first model.Truth) {
	listens, first = model.False, model.False
	past := s.Before(t.Origin)
	for _, l := range s.Listeners {
		on := l.LoadBalancer.Names(lb)
		if on == model.False {
			continue
		}
		on = on.And(t.TargetGroup.Ask(func(tg *model.TargetGroup) model.Truth { return t.PortIn(tg).Same(l.Port) }))
		listens = listens.Or(on)
		first = first.Or(on.And(model.TruthOf(past.Includes(l.Origin))))
	}
	return listens, first
}

package rules

import (
	"slices"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerMultipleZones = &rule.Rule{
	ID:    "load-balancer-multiple-zones",
	Title: "A load balancer has subnets in at least two zones, and so have its servers",
	Why: `AWS refuses an application load balancer with subnets in a single Availability Zone:
"At least two subnets in two different Availability Zones must be specified". It accepts a
network load balancer in a single zone. If that zone fails, nobody reaches what is behind the
load balancer. The rule judges all application load balancers. It judges network load balancers
only behind a VPC link or an endpoint service, or in front of an endpoint. Subnets in Local
Zones, in Wavelength Zones and on Outposts are exempt.

Several zones of the load balancer do not help if all its servers are in one of them. The rule
judges the servers of the same load balancers, and of the application load balancers behind them.
It says nothing about servers that the stack does not create.`,
	Fix:      `Give it a subnet in each of at least two zones, and register a server in each of them.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{applicationInOneZone, networkInOneZone, serversInOneZone},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/15145",
	},
	Tags:  []string{"load-balancer", "availability"},
	Check: checkLoadBalancerMultipleZones,
}

var (
	applicationInOneZone = &rule.Defect{
		ID:      "application",
		Summary: "An application load balancer has subnets in a single zone.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "At least two subnets in two different Availability Zones must be specified".`,
	}
	networkInOneZone = &rule.Defect{
		ID:      "network",
		Summary: "A network load balancer on the way to or from an API has subnets in a single zone.",
		Outcome: rule.Risky,
		Effect:  "It works until that zone fails.",
	}
	serversInOneZone = &rule.Defect{
		ID:      "servers",
		Summary: "A load balancer on the way to or from an API has several zones, and all its servers are in one.",
		Outcome: rule.Risky,
		Effect:  "It works until that zone, or the only server, fails.",
	}
)

func checkLoadBalancerMultipleZones(s *model.Stack, r *rule.Report) {
	serving, forwardings := balancersOfAPIs(s), s.Forwardings()
	behind, inOneZone := balancersBehind(s, forwardings, serving), findSingleZones(s)
	for _, lb := range s.LoadBalancers {
		application := lb.Type.Equals(model.LoadBalancerApplication)
		network := lb.IsNetwork().And(orFalse(serving, lb))
		if application.Or(network) == model.False {
			continue
		}
		zones := model.ZonesOf(lb.Subnets)
		single := zones.AtLeast(2).Not()
		at := lb.At("subnets")
		faults := []rule.Fault{
			applicationInOneZone.If(application.And(single).And(areRegional(lb.Subnets)), at,
				"%s is an application load balancer, and its subnets are in these zones only: %s; want two zones",
				lb.Name, zones),
			networkInOneZone.If(network.And(single), at,
				"%s: its subnets are in these zones only: %s; want two zones", lb.Name, zones),
		}
		// AWS takes one subnet of each zone only, so two subnets are two zones.
		several := model.TruthOf(len(lb.Subnets.Items) > 1).Or(single.Not())
		if used := network.Or(orFalse(behind, lb)).And(several); used != model.False {
			faults = append(faults, inOneZone.faults(forwardings, lb, used)...)
		}
		r.Judge(lb.Origin, faults...)
	}
}

// balancersBehind returns the load balancers that others have, or may have, as targets: themselves, or by an address.
func balancersBehind(
	s *model.Stack, all *model.Forwardings, others map[*model.LoadBalancer]model.Truth,
) map[*model.LoadBalancer]model.Truth {
	received, open := map[*model.TargetGroup]model.Truth{}, false
	for other, is := range others {
		for _, f := range all.Of(other) {
			if open = open || f.TargetGroup == nil; f.TargetGroup != nil {
				received[f.TargetGroup] = orFalse(received, f.TargetGroup).Or(is.And(f.Certain))
			}
		}
	}
	behind := map[*model.LoadBalancer]model.Truth{}
	if len(received) == 0 && !open {
		return behind
	}
	for _, t := range s.Targets {
		in := model.False.OrMaybeIf(t.TargetGroup.Open)
		for _, tg := range t.TargetGroup.Candidates {
			in = in.Or(t.TargetGroup.Names(tg).And(orFalse(received, tg)))
		}
		candidates := slices.Concat(t.AddressOf.Candidates, t.LoadBalancer.Candidates)
		for _, lb := range candidates {
			leads := t.AddressOf.Names(lb).Or(t.LoadBalancer.Names(lb))
			behind[lb] = orFalse(behind, lb).Or(in.And(leads))
		}
		_, isInstance := t.Instance.Sole()
		open = open || in != model.False && t.Address.IsUnknown() && !isInstance && len(candidates) == 0
	}
	if open {
		for _, lb := range s.LoadBalancers {
			behind[lb] = orFalse(behind, lb).Or(model.Maybe)
		}
	}
	return behind
}

// singleZones are the answers for all target groups whether their targets are in one zone.
type singleZones struct {
	of    map[*model.TargetGroup]model.Truth
	first *model.TargetGroup // The first group for which it is not False.
}

func findSingleZones(s *model.Stack) singleZones {
	members, maybe := map[*model.TargetGroup][]*model.Target{}, map[*model.TargetGroup]bool{}
	loose := false // Whether a target may be in any group.
	for _, t := range s.Targets {
		if tg, certain := t.TargetGroup.Sole(); certain {
			members[tg] = append(members[tg], t)
			continue
		}
		for _, tg := range t.TargetGroup.Candidates {
			maybe[tg] = true
		}
		loose = loose || t.TargetGroup.Open && t.TargetGroup.Value.IsUnknown()
	}
	zones := singleZones{of: map[*model.TargetGroup]model.Truth{}}
	for _, tg := range s.TargetGroups {
		single, more := shareZone(members[tg]), loose || maybe[tg]
		if len(members[tg]) == 0 {
			single = model.TruthOf(more)
		}
		if more { // The others may be in the group, and in another zone.
			single = single.AtMostMaybe()
		}
		zones.of[tg] = single.And(tg.HasOthers().Not())
		if zones.first == nil && zones.of[tg] != model.False {
			zones.first = tg
		}
	}
	return zones
}

// faults returns a fault for each target group of a load balancer whose servers are in one zone, and at most one for a
// group of which that is not known. If it is not known which group a listener has, the first such group may be it.
func (z singleZones) faults(all *model.Forwardings, lb *model.LoadBalancer, used model.Truth) []rule.Fault {
	var faults []rule.Fault
	unsure := false
	add := func(tg *model.TargetGroup, single model.Truth) {
		if single == model.False || single == model.Maybe && unsure {
			return
		}
		unsure = unsure || single == model.Maybe
		faults = append(faults, serversInOneZone.If(single, tg.Origin,
			"%s has several zones, and all targets of its target group %s are in one zone; want targets in two zones",
			lb.Name, tg.Name))
	}
	for _, f := range all.Of(lb) {
		switch {
		case f.TargetGroup != nil:
			add(f.TargetGroup, used.And(f.Certain).And(z.of[f.TargetGroup]))
		case z.first != nil:
			add(z.first, used.AtMostMaybe())
		}
	}
	return faults
}

// shareZone asks whether targets are in one zone. They are not, as far as the rule cares, if one of them is neither a
// server of the stack nor an address of such a load balancer.
func shareZone(targets []*model.Target) model.Truth {
	instances, addresses := map[*model.Instance]bool{}, map[model.Known[string]]bool{}
	var subnets model.Refs[model.Subnet]
	known := model.True
	for _, t := range targets {
		instance, isInstance := t.Instance.Sole()
		_, isAddress := t.AddressOf.Sole()
		switch {
		case isInstance && !instances[instance]:
			instances[instance] = true
			subnets.Items = append(subnets.Items, instance.Subnet)
		case isInstance:
		case isAddress:
			addresses[t.Address] = true
		default:
			known = known.And(model.False.OrMaybeIf(t.Address.IsUnknown()))
		}
	}
	switch {
	case len(instances) > 0 && len(addresses) == 0:
		return known.And(model.ZonesOf(subnets).AtLeast(2).Not())
	case len(addresses) == 1 && len(instances) == 0: // Unknown addresses of several targets probably differ.
		return known.And(model.TruthOf(len(targets) == 1).OrMaybeIf(addresses[model.Unknown[string]()]))
	case len(addresses) == 0:
		return known
	}
	return known.And(model.False.OrMaybeIf(addresses[model.Unknown[string]()]))
}

// areRegional asks whether all subnets are in Availability Zones of the region.
func areRegional(subnets model.Refs[model.Subnet]) model.Truth {
	return subnets.All(func(subnet model.Ref[model.Subnet]) model.Truth {
		return subnet.Ask(func(s *model.Subnet) model.Truth { return s.IsRegional })
	})
}

// balancersOfAPIs returns the load balancers behind a VPC link or an endpoint
// service, and those in front of an endpoint.
func balancersOfAPIs(s *model.Stack) map[*model.LoadBalancer]model.Truth {
	serving := map[*model.LoadBalancer]model.Truth{}
	for _, front := range s.Fronts() {
		serving[front.LoadBalancer] = orFalse(serving, front.LoadBalancer).Or(front.Certain)
	}
	for _, link := range s.PrivateLinks() {
		for _, lb := range s.LoadBalancers {
			if serves := link.Serves(lb); serves != model.False {
				serving[lb] = orFalse(serving, lb).Or(serves)
			}
		}
	}
	return serving
}

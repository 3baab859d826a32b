package model

import (
	"slices"
	"sync"
)

// Front is a load balancer in front of an endpoint: one of its target groups
// holds addresses of the endpoint.
type Front struct {
	LoadBalancer *LoadBalancer
	TargetGroup  *TargetGroup
	Endpoint     *Endpoint
	// Targets are the targets that may be addresses of the endpoint.
	Targets []*Target
	// OtherTargets are the other targets that the target group has or may have.
	OtherTargets []*Target
	// Certain is Maybe if it is not known yet whether the load balancer forwards to the target group, or whether
	// the targets are the endpoint's addresses.
	Certain Truth
}

// CrossZone asks whether nodes send traffic to targets in other zones. The
// target group's setting overrides the load balancer's.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html
func (f Front) CrossZone() Truth {
	switch group := f.TargetGroup.CrossZone; {
	case group.IsUnknown():
		return Maybe
	case group.Is(CrossZoneOn):
		return True
	case group.Is(CrossZoneOff):
		return False
	}
	return f.LoadBalancer.CrossZone.Equals(true)
}

// TargetSubnets returns the subnets of the target group's targets. The subnet of a
// target that is not an address of the endpoint counts only if it is in a further
// zone.
func (f Front) TargetSubnets() Refs[Subnet] {
	subnets := f.endpointSubnets()
	for _, t := range f.OtherTargets {
		zones, add := ZonesOf(subnets), ZonesOf(Refs[Subnet]{Items: []Ref[Subnet]{t.Subnet}})
		switch {
		case zones.includes(add):
		case zones.certain() && add.certain() && t.TargetGroup.Names(f.TargetGroup) == True:
			subnets.Items = append(subnets.Items, t.Subnet)
		default:
			subnets = subnets.WithMaybe(t.Subnet)
		}
	}
	return subnets
}

// endpointSubnets returns the subnets in which the endpoint's addresses are targets.
func (f Front) endpointSubnets() Refs[Subnet] {
	var subnets Refs[Subnet]
	seen := map[string]bool{}
	for _, t := range f.Targets {
		address, known := t.Address.Get()
		switch {
		case known && seen[address]:
		case known && t.Endpoint.Names(f.Endpoint).And(t.TargetGroup.Names(f.TargetGroup)) == True:
			seen[address] = true
			subnets.Items = append(subnets.Items, t.Subnet)
		default:
			subnets = subnets.WithMaybe(t.Subnet)
		}
	}
	return subnets
}

// Fronts returns the load balancers that are, or may be, in front of endpoints.
// It looks for them once, so callers must not change the result.
func (s *Stack) Fronts() []Front {
	s.frontsOnce.Do(func() { s.fronts = sync.OnceValue(s.findFronts) })
	return s.fronts()
}

// findFronts returns what Fronts does.
func (s *Stack) findFronts() []Front {
	if s.hasTooManyFronts() {
		return s.unknownFronts()
	}
	balancers, registrations := s.balancers(), s.registrations()
	var fronts []Front
	for _, tg := range s.TargetGroups {
		for _, registered := range registrations[tg] {
			for _, b := range balancers[tg] {
				front := registered
				front.LoadBalancer, front.OtherTargets = b.balancer, s.otherTargets(front)
				front.Certain = front.Certain.And(b.forwards)
				fronts = append(fronts, front)
			}
		}
	}
	return fronts
}

// otherTargets returns the targets of a front's target group that are not in Targets.
func (s *Stack) otherTargets(f Front) []*Target {
	var others []*Target
	for _, t := range s.Targets {
		if t.TargetGroup.Names(f.TargetGroup) != False && !slices.Contains(f.Targets, t) {
			others = append(others, t)
		}
	}
	return others
}

// forwarder is a load balancer that may forward to a target group.
type forwarder struct {
	balancer *LoadBalancer
	forwards Truth
}

// balancers maps each target group to the load balancers that may forward to it.
func (s *Stack) balancers() map[*TargetGroup][]forwarder {
	found := map[*TargetGroup][]forwarder{}
	for _, l := range s.Listeners {
		for _, tg := range l.targetGroups(s.TargetGroups) {
			forwards := l.ForwardsTo(tg)
			for _, lb := range l.LoadBalancer.Among(s.LoadBalancers) {
				found[tg] = addForwarder(found[tg], forwarder{lb, forwards.And(l.LoadBalancer.Names(lb))})
			}
		}
	}
	return found
}

// addForwarder keeps one forwarder per load balancer, however many listeners it has.
func addForwarder(all []forwarder, f forwarder) []forwarder {
	for i := range all {
		if all[i].balancer == f.balancer {
			all[i].forwards = all[i].forwards.Or(f.forwards)
			return all
		}
	}
	return append(all, f)
}

// registrations maps each target group to the endpoints that may be its
// targets. The fronts that it returns have no load balancer yet.
func (s *Stack) registrations() map[*TargetGroup][]Front {
	found := map[*TargetGroup][]Front{}
	for _, t := range s.Targets {
		for _, tg := range t.TargetGroup.Among(s.TargetGroups) {
			for _, e := range t.Endpoint.Among(s.Endpoints) {
				held := tg.TakesAddresses().And(t.TargetGroup.Names(tg)).And(t.Endpoint.Names(e))
				if held != False {
					front := Front{TargetGroup: tg, Endpoint: e, Targets: []*Target{t}, Certain: held}
					found[tg] = addTarget(found[tg], front)
				}
			}
		}
	}
	return found
}

// addTarget keeps one front per endpoint, however many of its addresses are targets.
func addTarget(all []Front, f Front) []Front {
	for i := range all {
		if all[i].Endpoint == f.Endpoint {
			all[i].Targets = append(all[i].Targets, f.Targets...)
			all[i].Certain = all[i].Certain.Or(f.Certain)
			return all
		}
	}
	return append(all, f)
}

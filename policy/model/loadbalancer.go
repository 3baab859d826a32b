package model

import "slices"

// LoadBalancer is an application, network or gateway load balancer.
type LoadBalancer struct {
	Element
	// Type is network, application or gateway; AWS's default is application.
	Type Known[string]
	// Internal is false for one that faces the internet, which is the default.
	Internal Known[bool]
	// Addresses is ipv4 or dualstack; AWS's default is ipv4.
	Addresses Known[string]
	Subnets   Refs[Subnet]
	// Groups are its security groups. A network load balancer may have none.
	Groups    Refs[SecurityGroup]
	CrossZone Known[bool]
	// PrivateLinkRules is "on" or "off": whether connections from PrivateLink
	// have to pass its security groups. Absent, AWS's default is on.
	PrivateLinkRules Known[string]
}

// TypeNetwork is the type of a network load balancer.
const TypeNetwork = "network"

// TargetGroup is a target group.
type TargetGroup struct {
	Element
	VPC Ref[VPC]
	// TargetType is instance, ip, lambda or alb; AWS's default is instance.
	TargetType Known[string]
	Protocol   Known[string]
	Port       Known[int]
	// CrossZone is "true", "false" or "use_load_balancer_configuration".
	CrossZone Known[string]
}

// Listener forwards what a load balancer accepts on a port.
type Listener struct {
	Element
	LoadBalancer Ref[LoadBalancer]
	TargetGroups Refs[TargetGroup]
	// Protocol is TLS, TCP, UDP, TCP_UDP, HTTP or HTTPS.
	Protocol  Known[string]
	Port      Known[int]
	SSLPolicy Known[string]
	// ALPN is the policy of a TLS listener; AWS's default is None.
	ALPN        Known[string]
	Certificate Ref[Certificate] // The default one.
}

// Target is the registration of an address with a target group.
type Target struct {
	Element
	TargetGroup Ref[TargetGroup]
	Address     Known[string]
	// Zone is "all" for a target that the nodes of every zone use.
	Zone Known[string]
	// Endpoint is the endpoint that holds the address, and Subnet where.
	Endpoint Ref[Endpoint]
	Subnet   Ref[Subnet]
}

// AllZones is the zone of a target that the nodes of every zone use.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
const AllZones = "all"

// Front is a load balancer whose target group holds addresses of an endpoint.
type Front struct {
	LoadBalancer *LoadBalancer
	TargetGroup  *TargetGroup
	Endpoint     *Endpoint
	Targets      []*Target
	// Beside are the target group's other targets, as far as there may be some.
	Beside []*Target
	// Certain is Maybe where one of the links is not known yet.
	Certain Truth
}

// CrossZone asks whether nodes send traffic to targets in other zones. What the
// target group says outweighs what the load balancer says.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html
func (f Front) CrossZone() Truth {
	group, known := f.TargetGroup.CrossZone.Get()
	switch {
	case f.TargetGroup.CrossZone.IsUnknown():
		return Maybe
	case known && group == "true":
		return True
	case known && group == "false":
		return False
	}
	return f.LoadBalancer.CrossZone.Equals(true)
}

// TargetSubnets are the subnets of the target group's targets: of the endpoint's
// addresses and, if they are in other zones than these, of the others.
func (f Front) TargetSubnets() Refs[Subnet] {
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
	for _, t := range f.Beside {
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

// Fronts finds the load balancers in front of endpoints.
func (s *Stack) Fronts() []Front {
	if s.isVague() {
		return s.vagueFronts()
	}
	balancers, registrations := s.balancers(), s.registrations()
	var fronts []Front
	for _, tg := range s.TargetGroups {
		for _, registered := range registrations[tg] {
			for _, b := range balancers[tg] {
				front := registered
				front.LoadBalancer, front.Beside = b.balancer, s.beside(front)
				front.Certain = front.Certain.And(b.forwards)
				fronts = append(fronts, front)
			}
		}
	}
	return fronts
}

func (s *Stack) beside(f Front) []*Target {
	var others []*Target
	for _, t := range s.Targets {
		if t.TargetGroup.Names(f.TargetGroup) != False && !slices.Contains(f.Targets, t) {
			others = append(others, t)
		}
	}
	return others
}

type forwarder struct {
	balancer *LoadBalancer
	forwards Truth
}

// balancers maps each target group to the load balancers that may forward to it.
func (s *Stack) balancers() map[*TargetGroup][]forwarder {
	found := map[*TargetGroup][]forwarder{}
	for _, l := range s.Listeners {
		for _, tg := range l.targetGroups(s.TargetGroups) {
			forwards := l.TargetGroups.Any(func(r Ref[TargetGroup]) Truth { return r.Names(tg) })
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

func (l *Listener) targetGroups(all []*TargetGroup) []*TargetGroup {
	var found []*TargetGroup
	for _, ref := range l.TargetGroups.Items {
		found = append(found, ref.Among(all)...)
	}
	if l.TargetGroups.Rest != nil {
		found = append(found, l.TargetGroups.Rest.Among(all)...)
	}
	return found
}

// registrations maps each target group to the endpoints that may be its
// targets, as fronts that lack the load balancer.
func (s *Stack) registrations() map[*TargetGroup][]Front {
	found := map[*TargetGroup][]Front{}
	for _, t := range s.Targets {
		for _, tg := range t.TargetGroup.Among(s.TargetGroups) {
			for _, e := range t.Endpoint.Among(s.Endpoints) {
				held := t.TargetGroup.Names(tg).And(t.Endpoint.Names(e))
				found[tg] = addTarget(found[tg], Front{TargetGroup: tg, Endpoint: e, Targets: []*Target{t}, Certain: held})
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

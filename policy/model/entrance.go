package model

// FacesInternet asks whether clients on the internet can connect to a load
// balancer if its security groups let them: it is not internal, an accelerator
// leads to it, or it is a target of a network load balancer that faces the
// internet.
func (s *Stack) FacesInternet(lb *LoadBalancer) Truth {
	faces := s.facesDirectly(lb)
	for _, e := range s.outerListeners(lb) {
		if faces == True {
			break
		}
		faces = faces.Or(e.certain.And(e.listener.LoadBalancer.Ask(s.facesDirectly)))
	}
	return faces
}

// facesDirectly asks whether a load balancer is not internal, or an accelerator
// leads to it.
func (s *Stack) facesDirectly(lb *LoadBalancer) Truth {
	faces := lb.Internal.Equals(false)
	for _, a := range s.Accelerators {
		faces = faces.Or(a.LeadsTo(lb))
	}
	return faces
}

// AdmitsInternet asks whether everyone on the internet can connect to a port of a
// load balancer.
func (s *Stack) AdmitsInternet(lb *LoadBalancer, port Known[int]) Truth {
	admits := s.admitsDirectly(lb, port)
	for _, e := range s.outerListeners(lb) {
		if admits == True {
			break
		}
		admits = admits.Or(e.certain.And(e.port.Same(port)).And(s.admitsThrough(e.listener, lb, port)))
	}
	return admits
}

// admitsDirectly asks whether a load balancer itself faces the internet, and its
// security groups admit everyone on a port.
func (s *Stack) admitsDirectly(lb *LoadBalancer, port Known[int]) Truth {
	admits := s.admitsOn(lb, port, Source.IsEveryone)
	direct := lb.Internal.Equals(false).And(admits)
	for _, a := range s.Accelerators {
		// Without the clients' addresses, rules for the load balancer's own network let everyone in.
		let := admits.OrMaybeIf(a.PreservesClientIP != True)
		direct = direct.Or(a.LeadsTo(lb).And(let))
	}
	return direct
}

// admitsThrough asks whether everyone on the internet can connect to a port of an
// application load balancer through the listener of a network load balancer. The
// network load balancer keeps the clients' addresses, so rules may admit those. They
// may also admit its security groups.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
func (s *Stack) admitsThrough(outer *Listener, lb *LoadBalancer, port Known[int]) Truth {
	return outer.LoadBalancer.Ask(func(nlb *LoadBalancer) Truth {
		inner := s.admitsOn(lb, port, func(source Source) Truth {
			return source.IsEveryone().Or(nlb.Groups.Any(source.IsGroup))
		})
		return inner.And(s.admitsDirectly(nlb, outer.Port))
	})
}

// admitsOn asks whether a load balancer's security groups admit a port from a
// source for which the question is True. Without a group, a network load balancer
// admits everyone, and an application load balancer has the default group of its
// VPC, which the stack need not have.
func (s *Stack) admitsOn(lb *LoadBalancer, port Known[int], question func(Source) Truth) Truth {
	if lb.Groups.IsEmpty() {
		return lb.IsNetwork().OrMaybeIf(lb.Type.Is(LoadBalancerApplication))
	}
	number, known := port.Get()
	if !known {
		return Maybe
	}
	return s.Admits(lb.Groups, number, question)
}

// outerListener is a listener of a network load balancer that has an application
// load balancer as its target, on a port.
type outerListener struct {
	listener *Listener
	port     Known[int]
	certain  Truth
}

// maxOuterListeners limits how many listeners are looked at for one application
// load balancer. A stack has a few. More of them come from references that may
// mean anything.
const maxOuterListeners = 100

// outerListeners returns the listeners that lead, or may lead, to an application
// load balancer. It looks for them once.
func (s *Stack) outerListeners(lb *LoadBalancer) []outerListener {
	if found, done := s.outer.Load(lb); done {
		return found.([]outerListener)
	}
	found := s.findOuterListeners(lb)
	if len(found) > maxOuterListeners {
		unknown := &Listener{LoadBalancer: UnknownRef[LoadBalancer](), Port: Unknown[int]()}
		found = []outerListener{{unknown, Unknown[int](), Maybe}}
	}
	s.outer.Store(lb, found)
	return found
}

// findOuterListeners returns the listeners that lead, or may lead, to an
// application load balancer. It stops soon after it has found too many.
func (s *Stack) findOuterListeners(lb *LoadBalancer) []outerListener {
	var found []outerListener
	for _, t := range s.Targets {
		is := t.LoadBalancer.Names(lb)
		if is == False {
			continue
		}
		for _, tg := range t.TargetGroup.Among(s.TargetGroups) {
			holds := is.And(tg.TargetType.Equals(TargetALB)).And(t.TargetGroup.Names(tg))
			if holds == False {
				continue
			}
			for _, l := range s.Listeners {
				if certain := holds.And(l.ForwardsTo(tg)); certain != False {
					found = append(found, outerListener{l, t.PortIn(tg), certain})
				}
			}
			if len(found) > maxOuterListeners {
				return found
			}
		}
	}
	return found
}

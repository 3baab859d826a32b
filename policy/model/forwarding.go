package model

// Forwarding is one of the ways that connections take through a load balancer.
type Forwarding struct {
	Listener *Listener
	// TargetGroup is nil if it is not known which one it is.
	TargetGroup *TargetGroup
	// Certain is Maybe if it is not known yet whether the load balancer forwards to the target group.
	Certain Truth
}

// Forwardings finds what load balancers forward to, and what is registered there.
type Forwardings struct {
	ofBalancer index[LoadBalancer, *Listener]
	ofGroup    index[TargetGroup, *Target]
}

// Forwardings returns what the stack's load balancers forward to by the default
// actions of their listeners.
func (s *Stack) Forwardings() *Forwardings {
	f := &Forwardings{}
	for _, l := range s.Listeners {
		f.ofBalancer.add(l.LoadBalancer, l)
	}
	for _, t := range s.Targets {
		f.ofGroup.add(t.TargetGroup, t)
	}
	return f
}

// Of returns what a load balancer forwards to, or may forward to.
func (f *Forwardings) Of(lb *LoadBalancer) []Forwarding {
	var all []Forwarding
	for l := range f.ofBalancer.mayName(lb) {
		certain := l.LoadBalancer.Names(lb)
		refs := l.TargetGroups.Items
		if l.TargetGroups.Rest != nil {
			all = append(all, Forwarding{Listener: l, Certain: certain.AtMostMaybe()})
		}
		for _, ref := range refs {
			if ref.isAnything() {
				all = append(all, Forwarding{Listener: l, Certain: certain.AtMostMaybe()})
			}
			for _, tg := range ref.Candidates {
				all = append(all, Forwarding{l, tg, certain.And(ref.Names(tg))})
			}
		}
	}
	return all
}

// Listeners returns the listeners that a load balancer has or may have.
func (f *Forwardings) Listeners(lb *LoadBalancer) []*Listener {
	var all []*Listener
	for l := range f.ofBalancer.mayName(lb) {
		all = append(all, l)
	}
	return all
}

// Targets returns the targets that a group has or may have.
func (f *Forwardings) Targets(tg *TargetGroup) []*Target {
	var all []*Target
	for t := range f.ofGroup.mayName(tg) {
		all = append(all, t)
	}
	return all
}

// Receives asks whether a listener for which the answer to the question is True sends requests to each target group, by
// default or by one of its rules. A group that is not in the result gets none. The second result is false if a listener
// may send requests to any group.
func (s *Stack) Receives(question func(*Listener) Truth) (receives map[*TargetGroup]Truth, complete bool) {
	receives, complete = map[*TargetGroup]Truth{}, true
	add := func(ref Ref[TargetGroup], certain Truth) {
		complete = complete && (certain == False || !ref.isAnything())
		for _, tg := range ref.Candidates {
			answer := certain.And(ref.Names(tg))
			if before, has := receives[tg]; has {
				answer = before.Or(answer)
			}
			receives[tg] = answer
		}
	}
	addAction := func(a Action, certain Truth) {
		groups := a.Receivers()
		for _, ref := range groups.Items {
			add(ref, certain)
		}
		if groups.Rest != nil {
			add(*groups.Rest, certain.AtMostMaybe())
		}
	}
	for _, l := range s.Listeners {
		addAction(l.Default, question(l))
	}
	for _, r := range s.ListenerRules {
		addAction(r.Action, r.Listener.Ask(question))
	}
	return receives, complete
}

// PortOf returns the port of a target: its own, or otherwise that of its group.
func PortOf(t *Target, tg *TargetGroup) Known[int] {
	if t.Port.IsAbsent() {
		return tg.Port
	}
	return t.Port
}

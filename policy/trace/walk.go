package trace

import (
	"fmt"
	"slices"

	"private-api-blueprints/policy/model"
)

// walk is the way of a request so far. It is a value: a walk that forks goes on as
// several walks that share their beginning.
type walk struct {
	*Tracer
	last     *entry
	protocol string
	doubt    *entry // The first step whose result is not known.
	// admitted is whether the policy of an endpoint has certainly let the request pass, and no other endpoint follows.
	admitted bool
}

// entry is a hop or a step of a walk. It leads to the one before it.
type entry struct {
	before *entry
	hop    *Hop
	step   Step
	need   *need // What decides the step, if it is a doubt about a route table.
}

// enter begins a hop. kind is what the element is, such as "load balancer".
func (w walk) enter(kind string, e model.Element) walk {
	node := kind
	if e.Name != "" {
		node += " " + e.Name
	}
	w.last = &entry{before: w.last, hop: &Hop{Node: node, At: e.Origin}}
	return w
}

// pass records a step that lets the request pass.
func (w walk) pass(at model.Origin, format string, args ...any) walk {
	w.last = &entry{before: w.last, step: Step{Passes, fmt.Sprintf(format, args...), at, false}}
	return w
}

// unsure records a step whose result the stack does not say. The walk goes on,
// because a later step may stop the request anyway.
func (w walk) unsure(at model.Origin, format string, args ...any) walk {
	return w.doubts(Step{Doubts, fmt.Sprintf(format, args...), at, false})
}

// unsureConnection is like unsure for a step that is about the connection: whatever
// the client asks for, the result is the same.
func (w walk) unsureConnection(at model.Origin, format string, args ...any) walk {
	return w.doubts(Step{Doubts, fmt.Sprintf(format, args...), at, true})
}

// doubts records a step whose result the stack does not say.
func (w walk) doubts(s Step) walk {
	w.last = &entry{before: w.last, step: s}
	if w.doubt == nil {
		w.doubt = w.last
	}
	return w
}

// end is how and where a walk ends.
type end struct {
	disposition Disposition
	by          model.Element
	at          model.Origin
	fix         string
}

// stop ends the walk at an element: by is the element that decides, and at its
// property. It returns the one trace of the walk.
func (w walk) stop(e end, format string, args ...any) []Trace {
	w.last = &entry{before: w.last, step: Step{Stops, fmt.Sprintf(format, args...), e.at, false}}
	return []Trace{{
		Disposition: e.disposition, Hops: w.hops(), By: e.by, Protocol: w.protocol, Fix: e.fix,
		Doubtful: w.doubt != nil, needs: w.needs(),
	}}
}

// giveUp ends the walk where the stack does not say how it goes on.
func (w walk) giveUp(at model.Origin, format string, args ...any) []Trace {
	w = w.unsure(at, format, args...)
	t := Trace{Disposition: InsufficientInfo, Hops: w.hops(), Protocol: w.protocol, needs: w.needs()}
	if w.admitted {
		t.Past = DeniedByEndpoint
	}
	return []Trace{t}
}

// deliver ends the walk at an element that answers the request. After a doubt, the
// request may have been stopped before.
func (w walk) deliver(by model.Element, format string, args ...any) []Trace {
	w.last = &entry{before: w.last, step: Step{Answers, fmt.Sprintf(format, args...), by.Origin, false}}
	t := Trace{Disposition: Delivered, Hops: w.hops(), By: by, Protocol: w.protocol, needs: w.needs()}
	if w.doubt != nil {
		t.Disposition, t.Doubtful = InsufficientInfo, true
	}
	return []Trace{t}
}

// doubting returns traces that begin with the walk, with a doubt about the connection as the walk's last step.
func (w walk) doubting(traces []Trace, at model.Origin, format string, args ...any) []Trace {
	before := w.unsureConnection(at, format, args...).hops()
	hop := len(before) - 1
	passed := len(before[hop].Steps) - 1
	all := slices.Clone(traces)
	for i, t := range traces {
		first := before[hop]
		first.Steps = slices.Concat(first.Steps, t.Hops[hop].Steps[passed:])
		all[i].Hops = slices.Concat(before[:hop], []Hop{first}, t.Hops[hop+1:])
		if t.Disposition == Delivered {
			all[i].Disposition = InsufficientInfo
		}
		all[i].Doubtful = t.Doubtful || t.Disposition != InsufficientInfo
	}
	return all
}

// hops returns the hops of the walk, from the first to the last.
func (w walk) hops() []Hop {
	var entries []*entry
	for e := w.last; e != nil; e = e.before {
		entries = append(entries, e)
	}
	var hops []Hop
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.hop != nil {
			hops = append(hops, Hop{Node: e.hop.Node, At: e.hop.At})
			continue
		}
		if len(hops) == 0 {
			hops = append(hops, Hop{Node: "client"})
		}
		last := &hops[len(hops)-1]
		last.Steps = append(last.Steps, e.step)
	}
	return hops
}

// check is a condition of the way: what is said if it holds, and how the walk ends
// if it does not.
type check struct {
	end
	passes, stops string
}

// require goes on if the condition holds or may hold. Otherwise it returns the
// traces with which the walk ends, and the caller returns them.
func (w walk) require(holds model.Truth, c check) (walk, []Trace) {
	switch holds {
	case model.True:
		return w.pass(c.at, "%s", c.passes), nil
	case model.False:
		return w, w.stop(c.end, "%s", c.stops)
	}
	return w.unsure(c.at, "not known yet whether %s", c.passes), nil
}

// requireConnection is like require for a condition that is about the connection.
func (w walk) requireConnection(holds model.Truth, c check) (walk, []Trace) {
	if holds == model.Maybe {
		return w.unsureConnection(c.at, "not known yet whether %s", c.passes), nil
	}
	return w.require(holds, c)
}

// oneOf combines the traces of alternatives of which only one is real, and which
// one is not known. If all alternatives are delivered, or none of them is, that is
// certain. If all of them are delivered unless a doubt stops them, their doubts
// remain. Otherwise the walk ends without an answer.
func (w walk) oneOf(at model.Origin, what string, alternatives ...[]Trace) []Trace {
	if len(alternatives) == 1 {
		return alternatives[0]
	}
	var all []Trace
	arrives := model.Maybe
	for i, traces := range alternatives {
		here := Arrives(traces)
		if i == 0 {
			arrives = here
		}
		arrives = arrives.Agree(here)
		for _, t := range traces {
			t.Alternative = true
			all = append(all, t)
		}
	}
	if arrives == model.Maybe && !agree(all) {
		ways := withNeed(w.giveUp(at, "%s is not known yet, and it decides", what), alternatives)
		ways[0].Unused = commonUnused(alternatives)
		return ways
	}
	return all
}

// commonUnused returns the ways to a target that a load balancer cannot reach, if there is one on each alternative.
func commonUnused(alternatives [][]Trace) []Trace {
	var first []Trace
	for i, traces := range alternatives {
		at := slices.IndexFunc(traces, func(t Trace) bool { return len(t.Unused) > 0 && !t.Alternative })
		if at < 0 {
			return nil
		}
		if i == 0 {
			first = traces[at].Unused
		}
	}
	return first
}

// agree reports whether all traces end in the same way: they all lead to an answer,
// unless an earlier doubt stops them, or none of them does.
func agree(traces []Trace) bool {
	answers, stops := 0, 0
	for _, t := range traces {
		switch {
		case t.Answers():
			answers++
		case t.Arrives() == model.False:
			stops++
		}
	}
	return answers == len(traces) || stops == len(traces)
}

// follow goes on at the element that a reference names. If it may name several,
// they are alternatives. what is what the reference is, such as "the target group".
func follow[T any](w walk, at model.Origin, what string, ref model.Ref[T], next func(*T) []Trace) []Trace {
	var alternatives [][]Trace
	for _, candidate := range ref.Candidates {
		alternatives = append(alternatives, next(candidate))
	}
	if ref.Open || len(alternatives) == 0 {
		alternatives = append(alternatives, w.giveUp(at, "%s is not in the stack", what))
	}
	return w.oneOf(at, what, alternatives...)
}

// Arrives asks whether a request is delivered on all of its ways. It is False if
// one of them fails, and Maybe if there is none.
func Arrives(traces []Trace) model.Truth {
	if len(traces) == 0 {
		return model.Maybe
	}
	arrives := model.True
	for _, t := range traces {
		arrives = arrives.And(t.Arrives())
	}
	return arrives
}

package trace

import (
	"math"
	"net/netip"
	"slices"

	"private-api-blueprints/policy/model"
)

// choose finds the action of a listener for a request. The rules of an application
// load balancer come first, in the order of their priorities.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
func (w walk) choose(c call, b balancer, l *model.Listener) []Trace {
	var alternatives [][]Trace
	what := "the rule of listener " + l.Name + " for the request"
	if !b.isNetwork() {
		q := requestOf(c)
		for _, r := range byPriority(l.Rules) {
			matches := r.Listener.Names(l).And(r.Matches(q))
			if matches == model.False {
				continue
			}
			here := w.pass(r.Origin, "rule %s of listener %s is for the request", r.Name, l.Name)
			if r.Rewrites != model.False {
				here = here.unsure(r.At("transforms"), "rule %s may change the host or the path", r.Name)
			}
			alternatives = append(alternatives, here.forward(c, b, l, r.Action, r.Origin))
			if _, known := r.Priority.Get(); matches == model.True && (known || r.Priority.IsAbsent()) {
				return w.oneOf(r.Origin, what, alternatives...)
			}
		}
	}
	at := l.At("defaultActions")
	alternatives = append(alternatives, w.forward(c, b, l, l.Default, at))
	return w.oneOf(at, what, alternatives...)
}

// byPriority returns rules in the order in which a listener tries them. Those
// whose priority is not known come first, because they may. Those without one come
// last.
func byPriority(rules []*model.ListenerRule) []*model.ListenerRule {
	priority := func(r *model.ListenerRule) int {
		if r.Priority.IsAbsent() {
			return math.MaxInt
		}
		n, _ := r.Priority.Get()
		return n
	}
	sorted := slices.Clone(rules)
	slices.SortStableFunc(sorted, func(a, b *model.ListenerRule) int { return priority(a) - priority(b) })
	return sorted
}

// requestOf returns what the rules of a listener see of a request.
func requestOf(c call) model.HTTPRequest {
	q := model.HTTPRequest{Verb: c.request.Verb(), Host: c.host, Path: c.path, Headers: c.headers}
	from := c.from.seen()
	if address, known := from.address.Get(); known {
		q.Client = address
	} else {
		q.Client = netip.Addr{}
	}
	return q
}

package trace

import "private-api-blueprints/policy/model"

// choose finds the action of a listener for a request. The rules of an application
// load balancer come first, in the order of their priorities.
func (w walk) choose(c call, b balancer, l *model.Listener) []Trace {
	property := l.At("defaultActions")
	var alternatives [][]Trace
	for _, r := range l.Rules {
		matches := r.Listener.Names(l).And(r.ForEverything)
		if matches == model.False && r.Listener.Names(l) != model.False {
			matches = model.Maybe
		}
		if matches == model.False {
			continue
		}
		here := w.pass(r.Origin, "rule %s of listener %s", r.Name, l.Name)
		alternatives = append(alternatives, here.forward(c, b, l, r.Action, r.Origin))
		if matches == model.True {
			return w.oneOf(r.Origin, "the rule for the request", alternatives...)
		}
	}
	alternatives = append(alternatives, w.forward(c, b, l, l.Default, property))
	return w.oneOf(property, "the rule for the request", alternatives...)
}

package trace

import "private-api-blueprints/policy/model"

// endpointHost returns the DNS name of an endpoint, or a placeholder.
func endpointHost(e *model.Endpoint) string { return idOf(e.Element) + ".vpce" + amazonaws }

// lbHost returns the DNS name of a load balancer, or a placeholder.
func lbHost(lb *model.LoadBalancer) string { return idOf(lb.Element) + ".elb" + amazonaws }

// call resolves the host of a request and goes to each of its addresses.
func (w walk) call(c call) []Trace {
	return w.giveUp(model.Origin{}, "names are not resolved")
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

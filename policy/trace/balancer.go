package trace

import "private-api-blueprints/policy/model"

// toBalancer goes to all nodes of a load balancer, as a client does that has
// resolved its name.
func (w walk) toBalancer(c call, lb *model.LoadBalancer) []Trace {
	return w.giveUp(lb.Origin, "load balancers are not walked")
}

// fromLink goes to a network load balancer over a VPC link V1, as API Gateway does.
func (w walk) fromLink(c call, lb *model.LoadBalancer) []Trace {
	return w.giveUp(lb.Origin, "VPC links are not walked")
}

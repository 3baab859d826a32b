package model

// PrivateLink is what brings connections from other networks to load balancers:
// an endpoint service, or the one that API Gateway keeps behind a VPC link.
type PrivateLink struct {
	Element
	Kind          string // In words.
	IsVPCLink     bool
	Service       *EndpointService // Nil for a VPC link.
	LoadBalancers Refs[LoadBalancer]
}

// PrivateLinks are the stack's VPC links and endpoint services.
func (s *Stack) PrivateLinks() []PrivateLink {
	var all []PrivateLink
	for _, l := range s.VPCLinks {
		all = append(all, PrivateLink{l.Element, "VPC link", true, nil, Refs[LoadBalancer]{Items: []Ref[LoadBalancer]{l.Target}}})
	}
	for _, e := range s.EndpointServices {
		all = append(all, PrivateLink{e.Element, "endpoint service", false, e, e.LoadBalancers})
	}
	return all
}

// Serves asks whether it brings connections to a load balancer.
func (p PrivateLink) Serves(lb *LoadBalancer) Truth {
	return p.LoadBalancers.Any(func(r Ref[LoadBalancer]) Truth { return r.Names(lb) })
}

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

// PrivateLinks are the stack's endpoint services and VPC links. Those of HTTP APIs
// are not among them: they have no load balancer, and no PrivateLink.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
func (s *Stack) PrivateLinks() []PrivateLink {
	var all []PrivateLink
	for _, l := range s.VPCLinks {
		if !l.Target.IsAbsent() {
			all = append(all, PrivateLink{l.Element, "VPC link", true, nil, Refs[LoadBalancer]{Items: []Ref[LoadBalancer]{l.Target}}})
		}
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

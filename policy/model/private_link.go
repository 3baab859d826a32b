package model

// PrivateLink brings connections from other networks to load balancers through
// AWS PrivateLink. It is an endpoint service, or the endpoint service that API
// Gateway keeps behind a VPC link.
type PrivateLink struct {
	Element
	// Kind is "VPC link" or "endpoint service", for messages.
	Kind      string
	IsVPCLink bool
	// Service is nil for a VPC link.
	Service       *EndpointService
	LoadBalancers Refs[LoadBalancer]
}

// PrivateLinks returns the stack's endpoint services and its VPC links for REST
// APIs. VPC links for HTTP APIs have no load balancer and do not use PrivateLink.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
func (s *Stack) PrivateLinks() []PrivateLink {
	var all []PrivateLink
	for _, l := range s.VPCLinks {
		if !l.Target.IsAbsent() {
			target := Refs[LoadBalancer]{Items: []Ref[LoadBalancer]{l.Target}}
			all = append(all, PrivateLink{l.Element, "VPC link", true, nil, target})
		}
	}
	for _, e := range s.EndpointServices {
		all = append(all, PrivateLink{e.Element, "endpoint service", false, e, e.LoadBalancers})
	}
	return all
}

// Serves asks whether the link brings connections to a load balancer.
func (p PrivateLink) Serves(lb *LoadBalancer) Truth {
	return p.LoadBalancers.Any(func(r Ref[LoadBalancer]) Truth { return r.Names(lb) })
}

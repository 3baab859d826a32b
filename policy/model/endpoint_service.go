package model

// EndpointService offers load balancers to endpoints in other networks.
// https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html
type EndpointService struct {
	Element
	// LoadBalancers are its network load balancers; a service of gateway load
	// balancers has none.
	LoadBalancers Refs[LoadBalancer]
	// AcceptanceRequired is whether its owner accepts each endpoint.
	AcceptanceRequired Known[bool]
	// Principals are the ARNs that may create endpoints for it, or *.
	Principals []Known[string]
	// PrincipalsComplete is false where there are, or may be, others too.
	PrincipalsComplete bool
	// PrivateName is the name by which consumers call it.
	PrivateName Known[string]
	// NameState is what AWS says of the proof that its owner controls that name:
	// verified, pendingVerification or failed. Absent before the service exists.
	NameState Known[string]
	// NameProof is the text of the TXT record that is the proof.
	NameProof Known[string]
	// NameVerification is whether the stack lets AWS look for the proof.
	NameVerification Truth
	// Tags are the keys and the values of its tags.
	Tags []Known[string]
	// TagsComplete is false where there are, or may be, others too.
	TagsComplete bool
	// AddressTypes are ipv4, ipv6 or both; AWS's default is ipv4.
	AddressTypes []Known[string]
	// AddressTypesComplete is false where there are, or may be, others too.
	AddressTypesComplete bool
}

// Offers asks whether consumers get addresses of a type: ipv4 or ipv6.
func (s *EndpointService) Offers(addressType string) Truth {
	offers := False
	for _, t := range s.AddressTypes {
		offers = offers.Or(t.Equals(addressType))
	}
	if !s.AddressTypesComplete {
		return offers.Or(Maybe)
	}
	return offers
}

// NameVerified is the state of a private name that consumers can use.
const NameVerified = "verified"

// ServiceListener is a listener through which an endpoint service is reached.
type ServiceListener struct {
	*Listener
	Certain Truth // Maybe where one of the links is not known yet.
}

// ListenersOf finds the listeners of the load balancers of an endpoint service.
func (s *Stack) ListenersOf(service *EndpointService) []ServiceListener {
	var found []ServiceListener
	for _, l := range s.Listeners {
		serves := service.LoadBalancers.Any(func(lb Ref[LoadBalancer]) Truth { return lb.Same(l.LoadBalancer) })
		if serves != False {
			found = append(found, ServiceListener{l, serves})
		}
	}
	return found
}

// EndsTLS asks whether the listener ends TLS for the service.
func (l ServiceListener) EndsTLS() Truth { return l.Certain.And(l.Protocol.Equals(ProtocolTLS)) }

// Covers asks whether one of the listener's certificates is for a host name.
func (l ServiceListener) Covers(host string) Truth {
	covers := func(c Ref[Certificate]) Truth {
		return c.Ask(func(c *Certificate) Truth { return c.Covers(host) })
	}
	return covers(l.Certificate).Or(l.MoreCertificates.Any(covers))
}

// OffersHTTP2 asks whether the listener offers HTTP/2 in its TLS handshakes.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
func (l ServiceListener) OffersHTTP2() Truth {
	offers := False
	for _, policy := range []string{"HTTP2Only", "HTTP2Optional", "HTTP2Preferred"} {
		offers = offers.Or(l.ALPN.Equals(policy))
	}
	return l.EndsTLS().And(offers)
}

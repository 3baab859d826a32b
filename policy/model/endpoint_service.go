package model

// EndpointService offers load balancers to endpoints in other networks.
// https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html
type EndpointService struct {
	Element
	// LoadBalancers are its network load balancers. A service of gateway load balancers has none.
	LoadBalancers Refs[LoadBalancer]
	// AcceptanceRequired is whether the service's owner accepts each endpoint.
	AcceptanceRequired Known[bool]
	// Principals are the ARNs that may create endpoints for the service, or *.
	Principals List[string]
	// PrivateName is the name by which consumers call the service.
	PrivateName Known[string]
	// NameState is verified, pendingVerification or failed: whether AWS has found the proof that the owner controls
	// the name. It is absent before the service exists.
	NameState Known[NameState]
	// NameProof is the text of the TXT record that is the proof.
	NameProof Known[string]
	// NameVerification is whether the stack makes AWS look for the proof, with a [NameVerification].
	NameVerification Truth
	// Tags are the keys and the values of the service's tags.
	Tags List[string]
	// AddressTypes are ipv4, ipv6 or both. AWS's default is ipv4.
	AddressTypes List[IPAddressType]
}

// NameVerification makes AWS look for the proof that the owner of an endpoint
// service controls its private name.
type NameVerification struct {
	Element
	Service Ref[EndpointService]
	// Waits is whether the provider waits until AWS has found the proof. The provider's default is false.
	Waits Known[bool]
}

// NameState is how far AWS has verified the private name of an endpoint service.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
type NameState string

// States of a private name. Consumers can use only a verified name.
const (
	NameVerified NameState = "verified"
	NamePending  NameState = "pendingVerification"
	NameFailed   NameState = "failed"
)

// ServiceListener is a listener through which clients reach an endpoint service.
type ServiceListener struct {
	*Listener
	// Certain is Maybe if it is not known yet whether the listener's load balancer belongs to the service.
	Certain Truth
}

// ListenersOf returns the listeners of the load balancers of an endpoint service.
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

// OffersHTTP2 asks whether the listener offers HTTP/2 in its TLS handshakes.
func (l ServiceListener) OffersHTTP2() Truth { return l.EndsTLS().And(l.Listener.OffersHTTP2()) }

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
	// AddressTypes are ipv4, ipv6 or both; AWS's default is ipv4.
	AddressTypes []Known[string]
	// AddressTypesComplete is false where there are, or may be, others too.
	AddressTypesComplete bool
}

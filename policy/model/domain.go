package model

// Domain is a custom domain name of REST APIs.
type Domain struct {
	Element
	Host Known[string]
	// Type is EDGE, REGIONAL or PRIVATE; API Gateway's default is EDGE.
	Type Known[string]
	// Addresses is ipv4 or dualstack; what is private is always dualstack.
	Addresses Known[string]
	// SecurityPolicy says which versions of TLS clients may use.
	SecurityPolicy Known[string]
	// HasPolicy says that the stack gives the domain a resource policy.
	HasPolicy Truth
}

// IsPrivate asks whether the name answers through interface endpoints only.
func (d *Domain) IsPrivate() Truth { return d.Type.Equals(TypePrivate) }

// DomainMapping leads requests for a domain, or for paths of it, to an API.
type DomainMapping struct {
	Element
	Domain Ref[Domain]
	API    Ref[RestAPI]
	// HasDomainID says that the mapping names the domain by its id too: private
	// domains of one name may be many.
	HasDomainID Truth
}

// DomainAccess lets an endpoint use a private domain.
type DomainAccess struct {
	Element
	Domain   Ref[Domain]
	Endpoint Ref[Endpoint]
}

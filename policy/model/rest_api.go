package model

// RestAPI is an API Gateway REST API.
type RestAPI struct {
	Element
	// ExecutionARN is the ARN of the API in policies and permissions, without stage, method and path.
	ExecutionARN Known[string]
	// Type is EDGE, REGIONAL or PRIVATE. API Gateway's default is EDGE.
	Type Known[APIType]
	// DefaultNameOff is whether the API refuses calls to its execute-api host name.
	DefaultNameOff Known[bool]
	// Endpoints are the VPC endpoints that the program associates with a private API. AWS creates a DNS name for
	// each pair. Other endpoints may lead to the API too.
	Endpoints Refs[Endpoint]
	// Addresses is ipv4 or dualstack. A private API is always dualstack.
	Addresses Known[IPAddressType]
	// Document is whether an OpenAPI document defines methods of the API that are not in the model, because its text is
	// not known or not readable.
	Document Truth
	// BinaryMediaTypes are the types of bodies that API Gateway does not read as text.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
	BinaryMediaTypes List[string]
	// EndpointsFrom are the resources whose outputs Endpoints are made from.
	EndpointsFrom Sources
	// Compresses is whether API Gateway itself compresses and decompresses bodies.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
	Compresses Truth
}

// APIDocument is an OpenAPI document that a stack imports into a REST API.
type APIDocument struct {
	Element
	API Ref[RestAPI]
	// Set is whether the stack imports the document.
	Set Truth
	// From are the resources whose outputs the document is made from.
	From Sources
}

// APIType is the endpoint type of a REST API or a custom domain.
// https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html
type APIType string

// Endpoint types of a REST API or a custom domain.
const (
	APIEdge     APIType = "EDGE"
	APIRegional APIType = "REGIONAL"
	APIPrivate  APIType = "PRIVATE"
)

// IPAddressType is the kind of addresses on which a resource answers.
type IPAddressType string

// IP address types of APIs, domains, load balancers and endpoint services. An
// endpoint service lists ipv4 and ipv6; the others are ipv4 or dualstack. An
// application load balancer may also be dualstack-without-public-ipv4.
const (
	IPv4      IPAddressType = "ipv4"
	IPv6      IPAddressType = "ipv6"
	Dualstack IPAddressType = "dualstack"
)

// DefaultHost returns the host name that API Gateway gives to the API with an ID.
// A private API has that name only where an endpoint's private DNS resolves it.
func (api *RestAPI) DefaultHost(id string) Known[string] { return api.defaultHost(id) }

// defaultHost returns the default host name of an API in the region. It is unknown
// if the region is.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
func (p Placement) defaultHost(id string) Known[string] {
	region, known := p.Region().Get()
	if !known {
		return Unknown[string]()
	}
	return Of(id + "." + executeAPIDomain(region))
}

// IsPrivate asks whether clients reach the API through interface endpoints only.
func (api *RestAPI) IsPrivate() Truth { return api.Type.Equals(APIPrivate) }

// HasPolicy asks whether an API has a resource policy.
func (s *Stack) HasPolicy(api *RestAPI) Truth {
	has := False
	for _, p := range s.ResourcePolicies {
		has = has.Or(p.Set.And(p.API.Names(api)))
	}
	return has
}

// IsCalledThrough asks whether clients are meant to call a private API through
// an endpoint: the API is associated with the endpoint, or its resource policy
// is about the endpoint.
func (s *Stack) IsCalledThrough(api *RestAPI, e *Endpoint) Truth {
	can := api.IsPrivate().And(api.SameRegion(e.Placement))
	if can == False {
		return False
	}
	meant := api.Endpoints.Any(func(r Ref[Endpoint]) Truth { return r.Names(e) })
	for _, p := range s.ResourcePolicies {
		if has := p.Set.And(p.API.Names(api)); has != False && meant != True {
			meant = meant.Or(has.And(p.isAbout(e)))
		}
	}
	return can.And(meant)
}

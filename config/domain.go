package config

// Domain is a name that clients call, with its certificate.
type Domain struct {
	// Name is the fully qualified domain name that clients call. It must be inside
	// the public zone, and cannot be the zone's own name.
	Name string `config:"name" required:"true" format:"domainName"`
	Certificate
}

// VpcDomain is a name that a private zone holds for clients in a VPC.
type VpcDomain struct {
	Domain
	PrivateZone
}

// CustomDomain is a name that is a custom domain name of API Gateway.
type CustomDomain struct {
	VpcDomain
	// EndpointType is the kind of custom domain name. regional: API Gateway finds
	// the API by its Host header. private: only this endpoint may use the name, and
	// AWS checks that. It cannot be changed on a deployed stack, because AWS does
	// not migrate one kind to the other.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
	EndpointType string `config:"endpointType" required:"true" enum:"regional,private" example:"regional"`
}

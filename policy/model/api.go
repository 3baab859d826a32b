package model

// RestAPI is an API Gateway REST API.
type RestAPI struct {
	Element
	// Type is EDGE, REGIONAL or PRIVATE; API Gateway's default is EDGE.
	Type Known[string]
	// DefaultNameOff says that the API does not answer to its execute-api name.
	DefaultNameOff Known[bool]
	// Endpoints are those for which a private API has a name of its own. Others
	// may lead to it too.
	Endpoints Refs[Endpoint]
	// Addresses is ipv4 or dualstack; what is private is always dualstack.
	Addresses Known[string]
	// Document is whether an OpenAPI document gives the API methods of its own,
	// which are no elements of the stack.
	Document Truth
}

// IsPrivate asks whether the API answers through interface endpoints only.
func (api *RestAPI) IsPrivate() Truth { return api.Type.Equals(TypePrivate) }

// HTTPAPI is an HTTP or WebSocket API. Neither can be private.
type HTTPAPI struct {
	Element
	Protocol Known[string]
	// DefaultNameOff says that the API does not answer to its execute-api name.
	DefaultNameOff Known[bool]
}

// ProtocolWebSocket is the protocol of a WebSocket API.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
const ProtocolWebSocket = "WEBSOCKET"

// Endpoint types of a REST API.
// https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html
const (
	TypePrivate  = "PRIVATE"
	TypeRegional = "REGIONAL"
	TypeEdge     = "EDGE"
)

// HasPolicy asks whether the API has a resource policy.
func (s *Stack) HasPolicy(api *RestAPI) Truth {
	has := False
	for _, p := range s.ResourcePolicies {
		has = has.Or(p.Set.And(p.API.Names(api)))
	}
	return has
}

// IsCalledThrough asks whether a private API is meant for calls through an
// endpoint: it has a name for that, or its policy is about it.
func (s *Stack) IsCalledThrough(api *RestAPI, e *Endpoint) Truth {
	can := api.IsPrivate().And(api.SameRegion(e.Placement))
	if can == False {
		return False
	}
	meant := api.Endpoints.Any(func(r Ref[Endpoint]) Truth { return r.Names(e) })
	for _, p := range s.ResourcePolicies {
		if has := p.Set.And(p.API.Names(api)); has != False && meant != True {
			meant = meant.Or(has.And(p.IsAbout(e)))
		}
	}
	return can.And(meant)
}

package model

// HTTPAPI is an HTTP or WebSocket API. Neither kind can be private.
type HTTPAPI struct {
	Element
	// ExecutionARN is the ARN of the API in policies and permissions, without stage and route.
	ExecutionARN Known[string]
	// Protocol is HTTP or WEBSOCKET.
	Protocol Known[APIProtocol]
	// DefaultNameOff is whether the API refuses calls to its execute-api host name.
	DefaultNameOff Known[bool]
	// Document is whether an OpenAPI document defines routes of the API that are not in the model, because its text is
	// not known or not readable.
	Document Truth
}

// APIProtocol is the protocol of an HTTP or WebSocket API.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
type APIProtocol string

// Protocols of HTTP and WebSocket APIs.
const (
	APIProtocolHTTP      APIProtocol = "HTTP"
	APIProtocolWebSocket APIProtocol = "WEBSOCKET"
)

// DefaultHost returns the host name that API Gateway gives to the API with an ID.
func (api *HTTPAPI) DefaultHost(id string) Known[string] { return api.defaultHost(id) }

// IsWebSocket asks whether the API is a WebSocket API.
func (api *HTTPAPI) IsWebSocket() Truth { return api.Protocol.Equals(APIProtocolWebSocket) }

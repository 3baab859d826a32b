package model

// HTTPAPI is an HTTP or WebSocket API. Neither kind can be private.
type HTTPAPI struct {
	Element
	// Protocol is HTTP or WEBSOCKET.
	Protocol Known[APIProtocol]
	// DefaultNameOff is whether the API refuses calls to its execute-api host name.
	DefaultNameOff Known[bool]
}

// APIProtocol is the protocol of an HTTP or WebSocket API.
// https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
type APIProtocol string

// Protocols of HTTP and WebSocket APIs.
const (
	APIProtocolHTTP      APIProtocol = "HTTP"
	APIProtocolWebSocket APIProtocol = "WEBSOCKET"
)

package model

import "strings"

// Route is a route of an HTTP or WebSocket API. It is a resource of the program, the route of an API that the program
// creates quickly, with a target, or an operation in an OpenAPI document.
type Route struct {
	Element
	API Ref[HTTPAPI]
	// Key is the verb and the path, such as "GET /orders/{id}" or "ANY /{proxy+}". The key of the route for all other
	// requests is $default. A WebSocket API's clients connect by $connect.
	Key Known[string]
	// Authorization is NONE, AWS_IAM, CUSTOM or JWT. API Gateway's default is NONE.
	Authorization Known[Authorization]
	// KeyRequired is whether callers must send an API key. Only WebSocket APIs can require one.
	KeyRequired Known[bool]
	// Integration is the route's backend. It is absent if the route has none, and open if the stack does not show it.
	Integration Ref[HTTPIntegration]
}

// Keys of routes that have no path.
const (
	RouteDefault = "$default"
	RouteConnect = "$connect"
)

// Verb returns the HTTP method of the route's key. It is absent for keys such as
// $default.
func (r *Route) Verb() Known[string] {
	verb, _ := r.cutKey()
	return verb
}

// Path returns the path of the route's key. It is absent for keys such as $default.
func (r *Route) Path() Known[string] {
	_, path := r.cutKey()
	return path
}

// cutKey returns the verb and the path of the route's key.
func (r *Route) cutKey() (verb, path Known[string]) {
	key, known := r.Key.Get()
	if !known {
		return r.Key, r.Key
	}
	before, after, hasPath := strings.Cut(key, " ")
	if !hasPath {
		return Known[string]{}, Known[string]{}
	}
	return Of(before), Of(after)
}

// IsOpen asks whether the route answers callers that do not identify themselves.
// API Gateway checks the callers of a WebSocket API only when they connect. A
// route for OPTIONS does not count as open, because browsers send that request
// without credentials before a call.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
func (r *Route) IsOpen() Truth {
	anonymous := r.Authorization.Equals(AuthorizationNone).And(r.KeyRequired.Equals(false))
	webSocket := r.API.Ask((*HTTPAPI).IsWebSocket)
	admits := webSocket.Not().Or(r.Key.Equals(RouteConnect))
	return anonymous.And(admits).And(r.Verb().Equals("OPTIONS").Not())
}

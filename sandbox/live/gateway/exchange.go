package gateway

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/identity"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/requestid"
	"private-api-blueprints/sandbox/live/trail"
)

// bodyLimit is the size of the largest request body, in bytes.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
const bodyLimit = 10 << 20

// exchange is one request, with everything that is known about it so far.
type exchange struct {
	g *Gateway
	// connection ends with the network and not with the client: what the integration has begun, it ends.
	connection context.Context
	r          *http.Request
	arrival    network.Arrival
	begun      time.Time
	// id and extended are the request's two IDs; trace is its ID for X-Ray.
	id, extended, trace string
	body                []byte

	target
	method cloud.Props // Of the deployment; nil until it is found.
	params map[string]string
	caller *identity.Caller // Nil for an anonymous caller.
	key    *inventory.Object
	// authorizer is what a Lambda authorizer tells the integration.
	authorizer map[string]any
	// facts are variables of $context that later steps find out.
	facts  map[string]string
	events []event
}

// event is an event of the execution log. An error is logged at both levels.
type event struct {
	text    string
	isError bool
}

// answer is a response.
type answer struct {
	status int
	header http.Header // Names as they are written over HTTP/1.1.
	body   []byte
	failed *failure // Nil unless API Gateway itself answers.
}

// serve answers one request of a connection.
func (g *Gateway) serve(connection context.Context, w http.ResponseWriter, r *http.Request, a network.Arrival) {
	x := &exchange{g: g, connection: connection, r: r, arrival: a, begun: g.options.Now(), id: requestid.New(),
		facts: map[string]string{}}
	x.extended, x.trace = extendedID(), traceID(x.begun)
	var result answer
	if f := x.prepare(w); f != nil {
		result = x.fail(f)
	} else if result, f = x.integrate(); f != nil {
		result = x.fail(f)
	}
	x.step("answers %s %s%s with %d", r.Method, r.Host, r.URL.Path, result.status)
	x.write(w, result)
	x.record(result)
}

// prepare does everything that comes before the integration.
func (x *exchange) prepare(w http.ResponseWriter) *failure {
	if x.arrival.Endpoint == "" && x.g.isHTTPAPI(x.r.Host, x.arrival.Region) {
		return &failure{status: http.StatusNotFound, message: "Not Found", reason: "the HTTP API has no such route"}
	}
	t, reason := x.g.find(x)
	if reason != "" {
		if f := x.checkStranger(t.stranger); f != nil {
			return f
		}
		return forbidden(reason)
	}
	x.target = t
	var err error
	x.body, err = io.ReadAll(http.MaxBytesReader(w, x.r.Body, bodyLimit))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &failure{kind: "REQUEST_TOO_LARGE", status: http.StatusRequestEntityTooLarge,
			code: "RequestTooLargeException", message: "Request Too Long", reason: "the body is larger than 10 MB"}
	case err != nil:
		return &failure{kind: "DEFAULT_4XX", status: http.StatusBadRequest, code: "BadRequestException",
			message: "Bad Request", reason: err.Error()}
	}
	for _, step := range []func() *failure{x.checkDomain, x.checkEndpoint, x.choose, x.authorize, x.admit} {
		if f := step(); f != nil {
			return f
		}
	}
	return nil
}

// choose finds the method that serves the request.
func (x *exchange) choose() *failure {
	x.method, x.params = route(x.served, x.r.Method, x.path)
	if x.method == nil {
		return &failure{kind: "MISSING_AUTHENTICATION_TOKEN", status: http.StatusForbidden,
			code: "MissingAuthenticationTokenException", message: "Missing Authentication Token",
			reason: fmt.Sprintf("the deployment %s has no method for %s %s", x.stage.Out.String("deployment"),
				x.r.Method, x.path)}
	}
	return nil
}

// step adds a step to the trail.
func (x *exchange) step(format string, args ...any) {
	source := x.arrival.Endpoint
	if x.api != nil {
		source = x.api.ID
	}
	trail.Add(x.r.Context(), place(x.arrival), source, format, args...)
}

// info adds an event to the execution log, for the level INFO.
func (x *exchange) info(format string, args ...any) {
	x.events = append(x.events, event{text: fmt.Sprintf(format, args...)})
}

// client returns the client's address as API Gateway sees it.
func (x *exchange) client() string { return x.arrival.From.Addr().Unmap().String() }

// arn returns the ARN that callers are authorized for, of a method and a path.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
func (x *exchange) arn(method, path string) string {
	return x.api.Out.String("executionArn") + "/" + x.stage.Out.String("stageName") + "/" + method + path
}

// variables returns the stage's variables.
func (x *exchange) variables() cloud.Props { return x.stage.Out.Object("variables") }

// withVariables returns a text with the values of stage variables.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/stage-variables.html
func (x *exchange) withVariables(text string) string {
	for name := range x.variables() {
		text = strings.ReplaceAll(text, "${stageVariables."+name+"}", x.variables().String(name))
	}
	return text
}

// within returns a context that ends when the integration's time is up.
func (x *exchange) within() (context.Context, context.CancelFunc) {
	limit := x.method.Object("integration").Int("timeoutMilliseconds")
	if limit == 0 {
		limit = 29000
	}
	return context.WithTimeout(x.connection, time.Duration(limit)*time.Millisecond)
}

// extendedID returns a new extended request ID, such as NTO6TFMqNjMFy0w=.
func extendedID() string {
	b := make([]byte, 11)
	rand.Read(b) // Never fails.
	return base64.URLEncoding.EncodeToString(b)
}

// traceID returns a new ID for X-Ray.
// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html
func traceID(at time.Time) string {
	b := make([]byte, 12)
	rand.Read(b) // Never fails.
	return fmt.Sprintf("Root=1-%08x-%x", at.Unix(), b)
}

package blueprints

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// promise describes what must happen to a request. A blueprint's component registers
// its promises, and the policy pack follows each request through the stack.
//
// All texts are known at the first preview, when no ID is. They therefore name
// resources by their names in the program: ${NAME} stands for the ID of a
// resource, or for its DNS name if it is the whole host of a URL.
type promise struct {
	vantage
	method    string            // The HTTP method.
	url       string            // What the client calls.
	headers   map[string]string // Headers that the client sets.
	connectTo string            // The resource to connect to without asking DNS, or the internet.
	server    string            // What the stack's servers speak; not said if empty.
	gets      string            // The HTTP method with which the server must get the request; any if empty.
	protocol  string            // The protocol that client and server must speak; any if empty.
	signed    bool              // Whether an identity of the stack's account signs the request.
	stranger  bool              // Whether an identity of another account signs it.
	apiKey    bool              // Whether the request has the stack's API key.
	expect    string            // How the request must end.
	by        string            // The name of the resource that must answer; any if empty.
	elsewhere bool              // Whether what answers is not in the stack.
}

// How a request must end. The policy pack knows these words.
const (
	delivered              = "delivered"
	refused                = "refused" // Anything but delivered.
	nameNotResolved        = "name-not-resolved"
	deniedByEndpointPolicy = "denied-by-endpoint-policy"
)

// http2 is what the policy pack and ALPN call HTTP/2.
const http2 = "h2"

// input returns the promise as an input of a component. Fields without a value
// are absent.
func (p promise) input() pulumi.Map {
	input := pulumi.Map{
		"from":    pulumi.String(p.from),
		"request": pulumi.String(p.method + " " + p.url),
		"expect":  pulumi.String(p.expect),
	}
	for key, text := range map[string]string{
		"connectTo": p.connectTo, "server": p.server, "serverMethod": p.gets, "protocol": p.protocol,
		"by": p.by,
	} {
		if text != "" {
			input[key] = pulumi.String(text)
		}
	}
	for key, flag := range map[string]bool{
		"private": p.private, "signed": p.signed, "foreign": p.stranger, "apiKey": p.apiKey,
	} {
		if flag {
			input[key] = pulumi.Bool(true)
		}
	}
	if len(p.groups) > 0 {
		input["groups"] = pulumi.ToStringArray(p.groups)
	}
	if len(p.headers) > 0 {
		input["headers"] = pulumi.ToStringMap(p.headers)
	}
	if p.ipVersion != 0 {
		input["ipVersion"] = pulumi.Int(p.ipVersion)
	}
	return input
}

// inputOf returns promises as an input of a blueprint's component.
func inputOf(promises []promise) pulumi.Array {
	input := make(pulumi.Array, len(promises))
	for i, p := range promises {
		input[i] = p.input()
	}
	return input
}

// apiCall returns the promise that an element answers a request of a route. The
// request has the authorization that the route requires. The promise does not yet
// say where the client is.
func apiCall(r config.Route, url, by string) promise {
	method := r.Method
	if method == "ANY" {
		method = "GET"
	}
	p := promise{
		method: method, url: url, expect: delivered, by: by,
		signed: r.Authorization == "AWS_IAM", apiKey: r.ApiKeyRequired,
	}
	if r.Authorization == "TOKEN" { // Only the authorizer knows the right tokens, and this request has none.
		p = p.ending(refused)
	}
	return p
}

// forCallers returns promises without those about signatures that are accepted, and
// those about other accounts, if the settings name the callers: a promise cannot say
// who signs.
func forCallers(s *config.Stage, promises []promise) []promise {
	if len(s.Callers) == 0 {
		return promises
	}
	return slices.DeleteFunc(promises, func(p promise) bool {
		return p.stranger || p.signed && p.expect == delivered
	})
}

// at returns the promise for a client at a vantage point. The request of a
// client that is not admitted must be refused.
func (p promise) at(point vantage) promise {
	p.vantage = point
	if !point.admitted {
		p = p.ending(refused)
	}
	return p
}

// atEach returns the promise for a client at each vantage point.
func (p promise) atEach(points []vantage) []promise {
	promises := make([]promise, len(points))
	for i, point := range points {
		promises[i] = p.at(point)
	}
	return promises
}

// ending returns the promise that the same request ends in another way, at no
// server.
func (p promise) ending(expect string) promise {
	p.expect, p.by, p.server, p.gets = expect, "", "", ""
	return p
}

// withHeader returns the promise about the same request with a header.
func (p promise) withHeader(name, value string) promise {
	p.headers = map[string]string{name: value}
	return p
}

// guards returns promises about what an admitted client must not do: call
// without the authorization that the route requires, sign as an identity of another
// account, and use another method, which the API does not have. There is no such
// method if other is empty.
func (p promise) guards(other string) []promise {
	var promises []promise
	if p.signed || p.apiKey {
		anonymous := p.ending(refused)
		anonymous.signed, anonymous.apiKey = false, false
		promises = append(promises, anonymous)
	}
	if p.signed {
		stranger := p.ending(refused)
		stranger.signed, stranger.stranger = false, true
		promises = append(promises, stranger)
	}
	if other != "" {
		wrong := p.ending(refused)
		wrong.method = other
		promises = append(promises, wrong)
	}
	return promises
}

// foreign returns the promise that the endpoint of the request leads to no API
// of others, unless the settings leave the endpoint open.
func (p promise) foreign(e components.Environment, endpoint *config.Endpoint) []promise {
	if endpoint.Policy == "open" {
		return nil
	}
	return []promise{p.ending(deniedByEndpointPolicy).withHeader("Host", executeApiHost(e, foreignApi))}
}

// foreignApi stands for an API that the stack does not know. AWS chooses such
// IDs at random.
const foreignApi = "otherapi00"

// executeApiHost returns the host name that AWS gives to an API.
func executeApiHost(e components.Environment, apiId string) string {
	return apiId + ".execute-api." + e.Region + "." + e.DnsSuffix
}

// idOf returns the text that stands for the ID of a resource of the program, or
// for its DNS name if it is the whole host of a URL.
func idOf(name string) string { return "${" + name + "}" }

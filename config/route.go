package config

import (
	"strings"

	"private-api-blueprints/internal/openapi"
	"private-api-blueprints/internal/policydoc"
	"private-api-blueprints/internal/settings"
)

// Route describes one route of an API: the requests with a path and a method.
type Route struct {
	// Path is the path of the route: segments with slashes between them. A segment
	// {name} stands for any one segment. The last segment may be {name+}, which
	// stands for one or more segments; {proxy+} alone serves every path, the root
	// included.
	Path string `config:"path" required:"true" format:"routePath"`
	// Method is the HTTP method of the route. ANY stands for every method that no
	// other route of the path has.
	Method string `config:"method" default:"GET" enum:"GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS,ANY"`
	// Function is the name of the function in `functions` that answers.
	Function string `config:"function" computed:"the function in the group function" format:"functionName"`
	// Authorization says who may call the route, as api.authorization does.
	Authorization string `config:"authorization" computed:"that of api" enum:"NONE,AWS_IAM,API_KEY,TOKEN"`
	// ApiKeyRequired says whether callers must send the API key that the stack
	// creates, in addition to what authorization requires.
	ApiKeyRequired bool `config:"apiKeyRequired" computed:"true with API_KEY"`

	// Backend says what answers a route of an OpenAPI document.
	Backend openapi.Backend
}

// check refuses paths that API Gateway reserves.
func (r *Route) check(c settings.Section) { checkReserved(c, "path", r.Path, r.Path) }

// checkReserved refuses the value of a key if its path is one that API Gateway answers
// itself.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
func checkReserved(c settings.Section, key, value, path string) {
	if path == "ping" || path == "sping" {
		c.Reject(key, value, "/%s is reserved by API Gateway; want another path", path)
	}
}

// Example returns a path that the route serves.
func (r *Route) Example() string {
	segments := strings.Split(r.Path, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "1"
		}
	}
	return strings.Join(segments, "/")
}

// Serves reports whether the route is for a path, which has no variables.
func (r *Route) Serves(path string) bool {
	want, have := strings.Split(r.Path, "/"), strings.Split(path, "/")
	for i, segment := range want {
		switch {
		case i >= len(have):
			return false
		case strings.HasSuffix(segment, "+}"):
			return true
		case segment != have[i] && !strings.HasPrefix(segment, "{"):
			return false
		}
	}
	return len(want) == len(have)
}

// contradiction returns why API Gateway cannot have both routes, or nothing.
// https://github.com/amazon-archives/aws-apigateway-importer/issues/202
func contradiction(a, b *Route) string {
	if a.Path == b.Path {
		if a.Method == b.Method {
			return "has the method " + a.Method + " in another route already; want each method of a path once"
		}
		return ""
	}
	x, y := strings.Split(a.Path, "/"), strings.Split(b.Path, "/")
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] == y[i] {
			continue
		}
		if strings.HasPrefix(x[i], "{") && strings.HasPrefix(y[i], "{") {
			return "has " + y[i] + " where another route has " + x[i] + "; want one variable for each place"
		}
		return ""
	}
	return ""
}

// mixed returns why the resource policy of a private API cannot tell two routes
// apart of which only one wants signatures, or nothing. ANY covers every method, and
// a wildcard of the policy stands for several segments.
func mixed(a, b *Route) string {
	signed, open := a, b
	if b.Authorization == "AWS_IAM" {
		signed, open = b, a
	}
	sameMethod := signed.Method == open.Method || signed.Method == "ANY" || open.Method == "ANY"
	if signed.Authorization != "AWS_IAM" || open.Authorization == "AWS_IAM" || !sameMethod {
		return ""
	}
	if !overlap(policydoc.PathPattern(signed.Path), policydoc.PathPattern(open.Path)) {
		return ""
	}
	return "differs from the route " + a.Path + ", whose methods and paths overlap: a resource policy takes ANY for " +
		"every method, and {name} for any number of segments; want the same authorization, other methods or other paths"
}

// overlap reports whether a text exists that two patterns match. An asterisk
// matches any text.
func overlap(a, b string) bool {
	switch {
	case a == "" && b == "":
		return true
	case strings.HasPrefix(a, "*"):
		return overlap(a[1:], b) || b != "" && overlap(a, b[1:])
	case strings.HasPrefix(b, "*"):
		return overlap(b, a)
	default:
		return a != "" && b != "" && a[0] == b[0] && overlap(a[1:], b[1:])
	}
}

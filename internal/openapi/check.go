package openapi

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// checker collects everything that is wrong with a document.
type checker struct {
	root        *node
	problems    []Problem
	tokenHeader string
	deciders    []string // The names of the functions that decide about tokens.
}

// reject records that a part of the document is not acceptable.
func (c *checker) reject(at, reason string, args ...any) {
	c.problems = append(c.problems, Problem{at, fmt.Sprintf(reason, args...)})
}

// document checks the document and returns its operations.
func (c *checker) document() []Operation {
	version := c.root.field("openapi").text()
	switch {
	case c.root.field("swagger") != nil:
		c.reject("swagger", "want openapi: 3.0.x: convert the document")
	case !strings.HasPrefix(version, "3.0."):
		c.reject("openapi", "%q: want 3.0.x, the version that API Gateway reads", version)
	}
	if c.root.field("info", "title").text() == "" {
		c.reject("info.title", "required: the name of the API")
	}
	if c.root.field("security") != nil {
		c.reject("security", "API Gateway does not apply it to a REST API; want it in each operation")
	}
	if c.root.field("x-amazon-apigateway-policy") != nil {
		c.reject("x-amazon-apigateway-policy", "want it without: the stack writes the resource policy, which admits "+
			"its VPC and the callers that api.callers names")
	}
	servers := c.root.field("servers")
	if servers == nil {
		servers = &node{}
	}
	for i, part := range append([]*node{c.root}, servers.items...) {
		if part.field(endpointExtension) != nil {
			at := endpointExtension
			if i > 0 {
				at = fmt.Sprintf("servers[%d].%s", i-1, at)
			}
			c.reject(at, "want it without: the stack associates its endpoint with the API")
		}
	}
	c.authorizers()
	return c.paths()
}

// segment matches a segment of a path that API Gateway takes.
// It is not of dots only: clients remove such segments from a URL.
var segment = regexp.MustCompile(`^(\.*[A-Za-z0-9_:-][A-Za-z0-9._:-]*|\{[A-Za-z0-9._:-]+\+?\})$`)

// paths checks the paths and returns the operations.
func (c *checker) paths() []Operation {
	paths := c.root.field("paths")
	if paths == nil || len(paths.keys) == 0 {
		c.reject("paths", "required: at least one path with an operation")
		return nil
	}
	var operations []Operation
	for _, path := range paths.keys {
		at := "paths." + path
		if !isPath(path) {
			c.reject(at, "want a slash before each segment, and segments of letters, digits and . _ : -, not of dots "+
				"only, or {name}, with {name+} only at the end")
			continue
		}
		item := paths.field(path)
		if item.field("$ref") != nil {
			c.reject(at+".$ref", "want the operations here: API Gateway does not read references to paths")
			continue
		}
		count := len(operations)
		for _, key := range item.keys {
			if method := Method(key); method != "" {
				o := Operation{Path: path, Method: method}
				c.operation(at+"."+key, item.field(key), &o)
				operations = append(operations, o)
			} else if key == "trace" {
				c.reject(at+".trace", "API Gateway has no such method; want others")
			}
		}
		if len(operations) == count {
			c.reject(at, "want an operation, such as get")
		}
	}
	return operations
}

// isPath reports whether API Gateway takes a path.
func isPath(path string) bool {
	rest, found := strings.CutPrefix(path, "/")
	if !found || rest == "" {
		return found
	}
	segments := strings.Split(rest, "/")
	for i, s := range segments {
		if !segment.MatchString(s) || strings.HasSuffix(s, "+}") && i < len(segments)-1 {
			return false
		}
	}
	return true
}

// Method returns the method of an operation by its key in a path, such as GET. It is
// empty if API Gateway has no such operation.
func Method(key string) string { return methods[key] }

// methods are the methods by the keys of their operations.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-any-method.html
var methods = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS", "head": "HEAD",
	"patch": "PATCH", "x-amazon-apigateway-any-method": "ANY",
}

// integrationExtension is the extension that says what answers an operation.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
const integrationExtension = "x-amazon-apigateway-integration"

// operation checks an operation, and fills in what answers it and who may call it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integrations.html
func (c *checker) operation(at string, n *node, o *Operation) {
	c.access(at, n, o)
	integration := n.field(integrationExtension)
	at += "." + integrationExtension
	if integration.field("$ref") != nil {
		c.reject(at+".$ref", "want the integration here: only HTTP APIs have references to integrations")
		return
	}
	if integration == nil {
		c.reject(at, "required: what answers the operation, such as {type: aws_proxy, httpMethod: POST, uri: %s}",
			placeholder(""))
		return
	}
	c.integration(at, integration, o)
}

// integration checks what answers an operation.
func (c *checker) integration(at string, n *node, o *Operation) {
	kind, uri := strings.ToLower(n.field("type").text()), n.field("uri").text()
	o.Backend = Elsewhere
	switch {
	case !slices.Contains([]string{"aws", "aws_proxy", "http", "http_proxy", "mock"}, kind):
		c.reject(at+".type", "%q: want aws, aws_proxy, http, http_proxy or mock", kind)
		return
	case kind == "mock":
		o.Backend = Mock
		return
	case uri == "":
		c.reject(at+".uri", "required with the type %s", kind)
		return
	case n.field("httpMethod").text() == "":
		c.reject(at+".httpMethod", "required with the type %s", kind)
	case (kind == "aws_proxy" || functionURI.MatchString(uri)) && n.field("httpMethod").text() != "POST":
		c.reject(at+".httpMethod", "%q: want POST: Lambda accepts no other", n.field("httpMethod").text())
	}
	c.uri(at, n, uri, o)
}

var (
	// functionURI matches a URI that is a function of the stack.
	functionURI = regexp.MustCompile(`^\$\{function(s\.([a-z][a-z0-9-]{0,23}))?\}$`)
	// variable matches a part of a URI that is not literal.
	variable = regexp.MustCompile(`\$\{[^}]*\}?`)
)

// uri checks the URI of an integration.
func (c *checker) uri(at string, n *node, uri string, o *Operation) {
	kind := strings.ToLower(n.field("type").text())
	found := functionURI.FindStringSubmatch(uri)
	switch {
	case found != nil && strings.HasPrefix(kind, "http"):
		c.reject(at+".type", "%q: want aws_proxy with a function", kind)
	case found != nil:
		o.Backend, o.Function = Function, found[2]
	case strings.Contains(uri, ":lambda:path/") && n.field("credentials") == nil:
		c.reject(at+".uri", "%q: want %s or %s, with a function of the stack's configuration: the stack lets the API "+
			"invoke no others", uri, placeholder(""), placeholder("NAME"))
	default:
		for _, part := range variable.FindAllString(uri, -1) {
			if !strings.HasPrefix(part, "${stageVariables.") {
				c.reject(at+".uri", "%q: want %s or %s, and nothing else, as the URI", uri, placeholder(""),
					placeholder("NAME"))
				return
			}
		}
	}
}

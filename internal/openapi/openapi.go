// Package openapi reads the OpenAPI documents that describe REST APIs of API
// Gateway, and says what is wrong with them before AWS does.
//
// In a document, ${function} stands for the function of a stack, and ${functions.NAME}
// for the one with a name: for what API Gateway has as the URI of an integration.
package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Document is an OpenAPI document whose operations API Gateway can serve.
type Document struct {
	// Operations holds at least one operation, in the order of the document. Those of
	// OPTIONS are last: they answer browsers, and nobody else calls them.
	Operations []Operation
	// TokenHeader is the header that has the token; empty if no operation wants one.
	TokenHeader string
	// Authorizers holds the names of the functions that decide about tokens, each once and
	// in order. API Gateway asks them and does not pass requests on to them.
	Authorizers []string

	root map[string]any
}

// Operation is a method of a path.
type Operation struct {
	Path     string // Such as /orders/{id}.
	Method   string // GET, POST and so on, or ANY.
	Backend  Backend
	Function string // The name of the function that answers; empty for that of the stack.
	// Authorization is NONE, AWS_IAM or TOKEN.
	Authorization  string
	ApiKeyRequired bool
}

// Backend says what answers an operation.
type Backend string

// What answers an operation.
const (
	Function  Backend = ""          // A function of the stack.
	Mock      Backend = "mock"      // API Gateway itself.
	Elsewhere Backend = "elsewhere" // A server or a service of AWS that the stack does not know.
)

// Problem is one thing that is wrong with a document.
type Problem struct {
	At     string // Where, such as paths./orders.get; empty for the document as a whole.
	Reason string // What would be accepted, and why.
}

func (p Problem) String() string {
	if p.At == "" {
		return p.Reason
	}
	return p.At + ": " + p.Reason
}

// Parse reads a document in JSON or YAML. It returns everything that is wrong with
// it; the document is nil then.
func Parse(text []byte) (*Document, []Problem) {
	root, err := parse(text)
	if err != nil {
		return nil, []Problem{{"", fmt.Sprintf("want a document in JSON or YAML: %v", err)}}
	}
	c := &checker{root: root}
	operations := c.document()
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	slices.SortStableFunc(operations, func(a, b Operation) int { return rank(a) - rank(b) })
	slices.Sort(c.deciders)
	return &Document{operations, c.tokenHeader, slices.Compact(c.deciders), root.plain().(map[string]any)}, nil
}

// rank orders operations.
func rank(o Operation) int {
	if o.Method == "OPTIONS" {
		return 1
	}
	return 0
}

// placeholder returns what stands for a function in a document.
func placeholder(function string) string {
	if function == "" {
		return "${function}"
	}
	return "${functions." + function + "}"
}

// endpointExtension is the extension that associates a private API with endpoints.
// In version 3, it is a part of a server.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-endpoint-configuration.html
const endpointExtension = "x-amazon-apigateway-endpoint-configuration"

// JSON returns the document as API Gateway takes it. uris are the URIs of functions by
// their names. A private API is associated with an endpoint. API Gateway would end
// that association if the document did not name it.
func (d *Document) JSON(uris map[string]string, endpoint string) string {
	root := maps.Clone(d.root)
	byPlaceholder := map[string]string{}
	for name, uri := range uris {
		byPlaceholder[placeholder(name)] = uri
	}
	root["paths"] = withURIs(d.root["paths"], byPlaceholder)
	if len(d.Authorizers) > 0 {
		root["components"] = withAuthorizers(d.root["components"].(map[string]any), byPlaceholder)
	}
	if endpoint != "" {
		server := map[string]any{"url": "/", endpointExtension: map[string]any{"vpcEndpointIds": []any{endpoint}}}
		root["servers"] = []any{server}
	}
	text, err := json.Marshal(root)
	if err != nil { // It came from JSON or YAML, as texts, finite numbers, lists and maps from texts.
		panic(fmt.Sprintf("openapi: %v", err))
	}
	return string(text)
}

// withURIs returns the paths of a document with the URIs of functions in its
// integrations. In other places, such as a description, nothing stands for a function.
func withURIs(paths any, byPlaceholder map[string]string) map[string]any {
	all := maps.Clone(paths.(map[string]any))
	for path, item := range all {
		members := maps.Clone(item.(map[string]any))
		for key, operation := range members {
			if Method(key) != "" {
				members[key] = withURI(operation, integrationExtension, "uri", byPlaceholder)
			}
		}
		all[path] = members
	}
	return all
}

// withAuthorizers returns the components of a document with the URIs of functions in its
// authorizers.
func withAuthorizers(components map[string]any, byPlaceholder map[string]string) map[string]any {
	components = maps.Clone(components)
	schemes := maps.Clone(components["securitySchemes"].(map[string]any))
	for name, scheme := range schemes {
		schemes[name] = withURI(scheme, authorizerExtension, "authorizerUri", byPlaceholder)
	}
	components["securitySchemes"] = schemes
	return components
}

// withURI returns a part of a document with the URI of a function in one of its
// extensions, at a key.
func withURI(part any, extension, key string, byPlaceholder map[string]string) any {
	whole, _ := part.(map[string]any)
	inner, _ := whole[extension].(map[string]any)
	text, _ := inner[key].(string)
	uri, found := byPlaceholder[text]
	if !found {
		return part
	}
	whole, inner = maps.Clone(whole), maps.Clone(inner)
	inner[key] = uri
	whole[extension] = inner
	return whole
}

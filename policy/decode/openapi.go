package decode

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/policy/model"
)

// openAPI is an OpenAPI document of an API: version 2.0, which is also called
// Swagger, or 3. Its methods read a part of an unexpected shape as absent.
type openAPI struct{ root map[string]any }

// maxDocument is the size of the largest document that is read, in bytes. API
// Gateway imports no larger ones.
// https://docs.aws.amazon.com/apigateway/latest/api/API_ImportRestApi.html
const maxDocument = 6 << 20

// parseOpenAPI reads a document in JSON or YAML. It returns nil if the text is
// neither, or refers to paths in other files.
func parseOpenAPI(text string) *openAPI {
	if len(text) > maxDocument {
		return nil
	}
	var root map[string]any
	if json.Unmarshal([]byte(text), &root) != nil && yaml.Unmarshal([]byte(text), &root) != nil {
		return nil
	}
	paths, _ := root["paths"].(map[string]any)
	for _, item := range paths {
		if _, isReference := member(item, "$ref").(string); isReference {
			return nil
		}
	}
	return &openAPI{root}
}

// document returns the OpenAPI document in a resource's property body, or nil if
// the text is not known or not a document.
func (b *builder) document(n *node) *openAPI {
	document, done := b.documents[n.URN]
	if !done {
		if text, known := n.get("body").str().Get(); known {
			document = parseOpenAPI(text)
		}
		put(&b.documents, n.URN, document)
	}
	return document
}

// unread asks whether a resource has an OpenAPI document that cannot be read.
func (b *builder) unread(n *node) model.Truth {
	if b.document(n) != nil {
		return model.False
	}
	return n.sets("body")
}

// member returns a member of an object, or nil. In YAML, an object with keys
// that are not texts is a map of another type.
func member(object any, key string) any {
	switch o := object.(type) {
	case map[string]any:
		return o[key]
	case map[any]any:
		return o[key]
	}
	return nil
}

// maxNesting limits how deep a part of a document is read. What is deeper is
// dropped. No part that the model holds is so deep.
const maxNesting = 32

// plain returns a part of a document as JSON decoding would give it. YAML has
// more types: a version such as 2012-10-17 is a date there.
func plain(part any, nesting int) any {
	if nesting > maxNesting {
		return nil
	}
	switch p := part.(type) {
	case map[string]any:
		object := make(map[string]any, len(p))
		for key, v := range p {
			object[key] = plain(v, nesting+1)
		}
		return object
	case map[any]any:
		object := make(map[string]any, len(p))
		for key, v := range p {
			object[fmt.Sprint(key)] = plain(v, nesting+1)
		}
		return object
	case []any:
		list := make([]any, len(p))
		for i, v := range p {
			list[i] = plain(v, nesting+1)
		}
		return list
	case time.Time:
		return p.Format(time.DateOnly)
	case nil, bool, string, float64:
		return p
	case int:
		return float64(p)
	}
	return fmt.Sprint(part)
}

// part returns a part of the document as a value.
func (d *openAPI) part(part any) value {
	return newValue(resource.NewPropertyValue(plain(part, 0)), "body")
}

// extension returns an extension at the document's root. In version 3, an
// extension about the endpoint can also be at one of the servers.
func (d *openAPI) extension(name string) value {
	if v := d.part(d.root[name]); !v.absent {
		return v
	}
	servers, _ := d.root["servers"].([]any)
	for _, server := range servers {
		if v := d.part(member(server, name)); !v.absent {
			return v
		}
	}
	return value{path: "body", absent: true}
}

// operation is one method in a document.
type operation struct {
	verb, path string
	raw        any
}

// anyMethod is the extension for an operation that takes every method.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-any-method.html
const anyMethod = "x-amazon-apigateway-any-method"

// verbs maps the keys of a path's operations to HTTP methods.
var verbs = map[string]string{
	"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "options": "OPTIONS", "head": "HEAD",
	"patch": "PATCH", anyMethod: "ANY",
}

// operations returns the document's methods in the order of their paths and keys.
func (d *openAPI) operations() []operation {
	var all []operation
	paths, _ := plainKeys(d.root["paths"])
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item, _ := plainKeys(paths[path])
		for _, key := range slices.Sorted(maps.Keys(item)) {
			if verb := verbs[key]; verb != "" {
				all = append(all, operation{verb, path, item[key]})
			}
		}
	}
	return all
}

// plainKeys returns an object's members, and whether it is an object.
func plainKeys(object any) (map[string]any, bool) {
	switch o := object.(type) {
	case map[string]any:
		return o, true
	case map[any]any:
		members := make(map[string]any, len(o))
		for key, v := range o {
			members[fmt.Sprint(key)] = v
		}
		return members, true
	}
	return nil, false
}

// integration returns an operation's backend. Version 3 has a place for backends
// that several operations refer to.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integrations.html
func (d *openAPI) integration(o operation) value {
	raw := member(o.raw, "x-amazon-apigateway-integration")
	if reference, isReference := member(raw, "$ref").(string); isReference {
		raw = d.root
		for _, key := range strings.Split(strings.TrimPrefix(reference, "#/"), "/") {
			raw = member(raw, key)
		}
	}
	return d.part(raw)
}

// refersToIntegration reports whether an operation has a backend, maybe one that the document does not show.
func (o operation) refersToIntegration() bool {
	return member(o.raw, "x-amazon-apigateway-integration") != nil || member(o.raw, "$ref") != nil
}

// access is how an operation checks its callers.
type access struct {
	authorization model.Known[model.Authorization]
	keyRequired   model.Known[bool]
}

// access returns how an operation checks its callers. API Gateway applies what
// the operation itself requires. It does not use the document's default for all
// operations of a REST API. The documentation says nothing about that default
// for HTTP APIs.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
func (d *openAPI) access(o operation, isREST bool) access {
	kind := d.part(member(o.raw, "x-amazon-apigateway-auth")).field("type")
	if name, known := kind.str().Get(); known && strings.EqualFold(name, string(model.AuthorizationIAM)) {
		return access{model.Of(model.AuthorizationIAM), model.Of(false)}
	}
	given := member(o.raw, "security")
	if given == nil && !isREST && d.root["security"] != nil {
		return access{model.Unknown[model.Authorization](), model.Of(false)}
	}
	found := access{model.Of(model.AuthorizationNone), model.Of(false)}
	requirements, isList := given.([]any)
	if given != nil && !isList {
		found.authorization = model.Unknown[model.Authorization]()
	}
	for _, requirement := range requirements {
		schemes, isObject := plainKeys(requirement)
		if !isObject || len(schemes) == 0 {
			found.add(access{model.Unknown[model.Authorization](), model.Known[bool]{}})
		}
		for _, name := range slices.Sorted(maps.Keys(schemes)) {
			found.add(d.scheme(name, isREST))
		}
	}
	return found
}

// add adds what a further security scheme requires. A scheme says something about
// authorization, or about an API key.
func (a *access) add(scheme access) {
	if !scheme.keyRequired.IsAbsent() {
		a.keyRequired = scheme.keyRequired
	}
	open := a.authorization.Is(model.AuthorizationNone) || a.authorization.IsUnknown()
	if !scheme.authorization.IsAbsent() && open {
		a.authorization = scheme.authorization
	}
}

// scheme returns what a security scheme of the document requires. A scheme
// without an extension of API Gateway, except that for API keys, may not be
// applied at all.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
func (d *openAPI) scheme(name string, isREST bool) access {
	raw := member(d.root["securityDefinitions"], name)
	if raw == nil {
		raw = member(member(d.root["components"], "securitySchemes"), name)
	}
	scheme := d.part(raw)
	if name, known := scheme.field("x-amazon-apigateway-authtype").str().Get(); known &&
		strings.EqualFold(name, "awsSigv4") {
		return access{authorization: model.Of(model.AuthorizationIAM)}
	}
	if authorizer := scheme.field("x-amazon-apigateway-authorizer"); !authorizer.absent {
		return access{authorization: authorizerKind(authorizer.field("type").str())}
	}
	header, _ := scheme.field("name").str().Get()
	if isREST && scheme.field("type").str().Is("apiKey") && strings.EqualFold(header, "x-api-key") {
		return access{keyRequired: model.Of(true)}
	}
	return access{authorization: model.Unknown[model.Authorization]()}
}

// authorizerKind returns the authorization that an authorizer of this type gives
// to a method.
func authorizerKind(kind model.Known[string]) model.Known[model.Authorization] {
	name, _ := kind.Get()
	switch strings.ToLower(name) {
	case "token", "request":
		return model.Of(model.AuthorizationCustom)
	case "cognito_user_pools":
		return model.Of(model.AuthorizationCognito)
	case "jwt":
		return model.Of(model.AuthorizationJWT)
	}
	return model.Unknown[model.Authorization]()
}

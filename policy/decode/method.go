package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeMethod(n *node) {
	b.stack.Methods = b.methods.add(n, &model.Method{
		Element:       n.element(),
		Verb:          n.get("httpMethod").str(),
		Authorization: text[model.Authorization](n.get("authorization")),
		KeyRequired:   n.get("apiKeyRequired").boolean().Or(false),
		Parameters:    n.get("requestParameters").keys(),
		Integration:   model.UnknownRef[model.Integration](),
	})
}

func (b *builder) linkMethod(n *node) {
	m, path := elementOf(&b.methods, n), b.paths.ref(n, "resourceId")
	m.API = b.restAPIs.ref(n, "restApi")
	m.Path = pathOf(path)
	verb, known := m.Verb.Get()
	if at, certain := path.Sole(); certain && known {
		put(&b.methodsAt, methodKey{at, verb}, m)
	}
}

// methodKey identifies a method of a REST API.
type methodKey struct {
	path *resourcePath
	verb string
}

// methodOf returns the method of an integration: the one that the integration's
// properties come from, or the one with the same path and verb.
func (b *builder) methodOf(n *node, path model.Ref[resourcePath]) model.Ref[model.Method] {
	verb := n.get("httpMethod").str()
	for _, urn := range n.sources("httpMethod") {
		if e := b.methods.byURN[urn]; e != nil && e.element.Verb.Same(verb) != model.False {
			return sole(e.element)
		}
	}
	for _, urn := range n.sources("resourceId") {
		if e := b.methods.byURN[urn]; e != nil && e.element.Verb.Same(verb) == model.True {
			return sole(e.element)
		}
	}
	name, known := verb.Get()
	if at, certain := path.Sole(); certain && known {
		if m := b.methodsAt[methodKey{at, name}]; m != nil {
			return sole(m)
		}
	}
	return model.UnknownRef[model.Method]()
}

// addOperations adds the methods of a REST API in a document, and their
// integrations.
func (b *builder) addOperations(n *node, api model.Ref[model.RestAPI]) {
	d := b.document(n)
	if d == nil {
		return
	}
	from := n.sources("body")
	for _, o := range d.operations() {
		e := o.element(n)
		access := d.access(o, true)
		m := &model.Method{
			Element: e, API: api, Verb: model.Of(o.verb), Path: model.Of(o.path),
			Authorization: access.authorization, KeyRequired: access.keyRequired,
			Parameters: model.List[string]{},
		}
		b.stack.Methods = append(b.stack.Methods, m)
		if v := d.integration(o); !v.absent {
			b.addOperationIntegration(m, v, from)
		} else if o.refersToIntegration() {
			m.Integration = model.UnknownRef[model.Integration]()
		}
	}
}

// element returns what a method or a route in a document has in common with
// other elements. Its name is the verb and the path.
func (o operation) element(n *node) model.Element {
	e := n.element()
	e.Origin, e.Name = n.origin("body"), o.verb+" "+o.path
	return e
}

// addOperationIntegration adds the backend of a method in a document.
func (b *builder) addOperationIntegration(m *model.Method, v value, from []resource.URN) {
	i := &model.Integration{
		Element: m.Element, API: m.API, Path: m.Path, MethodVerb: m.Verb,
		Method:            sole(m),
		Type:              upper[model.IntegrationType](v.field("type")),
		Connection:        upper[model.ConnectionType](v.field("connectionType")).Or(model.ConnectionInternet),
		Link:              b.vpcLinks.resolve(v.field("connectionId").str(), from),
		Target:            b.loadBalancers.resolve(v.field("integrationTarget").str(), from),
		URI:               v.field("uri").str(),
		Verb:              v.field("httpMethod").str(),
		Parameters:        v.field("requestParameters").mappings(),
		HasCredentials:    isSet(v.field("credentials")),
		ConvertsBodies:    isSet(v.field("contentHandling")),
		SkipsVerification: v.field("tlsConfig").field("insecureSkipVerification").boolean().Or(false),
	}
	i.FunctionRef = b.functionIn(i.Type, i.URI, from, m.Placement)
	m.Integration = sole(i)
	b.stack.Integrations = append(b.stack.Integrations, i)
}

// sole returns a reference that certainly names one element.
func sole[T any](element *T) model.Ref[T] {
	return model.Ref[T]{Value: model.Unknown[string](), Candidates: []*T{element}}
}

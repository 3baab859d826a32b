package decode

import (
	"strings"

	"private-api-blueprints/policy/model"
)

func (b *builder) linkAPIRoute(n *node) {
	target := mapped(n.get("target").str(), func(s string) string { return strings.TrimPrefix(s, "integrations/") })
	b.stack.Routes = append(b.stack.Routes, &model.Route{
		Element:       n.element(),
		API:           b.httpAPIs.ref(n, "apiId"),
		Key:           n.get("routeKey").str(),
		Authorization: text[model.Authorization](n.get("authorizationType")).Or(model.AuthorizationNone),
		KeyRequired:   n.get("apiKeyRequired").boolean().Or(false),
		Integration:   b.httpIntegrations.resolve(target, n.sources("target")),
	})
}

// addRouteOperations adds the routes of an HTTP API in a document, and their
// integrations.
func (b *builder) addRouteOperations(n *node) {
	d := b.document(n)
	if d == nil {
		return
	}
	api, from := itself(&b.httpAPIs, n), n.sources("body")
	for _, o := range d.operations() {
		access := d.access(o, false)
		r := &model.Route{
			Element: o.element(n), API: api, Key: model.Of(routeKey(o)),
			Authorization: access.authorization, KeyRequired: access.keyRequired,
		}
		if v := d.integration(o); !v.absent {
			i := b.httpIntegration(r.Element, api, v, "uri")
			i.Link = b.vpcLinks.resolve(v.field("connectionId").str(), from)
			i.Listener = b.listeners.resolve(i.URI, from)
			i.FunctionRef = b.functionIn(i.Type, i.URI, from, r.Placement)
			r.Integration = sole(i)
			b.stack.HTTPIntegrations = append(b.stack.HTTPIntegrations, i)
		} else if o.refersToIntegration() {
			r.Integration = model.UnknownRef[model.HTTPIntegration]()
		}
		b.stack.Routes = append(b.stack.Routes, r)
	}
}

// routeKey returns the key of a route in a document. The path of the route for
// all other requests is /$default.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
func routeKey(o operation) string {
	if o.path == "/"+model.RouteDefault {
		return model.RouteDefault
	}
	return o.verb + " " + o.path
}

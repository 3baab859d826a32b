package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeHTTPIntegration(n *node) {
	b.stack.HTTPIntegrations = b.httpIntegrations.add(n, &model.HTTPIntegration{
		Element:        n.element(),
		Type:           text[model.IntegrationType](n.get("integrationType")),
		Connection:     text[model.ConnectionType](n.get("connectionType")).Or(model.ConnectionInternet),
		URI:            n.get("integrationUri").str(),
		Parameters:     n.get("requestParameters").mappings(),
		HasCredentials: n.sets("credentialsArn"),
	})
}

func (b *builder) linkHTTPIntegration(n *node) {
	i := elementOf(&b.httpIntegrations, n)
	i.API = b.httpAPIs.ref(n, "apiId")
	i.Link = b.vpcLinks.ref(n, "connectionId")
	i.Listener = b.listeners.ref(n, "integrationUri")
	b.useRole(n, "credentialsArn", model.PrincipalAPIGateway)
	i.FunctionRef = b.functionIn(i.Type, i.URI, n.sources("integrationUri"), i.Placement)
	if i.URI.IsUnknown() {
		i.MadeFrom = b.balancersAndGroups(n.sources("integrationUri"))
	}
}

// httpIntegration reads an integration in a document of an HTTP API.
func (b *builder) httpIntegration(
	e model.Element, api model.Ref[model.HTTPAPI], v value, uri string,
) *model.HTTPIntegration {
	return &model.HTTPIntegration{
		Element:        e,
		API:            api,
		Type:           upper[model.IntegrationType](v.field("type")),
		Connection:     upper[model.ConnectionType](v.field("connectionType")).Or(model.ConnectionInternet),
		URI:            v.field(uri).str(),
		Parameters:     v.field("requestParameters").mappings(),
		HasCredentials: isSet(v.field("credentials")),
	}
}

// balancersAndGroups returns the load balancers and target groups among the
// resources that a text is made from. It returns none if the text is also made
// from something else.
func (b *builder) balancersAndGroups(from []resource.URN) []model.Element {
	var all []model.Element
	for _, urn := range from {
		if e := b.loadBalancers.byURN[urn]; e != nil {
			all = append(all, e.element.Element)
		} else if e := b.targetGroups.byURN[urn]; e != nil {
			all = append(all, e.element.Element)
		} else {
			return nil
		}
	}
	return all
}

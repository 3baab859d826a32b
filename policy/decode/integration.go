package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) linkIntegration(n *node) {
	tls, path := n.get("tlsConfig").only(), b.paths.ref(n, "resourceId")
	integration := &model.Integration{
		Element:           n.element(),
		API:               b.restAPIs.ref(n, "restApi"),
		Path:              pathOf(path),
		MethodVerb:        n.get("httpMethod").str(),
		Type:              text[model.IntegrationType](n.get("type")),
		Connection:        text[model.ConnectionType](n.get("connectionType")).Or(model.ConnectionInternet),
		Link:              b.vpcLinks.ref(n, "connectionId"),
		Target:            b.loadBalancers.ref(n, "integrationTarget"),
		URI:               n.get("uri").str(),
		Verb:              n.get("integrationHttpMethod").str(),
		HasCredentials:    n.sets("credentials"),
		Parameters:        n.get("requestParameters").mappings(),
		ConvertsBodies:    n.sets("contentHandling"),
		SkipsVerification: tls.field("insecureSkipVerification").boolean().Or(false),
	}
	integration.FunctionRef = b.functionIn(integration.Type, integration.URI, n.sources("uri"), n.placement())
	if integration.URI.IsUnknown() {
		integration.Balancer = b.balancerAmong(n.sources("uri"))
	}
	b.stack.Integrations = append(b.stack.Integrations, integration)
	b.joins = append(b.joins, unjoined{n, path, integration})
}

// unjoined is an integration whose method is still to be found. Methods are linked
// in the same pass as integrations.
type unjoined struct {
	node        *node
	path        model.Ref[resourcePath]
	integration *model.Integration
}

// joinIntegrations finds the methods of the program's integrations.
func (b *builder) joinIntegrations() {
	for _, j := range b.joins {
		j.integration.Method = b.methodOf(j.node, j.path)
		if m, certain := j.integration.Method.Sole(); certain {
			m.Integration = sole(j.integration)
		}
	}
}

// balancerAmong returns the load balancer that a text is made from. The
// reference is open if the text is also made from something else.
func (b *builder) balancerAmong(from []resource.URN) model.Ref[model.LoadBalancer] {
	ref := model.Ref[model.LoadBalancer]{Value: model.Unknown[string](), Open: len(from) == 0}
	for _, urn := range from {
		if e := b.loadBalancers.byURN[urn]; e != nil {
			ref.Candidates = append(ref.Candidates, e.element)
		} else {
			ref.Open = true
		}
	}
	return ref
}

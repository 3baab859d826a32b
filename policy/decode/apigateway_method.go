package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

var methodReaders = map[string]reader{
	"aws:apigateway/method:Method":           {link: (*builder).linkMethod},
	"aws:apigateway/integration:Integration": {link: (*builder).linkIntegration},
}

func (b *builder) linkMethod(n *node) {
	b.stack.Methods = append(b.stack.Methods, &model.Method{
		Element:       n.element(),
		API:           b.restAPIs.ref(n, "restApi"),
		Verb:          n.get("httpMethod").str(),
		Authorization: as[model.Authorization](n.get("authorization").str()),
		KeyRequired:   n.get("apiKeyRequired").boolean().Or(false),
	})
}

func (b *builder) linkIntegration(n *node) {
	integration := &model.Integration{
		Element:           n.element(),
		API:               b.restAPIs.ref(n, "restApi"),
		Type:              as[model.IntegrationType](n.get("type").str()),
		Connection:        as[model.ConnectionType](n.get("connectionType").str()).Or(model.ConnectionInternet),
		Link:              b.vpcLinks.ref(n, "connectionId"),
		URI:               n.get("uri").str(),
		SkipsVerification: n.get("tlsConfig").only().field("insecureSkipVerification").boolean().Or(false),
	}
	if integration.URI.IsUnknown() {
		integration.Balancer = b.soleSource(n.sources("uri"))
	}
	b.stack.Integrations = append(b.stack.Integrations, integration)
}

// soleSource is the load balancer that a text is made from, if it is made from
// nothing else.
func (b *builder) soleSource(from []resource.URN) model.Ref[model.LoadBalancer] {
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

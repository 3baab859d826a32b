package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) linkIntegration(n *node) {
	tls := n.get("tlsConfig").only()
	integration := &model.Integration{
		Element:           n.element(),
		API:               b.restAPIs.ref(n, "restApi"),
		Type:              text[model.IntegrationType](n.get("type")),
		Connection:        text[model.ConnectionType](n.get("connectionType")).Or(model.ConnectionInternet),
		Link:              b.vpcLinks.ref(n, "connectionId"),
		URI:               n.get("uri").str(),
		SkipsVerification: tls.field("insecureSkipVerification").boolean().Or(false),
	}
	if integration.URI.IsUnknown() {
		integration.Balancer = b.balancerAmong(n.sources("uri"))
	}
	b.stack.Integrations = append(b.stack.Integrations, integration)
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

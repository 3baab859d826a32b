package decode

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// linkEndpointPolicy reads a VpcEndpointPolicy. Without a text it gives the
// endpoint full access.
func (b *builder) linkEndpointPolicy(n *node) {
	endpoint := b.endpoints.ref(n, "vpcEndpointId")
	b.endpointPolicyOverrides = append(b.endpointPolicyOverrides, override[model.Endpoint]{endpoint, model.True})
	if n.sets("policy") != model.False {
		b.addEndpointPolicy(n, endpoint, model.True)
	}
}

// inlineEndpointPolicy reads the policy in an endpoint's own property.
func (b *builder) inlineEndpointPolicy(n *node) {
	endpoint := elementOf(&b.endpoints, n)
	overridden := isOverridden(b.endpointPolicyOverrides, endpoint)
	if set := n.sets("policy").And(overridden.Not()); set != model.False && endpoint.IsExecuteAPI() != model.False {
		b.addEndpointPolicy(n, itself(&b.endpoints, n), set)
	}
}

// addEndpointPolicy reads the property policy of a resource as an endpoint's policy.
func (b *builder) addEndpointPolicy(n *node, endpoint model.Ref[model.Endpoint], set model.Truth) {
	policy := &model.EndpointPolicy{
		Element: n.element(), Endpoint: endpoint, Set: set, Document: parsePolicy(n.get("policy")),
	}
	policy.Origin = n.origin("policy")
	policy.APIs = b.allowedAPIs(policy.Document, n.sources("policy"))
	b.stack.AddEndpointPolicy(policy)
}

// allowedAPIs returns the APIs that a document allows to call by their IDs.
func (b *builder) allowedAPIs(document *model.PolicyDocument, from []resource.URN) model.Refs[model.RestAPI] {
	var apis model.Refs[model.RestAPI]
	if document == nil {
		return apis
	}
	for _, s := range document.Statements {
		for _, arn := range s.Resources.Values {
			if id, one := model.APIInARN(arn); one && s.AllowsCalls() && !s.Resources.Not {
				apis.Items = append(apis.Items, b.restAPIs.resolve(model.Of(id), from))
			}
		}
	}
	return apis
}

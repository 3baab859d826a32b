package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// linkRestAPIPolicy reads a RestApiPolicy. The provider takes no empty policy
// there, so the policy is set.
func (b *builder) linkRestAPIPolicy(n *node) {
	policy := b.policyIn(n)
	policy.API = b.restAPIs.ref(n, "restApiId")
	policy.Set = model.True
	b.addPolicy(policy)
	b.policyOverrides = append(b.policyOverrides, override[model.RestAPI]{policy.API, model.True})
	b.addPolicyOwner(policy, model.True)
}

// inlinePolicy reads the policy in an API's own property.
func (b *builder) inlinePolicy(n *node) {
	policy := b.policyIn(n)
	policy.API = itself(&b.restAPIs, n)
	b.addPolicyOwner(policy, policy.Set.And(n.isProgrammed("policy")))
	policy.Set = policy.Set.And(isOverridden(b.policyOverrides, elementOf(&b.restAPIs, n)).Not())
	b.addPolicy(policy)
}

// policyExtension is the OpenAPI extension that holds a resource policy.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html
const policyExtension = "x-amazon-apigateway-policy"

// addBodyPolicy reads the policy in an OpenAPI document. A document that cannot
// be read is only searched for the extension's name.
func (b *builder) addBodyPolicy(n *node, api model.Ref[model.RestAPI]) {
	v := n.get("body")
	body, known := v.str().Get()
	if v.absent || known && !strings.Contains(body, policyExtension) {
		return
	}
	policy := newPolicy(n, v)
	policy.API = api
	if known {
		policy.Set = model.True
		if d := b.document(n); d != nil {
			policy.Document = parsePolicy(d.part(d.root[policyExtension]))
		}
	}
	b.linkNetworks(n, policy)
	b.addPolicy(policy)
	b.addPolicyOwner(policy, policy.Set)
}

// policyIn reads the property policy of a resource.
func (b *builder) policyIn(n *node) *model.ResourcePolicy {
	v := n.get("policy")
	policy := newPolicy(n, v)
	policy.Document = parsePolicy(v)
	policy.Set = n.sets("policy")
	policy.Networks = b.networksAmong(n.sources("policy"))
	b.linkNetworks(n, policy)
	return policy
}

// newPolicy returns a policy whose place is known, but not its text.
func newPolicy(n *node, v value) *model.ResourcePolicy {
	policy := &model.ResourcePolicy{Element: n.element(), Set: model.Maybe}
	policy.Origin = n.origin(v.path)
	policy.From = n.sourcesOf(v.path)
	policy.Secret = n.Properties[resource.PropertyKey(v.path)].ContainsSecrets()
	return policy
}

// addPolicy adds a policy that is or may be in force.
func (b *builder) addPolicy(policy *model.ResourcePolicy) {
	if policy.Set != model.False {
		b.stack.ResourcePolicies = append(b.stack.ResourcePolicies, policy)
	}
}

// addPolicyOwner adds the resource of a policy as one that sets, or may set, it.
func (b *builder) addPolicyOwner(policy *model.ResourcePolicy, sets model.Truth) {
	if sets != model.False {
		owner := &model.PolicyOwner{Element: policy.Element, API: policy.API, SetsPolicy: sets}
		b.stack.PolicyOwners = append(b.stack.PolicyOwners, owner)
	}
}

// networksAmong returns the networks that a text made from resources may name.
// The resources are told apart by their types, because the engine does not send
// resources that a program only reads.
func (b *builder) networksAmong(from []resource.URN) model.NetworkSources {
	networks := model.NetworkSources{VPC: model.False}
	for _, urn := range from {
		switch kind := typeOf(urn); {
		case kind == "aws:ec2/vpcEndpoint:VpcEndpoint":
			name := urn.Name()
			if e := b.endpoints.byURN[urn]; e != nil {
				name = e.element.Name
			}
			networks.Endpoints = append(networks.Endpoints, name)
		case kind == "aws:ec2/vpc:Vpc", kind == "aws:ec2/defaultVpc:DefaultVpc":
			networks.VPC = model.True
		case !givesNoVPC(kind):
			networks.VPC = networks.VPC.Or(model.Maybe)
		}
	}
	return networks
}

// typeOf returns the type in a URN. It is empty if the URN is not valid.
func typeOf(urn resource.URN) string {
	if !urn.IsValid() {
		return ""
	}
	return string(urn.Type())
}

// givesNoVPC reports whether no output of a resource is the ID of a VPC: the
// resources whose ARNs and IDs policies name.
func givesNoVPC(kind string) bool {
	services := []string{"aws:apigateway/", "aws:iam/", "aws:organizations/"}
	return slices.ContainsFunc(services, func(service string) bool {
		return strings.HasPrefix(kind, service)
	})
}

// linkNetworks resolves the VPCs and endpoints in the conditions of a policy.
func (b *builder) linkNetworks(n *node, policy *model.ResourcePolicy) {
	if policy.Document == nil {
		return
	}
	from := n.sources(policy.Property)
	for _, s := range policy.Document.Statements {
		for _, c := range s.Conditions {
			for _, v := range c.Values {
				switch strings.ToLower(c.Key) {
				case "aws:sourcevpc":
					policy.VPCs.Items = append(policy.VPCs.Items, b.vpcs.resolve(model.Of(v), from))
				case "aws:sourcevpce":
					policy.Endpoints.Items = append(policy.Endpoints.Items, b.endpoints.resolve(model.Of(v), from))
				}
			}
		}
	}
}

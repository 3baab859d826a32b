package decode

import (
	"encoding/json"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// policyExtension is the OpenAPI extension that carries a resource policy.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html
const policyExtension = "x-amazon-apigateway-policy"

// endpointExtension is the OpenAPI extension that can turn the default name off.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-endpoint-configuration.html
const endpointExtension = "x-amazon-apigateway-endpoint-configuration"

var apiReaders = map[string]reader{
	"aws:apigateway/restApi:RestApi":             {make: (*builder).makeRestAPI, link: (*builder).linkRestAPI, repeat: (*builder).repeatPolicy},
	"aws:apigateway/restApiPolicy:RestApiPolicy": {link: (*builder).linkRestAPIPolicy},
	"aws:apigateway/restApiPut:RestApiPut":       {link: (*builder).linkRestAPIPut},
	"aws:apigatewayv2/api:Api":                   {make: (*builder).makeHTTPAPI},
}

func (b *builder) makeRestAPI(n *node) {
	configuration := n.get("endpointConfiguration").only()
	b.restAPIs.add(n, &model.RestAPI{
		Element:        n.element(),
		Type:           apiType(configuration),
		DefaultNameOff: defaultNameOff(n),
		Addresses:      n.addressType(configuration),
		Document:       n.gives("body"),
	})
}

// apiType reads the endpoint type of an API or a custom domain.
func apiType(configuration value) model.Known[model.APIType] {
	return as[model.APIType](soleString(configuration.field("types"))).Or(model.APIEdge)
}

// addressType reads an API's ipAddressType. Where the program leaves it out, the
// provider plans with the one that the API has, and AWS makes dualstack of it when
// the API becomes private.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
func (n *node) addressType(configuration value) model.Known[model.IPAddressType] {
	addresses := as[model.IPAddressType](configuration.field("ipAddressType").str())
	if addresses.Is(model.IPv4) && len(n.names()) > 0 {
		return model.Unknown[model.IPAddressType]()
	}
	return addresses
}

func (b *builder) makeHTTPAPI(n *node) {
	b.httpAPIs.add(n, &model.HTTPAPI{
		Element:        n.element(),
		Protocol:       as[model.APIProtocol](n.get("protocolType").str()),
		DefaultNameOff: defaultNameOff(n),
	})
}

// defaultNameOff reads whether an API does not answer to its execute-api name.
// What the program leaves out an OpenAPI document may set, which is searched for
// the extension's name but not read.
func defaultNameOff(n *node) model.Known[bool] {
	off, body := n.get("disableExecuteApiEndpoint").boolean(), n.get("body")
	text, known := body.str().Get()
	if off.IsAbsent() && !body.absent && (!known || strings.Contains(text, endpointExtension)) {
		return model.Unknown[bool]()
	}
	return off.Or(false)
}

// soleString reads a list that never has more than one element, or that element.
func soleString(v value) model.Known[string] {
	l := v.list()
	switch {
	case l.open || len(l.items) > 1:
		return model.Unknown[string]()
	case len(l.items) == 0:
		return model.Known[string]{}
	}
	return l.items[0].str()
}

func (b *builder) linkRestAPI(n *node) {
	endpoints := n.get("endpointConfiguration").only().field("vpcEndpointIds").list()
	api := elementOf(b.restAPIs, n)
	api.Endpoints = b.endpoints.refsIn(endpoints, "", n.sources("endpointConfiguration"))
	if api.IsPrivate() != model.True && n.mayKeep("endpointConfiguration") {
		api.Endpoints = perhaps(api.Endpoints)
	}
	b.addBodyPolicy(n, itself(b.restAPIs, n))
}

// perhaps is a set of which each element may be there or not: the provider keeps
// the endpoints of an API that is private no longer, and AWS does not.
// https://github.com/hashicorp/terraform-provider-aws/issues/42169
func perhaps[T any](set model.Refs[T]) model.Refs[T] {
	var none model.Refs[T]
	for _, element := range set.Items {
		none = none.WithMaybe(element)
	}
	if set.Rest != nil {
		none = none.WithMaybe(*set.Rest)
	}
	return none
}

func (b *builder) linkRestAPIPolicy(n *node) {
	policy := policyOf(n, b.restAPIs.ref(n, "restApiId"))
	b.linkNetworks(n, policy)
	policy.Set = model.True // The provider takes no empty policy here.
	b.stack.ResourcePolicies = append(b.stack.ResourcePolicies, policy)
	b.policyOwners = append(b.policyOwners, owner[model.RestAPI]{policy.API, model.True})
	b.addPolicyOwner(policy, model.True)
}

func (b *builder) addPolicyOwner(policy *model.ResourcePolicy, puts model.Truth) {
	if puts != model.False {
		b.stack.PolicyOwners = append(b.stack.PolicyOwners, &model.PolicyOwner{Element: policy.Element, API: policy.API, SetsPolicy: puts})
	}
}

// repeatPolicy reads the policy at the API itself.
func (b *builder) repeatPolicy(n *node) {
	policy := policyOf(n, itself(b.restAPIs, n))
	b.linkNetworks(n, policy)
	b.addPolicyOwner(policy, policy.Set.And(n.isProgrammed("policy")))
	policy.Set = policy.Set.And(owned(b.policyOwners, elementOf(b.restAPIs, n)).Not())
	b.addPolicy(policy)
}

// isProgrammed asks whether a property is what the program says, as against
// what the provider has read. It is so for a resource that does not exist yet,
// which has no id, and for what is made from other resources.
func (n *node) isProgrammed(key string) model.Truth {
	_, exists := n.Properties["id"]
	if !exists || len(n.sources(key)) > 0 {
		return model.True
	}
	return model.Maybe
}

func (b *builder) addPolicy(policy *model.ResourcePolicy) {
	if policy.Set != model.False {
		b.stack.ResourcePolicies = append(b.stack.ResourcePolicies, policy)
	}
}

func (b *builder) linkRestAPIPut(n *node) {
	ref := b.restAPIs.ref(n, "restApiId")
	for _, api := range ref.Among(b.restAPIs.all) {
		api.Document = api.Document.Or(ref.Names(api).And(n.gives("body")))
	}
	b.addBodyPolicy(n, ref)
}

func policyOf(n *node, api model.Ref[model.RestAPI]) *model.ResourcePolicy {
	v := n.get("policy")
	policy := newPolicy(n, v, api)
	policy.Document = parsePolicy(v)
	policy.Set = n.gives("policy")
	return policy
}

// newPolicy is a policy of which nothing but its place is known.
func newPolicy(n *node, v value, api model.Ref[model.RestAPI]) *model.ResourcePolicy {
	policy := &model.ResourcePolicy{Element: n.element(), API: api, Set: model.Maybe}
	policy.Origin = n.origin(v.path)
	policy.From = n.from(v.path)
	policy.Secret = n.Properties[resource.PropertyKey(v.path)].ContainsSecrets()
	return policy
}

// addBodyPolicy looks for a policy in an OpenAPI document. A document in YAML
// is searched for the extension's name but not read.
func (b *builder) addBodyPolicy(n *node, api model.Ref[model.RestAPI]) {
	v := n.get("body")
	text, known := v.str().Get()
	if v.absent || known && !strings.Contains(text, policyExtension) {
		return
	}
	policy := newPolicy(n, v, api)
	if known {
		policy.Set = model.True
		var document map[string]json.RawMessage
		if json.Unmarshal([]byte(text), &document) == nil {
			policy.Document = parseDocument(document[policyExtension])
		}
	}
	b.linkNetworks(n, policy)
	b.stack.ResourcePolicies = append(b.stack.ResourcePolicies, policy)
	b.addPolicyOwner(policy, policy.Set)
}

// linkNetworks finds what the conditions of a policy name.
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

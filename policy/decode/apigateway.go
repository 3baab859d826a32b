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
	"aws:apigateway/domainName:DomainName":       {link: (*builder).linkDomainName},
	"aws:apigatewayv2/api:Api":                   {make: (*builder).makeHTTPAPI},
}

func (b *builder) makeRestAPI(n *node) {
	configuration := n.get("endpointConfiguration")
	if l := configuration.list(); len(l.items) == 1 {
		configuration = l.items[0]
	}
	b.restAPIs.add(n, &model.RestAPI{
		Element:        n.element(),
		Type:           soleString(configuration.field("types")).Or(model.TypeEdge),
		DefaultNameOff: defaultNameOff(n),
	})
}

func (b *builder) makeHTTPAPI(n *node) {
	b.stack.HTTPAPIs = append(b.stack.HTTPAPIs, &model.HTTPAPI{
		Element:        n.element(),
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

func (b *builder) linkRestAPI(n *node) { b.addBodyPolicy(n, itself(b.restAPIs, n)) }

func (b *builder) linkRestAPIPolicy(n *node) {
	policy := policyOf(n, b.restAPIs.ref(n, "restApiId"))
	policy.Set = model.True // The provider takes no empty policy here.
	b.stack.ResourcePolicies = append(b.stack.ResourcePolicies, policy)
	b.policyOwners = append(b.policyOwners, owner[model.RestAPI]{policy.API, model.True})
}

// repeatPolicy reads the policy at the API itself.
func (b *builder) repeatPolicy(n *node) {
	policy := policyOf(n, itself(b.restAPIs, n))
	policy.Set = policy.Set.And(owned(b.policyOwners, elementOf(b.restAPIs, n)).Not())
	b.addPolicy(policy)
}

// linkDomainName reads the policy of a private custom domain, which is that of
// no API.
func (b *builder) linkDomainName(n *node) { b.addPolicy(policyOf(n, model.Ref[model.RestAPI]{})) }

func (b *builder) addPolicy(policy *model.ResourcePolicy) {
	if policy.Set != model.False {
		b.stack.ResourcePolicies = append(b.stack.ResourcePolicies, policy)
	}
}

func (b *builder) linkRestAPIPut(n *node) { b.addBodyPolicy(n, b.restAPIs.ref(n, "restApiId")) }

func policyOf(n *node, api model.Ref[model.RestAPI]) *model.ResourcePolicy {
	v := n.get("policy")
	policy := newPolicy(n, v, api)
	policy.Document = parsePolicy(v)
	if _, known := v.str().Get(); v.absent || known {
		policy.Set = model.TruthOf(known)
	}
	return policy
}

// newPolicy is a policy of which nothing but its place is known.
func newPolicy(n *node, v value, api model.Ref[model.RestAPI]) *model.ResourcePolicy {
	policy := &model.ResourcePolicy{Element: n.element(), API: api, Set: model.Maybe}
	policy.Origin = n.origin(v.path)
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
	b.stack.ResourcePolicies = append(b.stack.ResourcePolicies, policy)
}

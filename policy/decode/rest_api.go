package decode

import (
	"strings"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeRestAPI(n *node) {
	configuration := n.get("endpointConfiguration").only()
	b.stack.RestAPIs = b.restAPIs.add(n, &model.RestAPI{
		Element:        n.element(),
		Type:           apiType(configuration),
		DefaultNameOff: defaultNameOff(n),
		Addresses:      n.addressType(configuration),
		Document:       n.sets("body"),
		EndpointsFrom:  n.sourcesOf("endpointConfiguration"),
		Compresses:     compresses(n),
	})
}

// apiType reads the endpoint type of a REST API or a custom domain.
func apiType(configuration value) model.Known[model.APIType] {
	return soleText[model.APIType](configuration.field("types")).Or(model.APIEdge)
}

// addressType reads an API's ipAddressType. If the program leaves it out, the
// provider plans with the type that the API has. When the API becomes private,
// AWS changes that to dualstack.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html
func (n *node) addressType(configuration value) model.Known[model.IPAddressType] {
	addresses := text[model.IPAddressType](configuration.field("ipAddressType"))
	if addresses.Is(model.IPv4) && len(n.ids()) > 0 {
		return model.Unknown[model.IPAddressType]()
	}
	return addresses
}

// endpointExtension is the OpenAPI extension that can turn an API's default name off.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-endpoint-configuration.html
const endpointExtension = "x-amazon-apigateway-endpoint-configuration"

// defaultNameOff reads whether an API refuses calls to its execute-api name. If
// the program does not say, an OpenAPI document may. The document is only
// searched for the extension's name.
func defaultNameOff(n *node) model.Known[bool] {
	off, body := n.get("disableExecuteApiEndpoint").boolean(), n.get("body")
	document, known := body.str().Get()
	if off.IsAbsent() && !body.absent && (!known || strings.Contains(document, endpointExtension)) {
		return model.Unknown[bool]()
	}
	return off.Or(false)
}

// linkRestAPI reads the endpoints of an API and the policy in its OpenAPI
// document. For an API that is no longer private, the provider keeps the
// endpoints and AWS does not.
// https://github.com/hashicorp/terraform-provider-aws/issues/42169
func (b *builder) linkRestAPI(n *node) {
	const configuration = "endpointConfiguration"
	endpoints := n.get(configuration).only().field("vpcEndpointIds").list()
	api := elementOf(&b.restAPIs, n)
	api.Endpoints = b.endpoints.refsIn(endpoints, "", n.sources(configuration))
	if api.IsPrivate() != model.True && n.mayKeep(configuration) {
		api.Endpoints = maybeEach(api.Endpoints)
	}
	b.addDocument(n, itself(&b.restAPIs, n))
	b.addBodyPolicy(n, itself(&b.restAPIs, n))
}

// linkRestAPIPut reads an OpenAPI document that a dedicated resource imports.
func (b *builder) linkRestAPIPut(n *node) {
	ref := b.restAPIs.ref(n, "restApiId")
	for _, api := range ref.Among(b.stack.RestAPIs) {
		api.Document = api.Document.Or(ref.Names(api).And(n.sets("body")))
		api.Compresses = api.Compresses.Or(model.Maybe)
	}
	b.addDocument(n, ref)
	b.addBodyPolicy(n, ref)
}

// compressionExtension is the OpenAPI extension that turns compression on.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-openapi-minimum-compression-size.html
const compressionExtension = "x-amazon-apigateway-minimum-compression-size"

// compresses asks whether an API compresses bodies. A negative size turns that
// off. An OpenAPI document is only searched for the extension's name.
func compresses(n *node) model.Truth {
	if size, known := n.get("minimumCompressionSize").number(); known {
		return model.TruthOf(size >= 0)
	}
	document, known := n.get("body").str().Get()
	unread := n.sets("body") != model.False && (!known || strings.Contains(document, compressionExtension))
	return n.sets("minimumCompressionSize").OrMaybeIf(unread)
}

// addDocument adds the OpenAPI document that a resource imports into an API.
func (b *builder) addDocument(n *node, api model.Ref[model.RestAPI]) {
	document := &model.APIDocument{Element: n.element(), API: api, Set: n.sets("body"), From: n.sourcesOf("body")}
	document.Origin = n.origin("body")
	if document.Set != model.False {
		b.stack.APIDocuments = append(b.stack.APIDocuments, document)
	}
}

package decode

import (
	"strings"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeRestAPI(n *node) {
	configuration := n.get("endpointConfiguration").only()
	b.stack.RestAPIs = b.restAPIs.add(n, &model.RestAPI{
		Element:          n.element(),
		ExecutionARN:     n.output("executionArn").str(),
		Type:             restAPIType(n, configuration),
		DefaultNameOff:   b.defaultNameOff(n),
		Addresses:        n.addressType(configuration),
		Document:         b.unread(n),
		BinaryMediaTypes: b.binaryMediaTypes(n),
		EndpointsFrom:    n.sourcesOf("endpointConfiguration"),
		Compresses:       b.compresses(n),
	})
	b.makeRootPath(n)
}

// restAPIType reads the endpoint type of a REST API. The parameters of an OpenAPI
// import can give it instead of the API's own property.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/import-export-api-endpoints.html
func restAPIType(n *node, configuration value) model.Known[model.APIType] {
	imported := n.get("parameters").field("endpointConfigurationTypes")
	if configuration.absent && !imported.absent {
		return text[model.APIType](imported)
	}
	return apiType(configuration)
}

// binaryMediaTypes reads an API's binary media types. If the program does not set
// them, an OpenAPI document may.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-binary-media-types.html
func (b *builder) binaryMediaTypes(n *node) model.List[string] {
	types := texts[string](n.get("binaryMediaTypes").list())
	if d := b.document(n); d != nil && types.Complete && len(types.Items) == 0 {
		return texts[string](d.extension("x-amazon-apigateway-binary-media-types").list())
	}
	types.Complete = types.Complete && b.unread(n) == model.False
	return types
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
// the program does not say, an OpenAPI document may. A document that cannot be
// read is only searched for the extension's name.
func (b *builder) defaultNameOff(n *node) model.Known[bool] {
	off, body := n.get("disableExecuteApiEndpoint").boolean(), n.get("body")
	if !off.IsAbsent() || body.absent {
		return off.Or(false)
	}
	if d := b.document(n); d != nil {
		return d.extension(endpointExtension).field("disableExecuteApiEndpoint").boolean().Or(false)
	}
	if text, known := body.str().Get(); !known || strings.Contains(text, endpointExtension) {
		return model.Unknown[bool]()
	}
	return model.Of(false)
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
	b.addOperations(n, itself(&b.restAPIs, n))
}

// linkRestAPIPut reads an OpenAPI document that a dedicated resource imports.
func (b *builder) linkRestAPIPut(n *node) {
	ref := b.restAPIs.ref(n, "restApiId")
	for _, api := range ref.Among(b.stack.RestAPIs) {
		api.Document = api.Document.Or(ref.Names(api).And(b.unread(n)))
		api.Compresses = api.Compresses.Or(model.Maybe)
	}
	b.addDocument(n, ref)
	b.addBodyPolicy(n, ref)
	b.addOperations(n, ref)
}

// compresses asks whether an API compresses bodies. A negative size turns that
// off. If the program does not say, an OpenAPI document may.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-openapi-minimum-compression-size.html
func (b *builder) compresses(n *node) model.Truth {
	size := n.get("minimumCompressionSize")
	if d := b.document(n); d != nil && size.absent {
		size = d.extension("x-amazon-apigateway-minimum-compression-size")
	}
	return isLimit(size).OrMaybeIf(size.absent && b.unread(n) != model.False)
}

// addDocument adds the OpenAPI document that a resource imports into an API.
func (b *builder) addDocument(n *node, api model.Ref[model.RestAPI]) {
	document := &model.APIDocument{Element: n.element(), API: api, Set: n.sets("body"), From: n.sourcesOf("body")}
	document.Origin = n.origin("body")
	if document.Set != model.False {
		b.stack.APIDocuments = append(b.stack.APIDocuments, document)
	}
}

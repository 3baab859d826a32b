package decode

import (
	"strings"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeHTTPAPI(n *node) {
	b.stack.HTTPAPIs = b.httpAPIs.add(n, &model.HTTPAPI{
		Element:        n.element(),
		ExecutionARN:   n.output("executionArn").str(),
		Protocol:       text[model.APIProtocol](n.get("protocolType")),
		DefaultNameOff: b.defaultNameOff(n),
		Document:       b.unread(n),
	})
}

// linkHTTPAPI adds the routes in an API's OpenAPI document, and the one that a
// target makes.
func (b *builder) linkHTTPAPI(n *node) {
	b.addRouteOperations(n)
	b.addQuickRoute(n)
}

// addQuickRoute adds the route and the integration that API Gateway creates for an
// API with a target.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html
func (b *builder) addQuickRoute(n *node) {
	target := n.get("target")
	key := n.get("routeKey").str()
	if target.absent {
		return
	}
	e := n.element()
	e.Property = "target"
	i := &model.HTTPIntegration{
		Element:        e,
		API:            itself(&b.httpAPIs, n),
		Type:           quickType(target.str()),
		Connection:     model.Of(model.ConnectionInternet),
		URI:            target.str(),
		FunctionRef:    b.functionIn(quickType(target.str()), target.str(), n.sources("target"), e.Placement),
		HasCredentials: n.sets("credentialsArn"),
		Parameters:     model.List[model.ParameterMapping]{Complete: true},
	}
	b.stack.HTTPIntegrations = append(b.stack.HTTPIntegrations, i)
	b.stack.Routes = append(b.stack.Routes, &model.Route{
		Element:       e,
		API:           i.API,
		Key:           key.Or(model.RouteDefault),
		Authorization: model.Of(model.AuthorizationNone),
		KeyRequired:   model.Of(false),
		Integration:   sole(i),
	})
}

// quickType returns the type of the integration for a target: a URL, or the ARN
// of a function.
func quickType(target model.Known[string]) model.Known[model.IntegrationType] {
	text, known := target.Get()
	switch {
	case !known:
		return model.Unknown[model.IntegrationType]()
	case strings.HasPrefix(text, "arn:"):
		return model.Of(model.IntegrationAWSProxy)
	}
	return model.Of(model.IntegrationHTTPProxy)
}

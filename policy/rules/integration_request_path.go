package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var integrationRequestPath = &rule.Rule{
	ID:    "integration-request-path",
	Title: "An HTTP integration passes on the path of a request",
	Why: `API Gateway sends a request to the integration's URI and to nothing else: it does not append
the path of the request. A {proxy+} resource whose URI has no {proxy} sends every path to the
same URL. A {proxy} in the URI takes its value from requestParameters. Without a mapping there,
API Gateway sends the text {proxy}, and clients get HTTP 500: "Execution failed due to
configuration error: Illegal character in path". A mapping takes its value from the method,
which must declare it: otherwise AWS refuses the integration.`,
	Fix: `End the uri of a REST API's integration with /{proxy}. Set its requestParameters to
{"integration.request.path.proxy": "method.request.path.proxy"}, and those of the method to
{"method.request.path.proxy": true}. End the integrationUri of an HTTP API with /{proxy}, which
needs no mapping.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{undeclaredParameter, unmappedPlaceholder, pathDropped},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html",
		"https://repost.aws/knowledge-center/api-gateway-proxy-path-character-error",
		"https://repost.aws/knowledge-center/api-gateway-proxy-path-parameter-error",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-http.html",
	},
	Tags:  []string{"api-gateway", "http-api", "integration"},
	Check: checkIntegrationRequestPath,
}

var (
	undeclaredParameter = &rule.Defect{
		ID:      "undeclared-parameter",
		Summary: "An integration takes a parameter from its method, which does not declare it.",
		Outcome: rule.Refused,
		Effect: `AWS refuses it: "BadRequestException: Invalid mapping expression specified: Validation Result: ` +
			`warnings : [], errors : [Invalid mapping expression parameter specified: method.request.path.proxy]".`,
	}
	unmappedPlaceholder = &rule.Defect{
		ID:      "unmapped-placeholder",
		Summary: "A path parameter in the URI of an integration has no mapping.",
		Outcome: rule.Broken,
		Effect:  `Every call ends with HTTP 500: "Illegal character in path".`,
	}
	pathDropped = &rule.Defect{
		ID:      "path-dropped",
		Summary: "The URI for a greedy path parameter, such as {proxy+}, has no place for the path.",
		Outcome: rule.Risky,
		Effect:  "Requests for every path reach the same URL. That is right only for a server that ignores the path.",
	}
)

func checkIntegrationRequestPath(s *model.Stack, r *rule.Report) {
	rule.ReportUnreadDocuments(s, r)
	for _, i := range s.Integrations {
		proxy := i.Type.Equals(model.IntegrationHTTPProxy)
		if proxy == model.False {
			continue
		}
		at := i.At("requestParameters")
		r.Judge(i.Origin,
			undeclaredParameter.If(proxy.And(takesUndeclared(i)), at,
				"%s takes a parameter that its method does not declare; want it in requestParameters of the method",
				i.Name),
			unmappedPlaceholder.If(proxy.And(hasUnmappedPlaceholder(i)), at,
				"%s: its requestParameters do not map a path parameter of its uri %s; want integration.request.path.…",
				i.Name, rule.NameOr(i.URI, "")),
			pathDropped.If(proxy.And(dropsPath(i)), i.At("uri"),
				"%s sends requests for every path %s to the same URL; want the path parameter in the uri",
				i.Name, rule.NameOr(i.Path, "")),
		)
	}
	for _, route := range s.Routes {
		judgeRoutePath(r, route)
	}
}

// judgeRoutePath judges a route of an HTTP API, if it may have a greedy path
// parameter.
func judgeRoutePath(r *rule.Report, route *model.Route) {
	i, certain := route.Integration.Sole()
	switch {
	case model.GreedyParameter(route.Path()).IsAbsent() || route.Integration.IsAbsent():
	case !certain:
		r.Unknown(route.Origin, "%s: its integration is not known yet", route.Name)
	default:
		r.Judge(route.Origin, pathDropped.If(routeDropsPath(route, i), i.URIOrigin(),
			"%s sends requests for every path %s to the same URL; want the path parameter in the integrationUri",
			i.Name, rule.NameOr(route.Path(), "")))
	}
}

// takesUndeclared asks whether an integration maps a path parameter that its
// method does not declare. In an OpenAPI document, the path declares it.
func takesUndeclared(i *model.Integration) model.Truth {
	if i.IsInDocument() {
		return model.False
	}
	return i.Parameters.Any(func(p model.ParameterMapping) model.Truth {
		from, known := p.From.Get()
		if known && !strings.HasPrefix(from, methodPath) {
			return model.False
		}
		if !known {
			return model.Maybe
		}
		return i.Method.Ask(func(m *model.Method) model.Truth { return m.Parameters.Has(from).Not() })
	})
}

// Prefixes of path parameters in mappings.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
const (
	methodPath      = "method.request.path."
	integrationPath = "integration.request.path."
)

// hasUnmappedPlaceholder asks whether the URI has a path parameter that no
// mapping gives a value.
func hasUnmappedPlaceholder(i *model.Integration) model.Truth {
	names, known := model.Placeholders(i.URI)
	if !known {
		return model.TruthOf(i.URI.IsUnknown()).AtMostMaybe()
	}
	unmapped := model.False
	for _, name := range names {
		mapped := i.Parameters.Any(func(p model.ParameterMapping) model.Truth {
			return model.TruthOf(p.To == integrationPath+name)
		})
		unmapped = unmapped.Or(mapped.Not())
	}
	return unmapped
}

// dropsPath asks whether an integration sends all requests for a greedy path to
// one URL. It does not if it passes on the path in another way, such as in a
// header. A mapping to a path parameter passes on nothing, because the URI has no
// place for it.
func dropsPath(i *model.Integration) model.Truth {
	greedy, names, placed := placeForPath(i.Path, i.URI)
	if greedy.IsAbsent() || len(names) > 0 {
		return model.False
	}
	name, _ := greedy.Get()
	passes := i.Parameters.Any(func(p model.ParameterMapping) model.Truth {
		from, known := p.From.Get()
		switch {
		case strings.HasPrefix(p.To, integrationPath):
			return model.False
		case !known:
			return model.Maybe
		}
		return model.TruthOf(slices.Contains([]string{methodPath + name, "context.path"}, from))
	})
	return placed.And(passes.Not())
}

// routeDropsPath asks the same about a route of an HTTP API. A private
// integration always passes on the path.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
func routeDropsPath(route *model.Route, i *model.HTTPIntegration) model.Truth {
	_, names, placed := placeForPath(route.Path(), i.URI)
	if len(names) > 0 {
		return model.False
	}
	sets := i.Parameters.Any(func(p model.ParameterMapping) model.Truth {
		return model.TruthOf(strings.HasSuffix(p.To, ":path")).Or(mentionsPath(p.From))
	})
	public := i.Type.Equals(model.IntegrationHTTPProxy).And(i.IsPrivate().Not())
	return public.And(placed).And(sets.Not())
}

// mentionsPath asks whether an expression has the path of the request in it.
func mentionsPath(expression model.Known[string]) model.Truth {
	text, known := expression.Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(strings.Contains(text, "request.path"))
}

// placeForPath returns the greedy parameter of a path, and the path parameters of
// a URI. The third result is Maybe if one of them is not known.
func placeForPath(path, uri model.Known[string]) (model.Known[string], []string, model.Truth) {
	greedy := model.GreedyParameter(path)
	names, known := model.Placeholders(uri)
	switch {
	case !known && !uri.IsUnknown(): // A stage variable stays unknown. A missing URI is refused.
		return model.Known[string]{}, nil, model.False
	case !known || greedy.IsUnknown():
		return greedy, names, model.Maybe
	}
	return greedy, names, model.TruthOf(!greedy.IsAbsent())
}

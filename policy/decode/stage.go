package decode

import "private-api-blueprints/policy/model"

// aliasStage lets references find an API by its stage or its deployment, such as those of web ACLs and permissions.
func (b *builder) aliasStage(n *node) {
	if api, certain := b.restAPIs.ref(n, "restApi").Sole(); certain {
		b.restAPIs.alias(n, api)
	}
}

// aliasHTTPStage lets permissions find an HTTP or WebSocket API by its stage.
func (b *builder) aliasHTTPStage(n *node) {
	if api, certain := b.httpAPIs.ref(n, "apiId").Sole(); certain {
		b.httpAPIs.alias(n, api)
	}
}

func (b *builder) linkStage(n *node) {
	b.stack.Stages = append(b.stack.Stages, &model.Stage{
		Element:    n.element(),
		API:        b.restAPIs.ref(n, "restApi"),
		Deployment: b.deployments.ref(n, "deployment"),
		StageName:  n.get("stageName").str(),
		Tracing:    n.get("xrayTracingEnabled").boolean(),
		Logs:       n.sets("accessLogSettings"),
		LogFormat:  logFormat(n),

		Throttles:    model.False,
		RefusesCalls: model.False,
	})
}

func (b *builder) linkHTTPStage(n *node) {
	b.stack.Stages = append(b.stack.Stages, &model.Stage{
		Element:   n.element(),
		HTTPAPI:   b.httpAPIs.ref(n, "apiId"),
		StageName: n.get("name").str(),
		Logs:      n.sets("accessLogSettings"),
		LogFormat: logFormat(n),

		Throttles:    throttlesRoutes(n),
		RefusesCalls: refusesCalls(n),
	})
}

// routeLimits are the limits in the settings of routes.
var routeLimits = []string{"throttlingRateLimit", "throttlingBurstLimit"}

// throttlesRoutes asks whether a stage of an HTTP or WebSocket API limits
// requests, to all routes or to some. The provider shows a limit of 0 if there is
// none.
func throttlesRoutes(n *node) model.Truth {
	has := model.False
	routes := n.get("routeSettings").list()
	for _, settings := range append(routes.items, n.get("defaultRouteSettings").only()) {
		for _, key := range routeLimits {
			limit := settings.field(key)
			has = has.Or(exceedsZero(limit))
		}
	}
	return has.OrMaybeIf(routes.open)
}

// exceedsZero asks whether a value is a number above 0.
func exceedsZero(v value) model.Truth {
	number, known := v.number()
	switch {
	case v.absent:
		return model.False
	case known:
		return model.TruthOf(number > 0)
	}
	return model.Maybe
}

// refusesCalls asks whether the default settings of a stage allow no call. If the
// program sets some of them but no limit, the provider sends 0. For a stage that
// exists, the provider shows 0 even if nobody set a limit. If it shows no other
// setting either, the program probably has none.
// https://github.com/pulumi/pulumi-aws/issues/2363
func refusesCalls(n *node) model.Truth {
	settings := n.get("defaultRouteSettings").only()
	if settings.absent {
		return model.False
	}
	refuses := model.False
	for _, key := range routeLimits {
		refuses = refuses.Or(exceedsZero(settings.field(key)).Not())
	}
	if !n.get("routeSettings").absent { // The routes may have their own limits.
		refuses = refuses.AtMostMaybe()
	}
	switch _, exists := n.Properties["id"]; {
	case exists && isDefault(settings):
		return model.False
	case exists:
		return refuses.AtMostMaybe()
	}
	return refuses
}

// isDefault reports whether a route's settings turn nothing on.
func isDefault(settings value) bool {
	level, known := settings.field("loggingLevel").str().Or("OFF").Get()
	return known && level == "OFF" && settings.field("dataTraceEnabled").boolean().Or(false).Is(false) &&
		settings.field("detailedMetricsEnabled").boolean().Or(false).Is(false)
}

// logFormat reads the format of a stage's access logs.
func logFormat(n *node) model.Known[string] {
	return n.get("accessLogSettings").only().field("format").str()
}

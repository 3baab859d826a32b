package decode

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

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

func (b *builder) makeStage(n *node) {
	b.stack.Stages = b.stages.add(n, &model.Stage{
		Element:   n.element(),
		StageName: n.get("stageName").str(),
		Tracing:   n.get("xrayTracingEnabled").boolean(),
		Logs:      n.sets("accessLogSettings"),
		LogFormat: logFormat(n),

		Throttles:    model.False,
		RefusesCalls: model.False,
	})
}

func (b *builder) linkStage(n *node) {
	stage := elementOf(&b.stages, n)
	stage.API = b.restAPIs.ref(n, "restApi")
	stage.Deployment = b.deployments.ref(n, "deployment")
}

func (b *builder) makeHTTPStage(n *node) {
	b.stack.Stages = b.stages.add(n, &model.Stage{
		Element:     n.element(),
		StageName:   n.get("name").str(),
		AutoDeploys: n.get("autoDeploy").boolean().Or(false),
		Logs:        n.sets("accessLogSettings"),
		LogFormat:   logFormat(n),

		Throttles:    throttlesRoutes(n),
		Limits:       limitsIn(n.get("defaultRouteSettings").only()),
		RefusesCalls: refusesCalls(n),
	})
}

func (b *builder) linkHTTPStage(n *node) {
	stage := elementOf(&b.stages, n)
	stage.HTTPAPI = b.httpAPIs.ref(n, "apiId")
	stage.Deployment = b.deployments.ref(n, "deploymentId")
	if stage.Deployment.IsAbsent() && n.ignoresChanges("deploymentId") { // Somebody else deploys the API.
		stage.Deployment = model.UnknownRef[model.Deployment]()
	}
}

// mappedStage is a mapping whose stage has not been found yet.
type mappedStage struct {
	mapping *model.DomainMapping
	from    []resource.URN // The resources that the stage's name comes from.
}

// findMappedStages finds the stages of mappings: those from which the names come,
// or those of the API with the same name.
func (b *builder) findMappedStages() {
	ofAPI := map[any][]*model.Stage{}
	for _, stage := range b.stack.Stages {
		for _, key := range slices.Concat(keysOf(stage.API), keysOf(stage.HTTPAPI)) {
			ofAPI[key] = append(ofAPI[key], stage)
		}
	}
	for _, of := range b.mapped {
		m := of.mapping
		if m.StageName.IsAbsent() {
			continue
		}
		m.Stage = model.Ref[model.Stage]{Value: m.StageName, Open: true}
		for _, urn := range of.from {
			if e := b.stages.byURN[urn]; e != nil && e.element.StageName.Same(m.StageName) != model.False {
				addStage(m, e.element, model.True)
			}
		}
		if len(m.Stage.Candidates) > 0 {
			continue
		}
		for _, key := range slices.Concat(keysOf(m.API), keysOf(m.HTTPAPI)) {
			for _, stage := range ofAPI[key] {
				addStage(m, stage, m.StageName.Same(stage.StageName))
			}
		}
	}
}

// addStage makes a stage a candidate of a mapping, if it may be a stage of the
// mapping's API. If that and isNamed are certain, no other stage is meant.
func addStage(m *model.DomainMapping, stage *model.Stage, isNamed model.Truth) {
	var ofAPI model.Truth
	switch {
	case stage.IsREST() && m.API.IsAbsent(), !stage.IsREST() && m.HTTPAPI.IsAbsent():
		ofAPI = model.False
	case stage.IsREST():
		ofAPI = m.API.Same(stage.API)
	default:
		ofAPI = m.HTTPAPI.Same(stage.HTTPAPI)
	}
	is := isNamed.And(ofAPI)
	if is == model.False || slices.Contains(m.Stage.Candidates, stage) {
		return
	}
	m.Stage.Candidates = append(m.Stage.Candidates, stage)
	m.Stage.Open = m.Stage.Open && is != model.True
}

// keysOf returns what an element and a reference to it have in common: its
// identity, and an ID that is known.
func keysOf[T any](ref model.Ref[T]) []any {
	var keys []any
	for _, candidate := range ref.Candidates {
		keys = append(keys, candidate)
	}
	if id, known := ref.Value.Get(); known {
		keys = append(keys, id)
	}
	return keys
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

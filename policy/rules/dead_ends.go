package rules

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/trace"
)

var deadEnds = &rule.Rule{
	ID:    "dead-ends",
	Title: "Each method, route, mapping, VPC link and name leads to something that answers",
	Why: `A stack shows what it is meant for: a method has a backend, a mapping names a stage, a name
leads to a load balancer. If the next part is missing, AWS accepts the rest, and clients get
HTTP 403, 500 or 503, or no answer. Some parts AWS refuses to deploy: "No integration defined
for method". The rule reports a part that certainly leads nowhere. It is silent if another
stack, a controller or a service such as ECS may add what is missing: if a resource or an
output of the stack gives away the ARN or the name.`,
	Fix: `Add what the message names, or remove the part that leads nowhere.`,

	Severity: rule.Medium,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html",
		"https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/21210",
	},
	Tags: []string{"api-gateway", "custom-domain", "lambda", "load-balancer", "vpc-link"},
	Defects: []*rule.Defect{
		methodWithoutIntegration, integrationWithoutMethod, integrationWithoutResponse, routeWithoutIntegration,
		stageWithoutDeployment, mappingWithoutStage, mappingOfOtherKind, functionWithoutPermission, linkWithoutAnswer,
		groupWithoutTarget,
	},
	Check: checkDeadEnds,
}

var (
	methodWithoutIntegration = &rule.Defect{
		ID: "method-without-integration", Summary: "A method of a REST API has no integration.", Outcome: rule.Risky,
		Effect: `AWS refuses the next deployment of the API: "No integration defined for method". The stages keep ` +
			"what they have.",
	}
	integrationWithoutMethod = &rule.Defect{
		ID: "integration-without-method", Outcome: rule.Risky,
		Summary: "An integration is for a method that its REST API does not have.",
		Effect: `AWS refuses it: "Invalid Method identifier specified". If the integration exists, it has gone with ` +
			"the method.",
	}
	routeWithoutIntegration = &rule.Defect{
		ID: "route-without-integration", Summary: "A route of an HTTP API has no integration.", Outcome: rule.Risky,
		Effect: "Calls of the route end with HTTP 500. The other routes work.",
	}
	stageWithoutDeployment = &rule.Defect{
		ID: "stage-without-deployment", Outcome: rule.Risky,
		Summary: "A stage of an HTTP or WebSocket API has no deployment, and does not deploy changes itself.",
		Effect:  "The stage answers no call until somebody deploys the API to it.",
	}
	mappingWithoutStage = &rule.Defect{
		ID: "mapping-without-stage", Summary: "A mapping names a stage that its API does not have.",
		Outcome: rule.Risky,
		Effect: `AWS refuses it: "Invalid stage identifier specified", or clients get HTTP 403 after the stage is ` +
			"gone. Other mappings work.",
	}
	mappingOfOtherKind = &rule.Defect{
		ID: "mapping-of-other-kind", Outcome: rule.Risky,
		Summary: "A mapping leads from an edge-optimized or private custom domain to an HTTP or WebSocket API.",
		Effect: `AWS refuses it: "only REST APIs can be attached to EDGE domain names". Private ones take ` +
			`REST APIs only.`,
	}
	integrationWithoutResponse = &rule.Defect{
		ID: "integration-without-response", Outcome: rule.Risky,
		Summary: "An integration through a VPC link that is no proxy has no integration response.",
		Effect: `Calls of the method end with HTTP 500, and the log says: "No match for output mapping and no ` +
			`default output mapping configured". Other methods work.`,
	}
	functionWithoutPermission = &rule.Defect{
		ID: "function-without-permission", Outcome: rule.Risky,
		Summary: "No permission lets API Gateway invoke the function of an integration.",
		Effect: "Calls end with HTTP 500, and the log says: Invalid permissions on Lambda function. It works after " +
			"somebody adds a permission by hand.",
	}
	linkWithoutAnswer = &rule.Defect{
		ID: "link-without-answer", Outcome: rule.Risky,
		Summary: "Nothing behind the VPC link of an integration answers on its port, or with a certificate for its " +
			"host.",
		Effect: "Calls of the method end with HTTP 500 or 504. Other methods work.",
	}
	groupWithoutTarget = &rule.Defect{
		ID: "target-group-without-target", Summary: "A name leads to a load balancer that forwards to a target " +
			"group without targets.",
		Outcome: rule.Risky,
		Effect:  "Requests end with HTTP 503, or connections with a reset, until somebody registers a target.",
	}
)

func checkDeadEnds(s *model.Stack, r *rule.Report) {
	judgeMethods(s, r)
	judgeIntegrations(s, r)
	judgeRoutes(s, r)
	judgeHTTPStages(s, r)
	judgeMappings(s, r)
	judgeGroups(s, r)
}

// judgeMethods judges the methods of REST APIs.
func judgeMethods(s *model.Stack, r *rule.Report) {
	imported := map[*model.RestAPI][]*model.APIDocument{}
	for _, d := range s.APIDocuments {
		for _, api := range d.API.Among(s.RestAPIs) {
			imported[api] = append(imported[api], d)
		}
	}
	for _, api := range s.RestAPIs { // A document that is not known may have any methods.
		if api.Document != model.False {
			r.Judge(api.Origin, methodWithoutIntegration.If(api.Document.AtMostMaybe(), api.At("body"),
				"a method in the OpenAPI document of %s has no integration", api.Name))
		}
	}
	for _, m := range s.Methods {
		hasBackend := s.HasIntegration(m)
		for _, api := range m.API.Candidates {
			// Another document may add the integration.
			isOther := func(d *model.APIDocument) bool { return d.URN != m.URN && d.Set != model.False }
			hasBackend = hasBackend.OrMaybeIf(slices.ContainsFunc(imported[api], isOther))
		}
		r.Judge(m.Origin, methodWithoutIntegration.If(hasBackend.Not().And(isDeployed(s, m.API)), m.Origin,
			"%s has no integration, so its API cannot be deployed with it; want an Integration for its resource and "+
				"verb", m.Name))
	}
}

// isDeployed asks whether the stack deploys an API. Otherwise another stack does, and may add integrations before.
func isDeployed(s *model.Stack, ref model.Ref[model.RestAPI]) model.Truth {
	return ref.Ask(func(api *model.RestAPI) model.Truth {
		deployed := model.False
		for d := range s.DeploymentsOf(api) {
			deployed = deployed.Or(d.API.Names(api))
		}
		return deployed
	})
}

// judgeIntegrations judges the integrations of REST and HTTP APIs.
func judgeIntegrations(s *model.Stack, r *rule.Report) {
	for _, i := range s.Integrations {
		verb, path := rule.NameOr(i.MethodVerb, "a verb"), rule.NameOr(i.Path, "a path")
		lacks := s.HasMethod(i).Not().And(isDeployed(s, i.API))
		if i.MethodVerb.IsUnknown() || i.Path.IsUnknown() {
			lacks = lacks.AtMostMaybe()
		}
		unanswered := i.Answers().Not().And(isDeployed(s, i.API)).And(i.IsPrivate()) // Others are often stubs.
		r.Judge(i.Origin,
			integrationWithoutMethod.If(lacks, i.Origin,
				"%s is for %s %s, and its API has no such method; want a Method", i.Name, verb, path),
			integrationWithoutResponse.If(unanswered, i.At("type"),
				"%s has type %s and no integration response; want an IntegrationResponse for its resource and verb, "+
					"or a type that ends in _PROXY", i.Name, rule.NameOr(i.Type, "that is not known yet")),
			withoutPermission(s, i.FunctionRef, i.HasCredentials, call{i.Element, i.At("uri"), restCaller(s, i)}),
			withoutAnswer(s, i))
	}
	requests := requestsOf(s)
	for _, i := range s.HTTPIntegrations {
		caller := httpCaller(s, i, requests[i])
		r.Judge(i.Origin, withoutPermission(s, i.FunctionRef, i.HasCredentials, call{i.Element, i.URIOrigin(), caller}))
	}
}

// caller is an API that calls a function for some of its requests.
type caller struct {
	api      model.Element
	arn      model.Known[string]
	requests []string // As in [model.Invocation.Requests]. There is none if the API is not certain.
	guessed  bool     // As in [model.Invocation.Guessed].
}

// call is an integration that calls a function for an API.
type call struct {
	integration model.Element
	at          model.Origin
	by          caller
}

// restCaller returns the API of an integration, with the requests for the integration's method.
func restCaller(s *model.Stack, i *model.Integration) caller {
	api, sole := i.API.Sole()
	if !sole {
		return caller{}
	}
	stages, known := stageNames(s.StagesOf(api))
	for d := range s.DeploymentsOf(api) {
		if !d.StageName.IsAbsent() { // The deployment creates a stage itself.
			stages, known = []string{"*"}, false
		}
	}
	guessed := !known || i.MethodVerb.IsUnknown() || i.Path.IsUnknown()
	return caller{api.Element, api.ExecutionARN, inStages(stages, []string{request(i.MethodVerb, i.Path)}), guessed}
}

// httpCaller returns the API of an integration, with the requests for the integration's routes.
func httpCaller(s *model.Stack, i *model.HTTPIntegration, requests []string) caller {
	api, sole := i.API.Sole()
	if !sole {
		return caller{}
	}
	if len(requests) == 0 {
		requests = []string{"*"}
	}
	stages, known := stageNames(s.StagesOfHTTP(api))
	return caller{api.Element, api.ExecutionARN, inStages(stages, requests), !known || slices.Contains(requests, "*")}
}

// requestsOf returns the requests of the routes that may lead to each integration of an HTTP API.
func requestsOf(s *model.Stack) map[*model.HTTPIntegration][]string {
	requests := map[*model.HTTPIntegration][]string{}
	for _, route := range s.Routes {
		text := "*" // AWS does not say what a permission for $default looks like.
		switch key, known := route.Key.Get(); {
		case known && key == model.RouteDefault:
		case known && route.Path().IsAbsent():
			text = key
		case known:
			text = request(route.Verb(), route.Path())
		}
		for _, i := range route.Integration.Candidates {
			requests[i] = append(requests[i], text)
		}
	}
	return requests
}

// stageNames returns the names of an API's stages, and whether they are known. Otherwise an asterisk stands for them.
func stageNames(stages iter.Seq[*model.Stage]) (names []string, known bool) {
	for stage := range stages {
		name, named := stage.StageName.Get()
		if !named || !stage.API.IsClosed() && !stage.HTTPAPI.IsClosed() {
			return []string{"*"}, false
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return []string{"*"}, false
	}
	return names, true
}

// inStages returns requests with the name of each stage in front.
func inStages(stages, requests []string) []string {
	var all []string
	for _, stage := range stages {
		for _, text := range requests {
			all = append(all, stage+"/"+text)
		}
	}
	return all
}

// request returns the requests for a verb and a path as permissions write them, with an asterisk for what may differ.
func request(verb, path model.Known[string]) string {
	text := rule.NameOr(verb, "*")
	if text == "ANY" {
		text = "*"
	}
	return text + "/" + model.ReplaceParameters(strings.TrimPrefix(rule.NameOr(path, "*"), "/"), "*")
}

// withoutPermission returns the fault of an integration whose function no permission lets it invoke.
func withoutPermission(s *model.Stack, by model.FunctionRef, role model.Truth, c call) rule.Fault {
	name := "a function"
	mayInvoke := by.Function.Ask(func(f *model.Function) model.Truth {
		name = f.Name
		return s.MayInvoke(model.Invocation{
			Function: f, By: by, Principal: model.PrincipalAPIGateway, Source: c.by.api, SourceARN: c.by.arn,
			Requests: c.by.requests, Sometimes: true, Guessed: c.by.guessed,
		})
	})
	switch {
	case by.Function.IsAbsent():
		mayInvoke = model.True
	case len(c.by.requests) == 0:
		mayInvoke = model.Maybe
	}
	return functionWithoutPermission.If(mayInvoke.Or(role).Not(), c.at,
		"%s invokes %s, and no permission lets %s do that; want a Permission for %s with the execution ARN of the "+
			"API as sourceArn, and the alias or version that the integration names",
		c.integration.Name, name, c.by.api.Name, model.PrincipalAPIGateway)
}

// withoutAnswer returns the fault of an integration whose VPC link certainly leads to nothing that answers.
func withoutAnswer(s *model.Stack, i *model.Integration) rule.Fault {
	m := &model.Method{Element: i.Element, API: i.API, Verb: i.MethodVerb, Path: i.Path}
	ways := trace.Of(s).Backend(m, i)
	if len(ways) == 0 {
		return linkWithoutAnswer.If(i.IsPrivate().AtMostMaybe(), i.Origin, "%s leads nowhere", i.Name)
	}
	fails := i.IsPrivate()
	for _, way := range ways {
		fails = fails.And(isDeadEnd(s, i, way))
	}
	return linkWithoutAnswer.If(fails, i.At("uri"), "%s leads nowhere: %s; to fix it, %s", i.Name, lastHops(ways[0]),
		ways[0].Fix)
}

// isDeadEnd asks whether a way ends because something is missing, and not because somebody refuses the request.
func isDeadEnd(s *model.Stack, i *model.Integration, way trace.Trace) model.Truth {
	switch way.Disposition {
	case trace.InsufficientInfo:
		return model.Maybe
	case trace.TLSNameMismatch: // Another rule is about hosts that no certificate can have.
		return i.HasBalancerName().Or(i.HasAddress()).Not()
	case trace.IntegrationFailed: // A missing integration response is another defect.
		return model.TruthOf(i.Answers() != model.False)
	case trace.TLSFailed:
		return model.True
	case trace.NotListening:
		for _, l := range s.Listeners {
			lb, sole := l.LoadBalancer.Sole()
			if sole && lb.URN == way.By.URN {
				return model.True // The stack decides on the ports of this load balancer.
			}
		}
		return model.Maybe
	}
	return model.False
}

// judgeRoutes judges the routes of HTTP APIs. A route of a WebSocket API needs no integration.
func judgeRoutes(s *model.Stack, r *rule.Report) {
	for _, api := range s.HTTPAPIs { // A document that is not known may have any routes.
		if api.Document != model.False {
			r.Judge(api.Origin, routeWithoutIntegration.If(api.Document.AtMostMaybe(), api.At("body"),
				"a route in the OpenAPI document of %s has no integration", api.Name))
		}
	}
	for _, route := range s.Routes {
		needsTarget := route.API.Ask((*model.HTTPAPI).IsWebSocket).Not()
		r.Judge(route.Origin,
			routeWithoutIntegration.If(needsTarget.And(model.TruthOf(route.Integration.IsAbsent())), route.At("target"),
				"%s has no target; want integrations/ and the ID of an integration", route.Name))
	}
}

// judgeHTTPStages judges the stages of HTTP and WebSocket APIs.
func judgeHTTPStages(s *model.Stack, r *rule.Report) {
	for _, stage := range s.Stages {
		if stage.IsREST() {
			continue
		}
		idle := model.TruthOf(stage.Deployment.IsAbsent()).And(stage.AutoDeploys.Equals(true).Not())
		idle = idle.And(stage.HTTPAPI.Ask(func(api *model.HTTPAPI) model.Truth { return hasRoutes(s, api) }))
		r.Judge(stage.Origin, stageWithoutDeployment.If(idle, stage.At("autoDeploy"),
			"%s has no deployment and does not deploy changes itself; want autoDeploy true, or a deploymentId",
			stage.Name))
	}
}

// hasRoutes asks whether an API has routes in the stack. Otherwise another stack adds them, and may deploy them.
func hasRoutes(s *model.Stack, api *model.HTTPAPI) model.Truth {
	has := model.False.OrMaybeIf(api.Document != model.False)
	for route := range s.RoutesIn(api) {
		has = has.Or(route.API.Names(api))
	}
	return has
}

// judgeMappings judges the mappings of custom domains.
func judgeMappings(s *model.Stack, r *rule.Report) {
	for _, m := range s.DomainMappings {
		other := model.False
		if !m.HTTPAPI.IsAbsent() {
			other = m.Domain.Ask(func(d *model.Domain) model.Truth {
				return rule.AnyOf(d.Type, model.APIEdge, model.APIPrivate)
			}).And(model.TruthOf(m.HTTPAPI.IsClosed() && m.API.IsAbsent()).Or(model.Maybe))
		}
		name := rule.NameOr(m.StageName, "?")
		property := "stageName"
		if m.HasDomainID == model.Maybe {
			property = "stage"
		}
		r.Judge(m.Origin,
			mappingWithoutStage.If(s.HasMappedStage(m).Not(), m.At(property),
				"%s names stage %s, which its API does not have; want the name of one of its stages", m.Name, name),
			mappingOfOtherKind.If(other, m.At("apiId"),
				"%s leads to an HTTP or WebSocket API, and its custom domain takes REST APIs only; want a regional one",
				m.Name))
	}
}

// judgeGroups judges the target groups to which names lead.
func judgeGroups(s *model.Stack, r *rule.Report) {
	isNamed := hasName(s)
	receives, complete := s.Receives(func(l *model.Listener) model.Truth { return l.LoadBalancer.Ask(isNamed) })
	all := s.Forwardings()
	for _, tg := range s.TargetGroups {
		hasTarget := model.False
		for _, t := range all.Targets(tg) {
			hasTarget = hasTarget.Or(t.TargetGroup.Names(tg))
		}
		// Others can look up a group with a fixed name.
		others := tg.Shared.Or(isFixed(tg.Naming, generatedNamePattern).AtMostMaybe())
		fault := orFalse(receives, tg).OrMaybeIf(!complete).And(hasTarget.Not()).And(others.Not())
		r.Judge(tg.Origin, groupWithoutTarget.If(fault, tg.Origin,
			"%s gets requests and has no target, and nothing that the stack shows can register one; want a "+
				"TargetGroupAttachment, or the service or Auto Scaling group that registers its targets", tg.Name))
	}
}

// hasName returns the question whether a record of the stack leads to a load balancer. A load balancer without a name
// may be a part of something that another stack completes. The targets of internal network load balancers are often
// addresses of endpoints, which people register by hand because nobody knows them before, so those do not count.
func hasName(s *model.Stack) func(*model.LoadBalancer) model.Truth {
	named, open := map[*model.LoadBalancer]model.Truth{}, false
	for _, record := range s.Records {
		ref := record.Destination.LoadBalancer
		open = open || ref.Open && ref.Value.IsUnknown()
		for _, lb := range ref.Candidates {
			named[lb] = orFalse(named, lb).Or(ref.Names(lb))
		}
	}
	return func(lb *model.LoadBalancer) model.Truth {
		byHand := lb.Internal.Equals(true).And(lb.IsNetwork())
		return orFalse(named, lb).OrMaybeIf(open).And(byHand.Not())
	}
}

// generatedNamePattern matches the names that Pulumi generates.
var generatedNamePattern = regexp.MustCompile(`-[0-9a-f]{7}$`)

package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var stageThrottling = &rule.Rule{
	ID:    "stage-throttling",
	Title: "A stage that the internet reaches limits the requests that it accepts",
	Why: `A stage without a limit shares the account's limit with all other APIs of the
region: 10,000 requests per second. One client on the internet can use that up, and then
every API of the account answers HTTP 429. Before that, it uses up the concurrency of the
functions and the connections of the servers behind the API. A limit of 0 is the opposite
mistake: the stage answers every call with HTTP 429, that of a REST API after an update.
A limit of 1 lets requests pass one by one: each page that calls the API twice at a time
gets HTTP 429.`,
	Fix: `For a REST API, add an aws.apigateway.MethodSettings for the methodPath "*/*" with
throttlingRateLimit and throttlingBurstLimit, or require API keys and give their usage plan
throttleSettings. For an HTTP or WebSocket API, set both limits in the stage's
defaultRouteSettings. Set both whenever you set anything there, since the provider sends 0
for a limit that is left out.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{zeroLimit, noThrottling, lowLimit},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html",
		"https://github.com/pulumi/pulumi-aws/issues/2363",
	},
	Tags:       []string{"api-gateway", "throttling"},
	Parameters: []rule.Parameter{minimumLimit},
	Check:      checkStageThrottling,
}

var minimumLimit = rule.Integer("minimumLimit", 2, rule.Limits{Least: 1, Most: 1_000_000},
	"How many requests per second, and how many at the same moment, the limits of a whole stage must let pass.")

var (
	zeroLimit = &rule.Defect{
		ID: "zero-limit", Summary: "The default settings of a stage allow no requests.", Outcome: rule.Broken,
		Effect: "The provider sends 0 for a limit that is left out of defaultRouteSettings, and API Gateway answers " +
			"every call with HTTP 429. It sends no 0 when it creates the settings of a REST API, so the stage has no " +
			"limit, and sends it at an update, after which every call gets HTTP 429.",
	}
	noThrottling = &rule.Defect{
		ID: "no-throttling", Summary: "A stage that the internet reaches has no limit on requests.",
		Outcome: rule.Risky,
		Effect: "One client can use up the account's limit of 10,000 requests per second, which all APIs of the " +
			"region share.",
	}
	lowLimit = &rule.Defect{
		ID: "low-limit", Summary: "A limit of a whole stage is lower than the parameter minimumLimit.",
		Outcome: rule.Risky,
		Effect: "A limit of 1 works for one client that waits for each answer. Of requests that come at the same " +
			"moment, API Gateway answers all except one with HTTP 429.",
	}
)

func checkStageThrottling(s *model.Stack, r *rule.Report) {
	checkLimitsOfMethods(s, r)
	var doors *publicEndpoints
	for _, stage := range s.Stages {
		if stage.IsREST() && doors == nil {
			doors = findPublicEndpoints(s)
		}
		reached := model.True // An HTTP or WebSocket API cannot be private.
		if stage.IsREST() {
			reached = doors.reach(s, stage.API)
		}
		if reached == model.False {
			continue
		}
		limited := stage.Throttles
		if stage.IsREST() {
			limited = hasThrottlingSettings(s, stage).Or(limitsEachKey(s, stage))
		}
		r.Judge(stage.Origin,
			zeroLimit.If(stage.RefusesCalls, stage.At("defaultRouteSettings"),
				"%s: a limit in its defaultRouteSettings is 0 or left out, so it answers every call with HTTP 429; "+
					"want throttlingRateLimit and throttlingBurstLimit", stage.Name),
			noThrottling.If(reached.And(limited.Not()).And(stage.RefusesCalls.Not()), stage.Origin,
				"%s has no limit on requests from the internet; want throttlingRateLimit and "+
					"throttlingBurstLimit", stage.Name),
			tooLow(r, stage.Element, "defaultRouteSettings", stage.Limits),
		)
	}
}

// checkLimitsOfMethods judges the limits in settings for all methods of a stage of a REST API.
func checkLimitsOfMethods(s *model.Stack, r *rule.Report) {
	for _, settings := range s.MethodSettings {
		low := tooLow(r, settings.Element, "settings", settings.Limits)
		zero, isLow := settings.Limits.Lowest(float64(minimumLimit.Value(r)))
		if settings.ForAllMethods == model.False || zero.Or(isLow) == model.False {
			continue
		}
		r.Judge(settings.Origin,
			zeroLimit.If(zero.And(settings.ForAllMethods), settings.At("settings"),
				"%s: a limit is 0; the provider sends no 0 when it creates the settings, so the stage has no limit, "+
					"and sends it at an update, after which every call gets HTTP 429; want throttlingRateLimit and "+
					"throttlingBurstLimit above 0, or -1 for the account's limit", settings.Name),
			low.And(settings.ForAllMethods).And(zero.Not()))
	}
}

// tooLow returns the fault of limits that let fewer requests pass than the parameter says.
func tooLow(r *rule.Report, e model.Element, property string, limits model.Limits) rule.Fault {
	minimum := minimumLimit.Value(r)
	_, low := limits.Lowest(float64(minimum))
	return lowLimit.If(low, e.At(property),
		"%s: a limit in its %s lets fewer than %s pass, per second or at the same moment, and API Gateway answers the "+
			"others with HTTP 429; want at least that, or another minimumLimit",
		e.Name, property, rule.Count(minimum, "request"))
}

// publicEndpoints are the endpoints behind load balancers that face the internet.
type publicEndpoints struct {
	endpoints []*model.Endpoint
	public    []model.Truth
}

// findPublicEndpoints returns the endpoints behind load balancers that face, or
// may face, the internet.
func findPublicEndpoints(s *model.Stack) *publicEndpoints {
	var found publicEndpoints
	for _, front := range s.Fronts() {
		public := front.LoadBalancer.Internal.Equals(false).And(front.Endpoint.IsExecuteAPI()).And(front.Certain)
		if public != model.False {
			found.endpoints, found.public = append(found.endpoints, front.Endpoint), append(found.public, public)
		}
	}
	return &found
}

// reach asks whether clients on the internet reach an API. A web ACL may limit
// their requests, and a resource policy may exclude them. Then the API counts as
// not reached, unless the way leads through an endpoint: there the policy sees the
// endpoint instead of the client.
func (p *publicEndpoints) reach(s *model.Stack, ref model.Ref[model.RestAPI]) model.Truth {
	return ref.Ask(func(api *model.RestAPI) model.Truth {
		private := api.IsPrivate()
		reached := private.Not()
		if reached != model.False {
			reached = reached.And(s.HasPolicy(api).Not())
		}
		for i, e := range p.endpoints {
			if reached != model.True && private != model.False {
				reached = reached.Or(p.public[i].And(s.IsCalledThrough(api, e)))
			}
		}
		return reached.And(hasWebACL(s, api).Not())
	})
}

// hasWebACL asks whether a web ACL protects an API.
func hasWebACL(s *model.Stack, api *model.RestAPI) model.Truth {
	has := model.False
	for _, acl := range s.WebACLAssociations {
		has = has.Or(acl.API.Names(api))
	}
	return has
}

// hasThrottlingSettings asks whether settings limit the requests to a stage of a
// REST API, or to some of its methods.
func hasThrottlingSettings(s *model.Stack, stage *model.Stage) model.Truth {
	has := model.False
	for _, settings := range s.MethodSettings {
		has = has.Or(settings.Throttles.And(settings.AreOf(stage)))
	}
	return has
}

// limitsEachKey asks whether a usage plan limits callers of a stage, and some of
// its methods require the plan's keys.
func limitsEachKey(s *model.Stack, stage *model.Stage) model.Truth {
	limits := model.False
	for _, plan := range s.UsagePlans {
		limits = limits.Or(plan.LimitsKeysOf(stage))
	}
	if limits == model.False {
		return model.False
	}
	required := s.MayHaveOtherMethods(stage.API)
	for _, m := range s.Methods {
		if m.KeyRequired.IsNot(true) {
			continue
		}
		required = required.Or(m.KeyRequired.Equals(true).And(m.API.Same(stage.API)))
	}
	return limits.And(required)
}

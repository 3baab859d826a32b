package trace

import (
	"cmp"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// anyVerb stands for all HTTP methods.
const anyVerb = "ANY"

// segments returns the segments of a path.
func segments(path string) []string {
	trimmed := strings.Trim(path, "/")
	if trimmed == "" {
		return nil
	}
	return strings.Split(trimmed, "/")
}

// Ranks of a segment of a pattern. A path goes to the pattern with the higher rank
// at the first segment that differs.
const (
	rankGreedy = iota
	rankParameter
	rankLiteral
)

// matchPath returns the rank of each segment of a pattern such as /orders/{id} or
// /{proxy+}, and whether a path matches the pattern.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
func matchPath(pattern, path string) (ranks []int, matches bool) {
	have, want := segments(path), segments(pattern)
	for i, segment := range want {
		if i >= len(have) {
			return nil, false
		}
		isParameter := strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
		switch {
		case isParameter && strings.HasSuffix(segment, "+}"):
			return append(ranks, rankGreedy), true
		case isParameter:
			ranks = append(ranks, rankParameter)
		case segment == have[i]:
			ranks = append(ranks, rankLiteral)
		default:
			return nil, false
		}
	}
	return ranks, len(have) == len(want)
}

// match is how well a method or a route fits a request.
type match[T any] struct {
	of    T
	ranks []int
	any   bool // Whether it is for all verbs.
	is    model.Truth
}

// fit returns how a method or a route for a verb and a path fits a request.
func fit[T any](of T, is model.Truth, verb, pattern model.Known[string], v visit) match[T] {
	m := match[T]{of: of, is: is, any: verb.Is(anyVerb)}
	m.is = m.is.And(verb.Equals(v.request.Verb()).Or(verb.Equals(anyVerb)))
	text, known := pattern.Get()
	if !known {
		m.is, m.ranks = m.is.And(pattern.Equals("")), []int{rankLiteral + 1}
		return m
	}
	ranks, matches := matchPath(text, v.path)
	m.ranks, m.is = ranks, m.is.And(model.TruthOf(matches))
	return m
}

// best returns the matches as options, the most specific first.
func best[T any](all []match[T]) []option[T] {
	slices.SortStableFunc(all, func(a, b match[T]) int {
		if order := slices.Compare(b.ranks, a.ranks); order != 0 {
			return order
		}
		return cmp.Compare(boolNumber(a.any), boolNumber(b.any))
	})
	var options []option[T]
	for _, m := range all {
		options = append(options, option[T]{m.of, m.is})
	}
	return options
}

// boolNumber returns 1 for true and 0 for false.
func boolNumber(b bool) int {
	if b {
		return 1
	}
	return 0
}

// atMethods goes on at the method or the route that fits the request best.
func (w walk) atMethods(v visit) []Trace {
	if v.http != nil {
		return w.atRoutes(v)
	}
	var all []match[*model.Method]
	for m := range w.stack.MethodsIn(v.rest) {
		if fits := fit(m, m.API.Names(v.rest), m.Verb, m.Path, v); fits.is != model.False && !m.Misplaced {
			all = append(all, fits)
		}
	}
	options := best(all)
	if v.rest.Document != model.False {
		for i := range options { // The document may have a method that fits better.
			options[i].is = options[i].is.AtMostMaybe()
		}
	}
	return pick(w, v.rest.Origin, "which method of "+v.rest.Name+" fits", options,
		func(w walk, m *model.Method) []Trace { return w.atMethod(v, m) },
		func(w walk) []Trace { return w.noMethod(v) })
}

// noMethod ends the walk at a REST API that has no method for a request.
func (w walk) noMethod(v visit) []Trace {
	w, ended := w.askPolicies(v, nil)
	if ended != nil {
		return ended
	}
	if v.rest.Document != model.False {
		return w.giveUp(v.rest.Origin, "the OpenAPI document of %s is not known yet", v.rest.Name)
	}
	for m := range w.stack.MethodsIn(v.rest) {
		if m.Misplaced {
			return w.stop(end{MethodNotFound, m.Element, m.At("resourceId"), "give " + m.Name + " a resource of " +
				v.rest.Name}, "%s is of %s, and its resource is of another API: AWS refuses it", m.Name, v.rest.Name)
		}
	}
	return w.stop(end{MethodNotFound, v.rest.Element, v.rest.Origin,
		"add a method for " + v.request.Verb() + " " + v.path + " to " + v.rest.Name + ", and deploy it"},
		"%s has no method for %s %s", v.rest.Name, v.request.Verb(), v.path)
}

// atMethod goes on at a method: the policies, the deployment, the caller's
// credentials and the backend.
func (w walk) atMethod(v visit, m *model.Method) []Trace {
	w, ended := w.askPolicies(v, m)
	if ended != nil {
		return ended
	}
	w = w.enter("method", m.Element)
	if w, ended = w.isDeployed(v, m); ended != nil {
		return ended
	}
	w, ended = w.authorize(v, credentials{m.Element, m.At("authorization"), m.Authorization, m.KeyRequired})
	if ended != nil {
		return ended
	}
	if w, ended = w.askForKey(v, m); ended != nil {
		return ended
	}
	return w.atBackend(v, m)
}

// isDeployed checks that the deployment of the stage has the method. A deployment
// is a snapshot, and the method may come after it.
func (w walk) isDeployed(v visit, m *model.Method) (walk, []Trace) {
	d := v.deployment
	if d == nil || m.IsInDocument() || w.stack.Before(d.Origin).Includes(m.Origin) {
		return w, nil
	}
	_, exists := m.ID.Get()
	_, deployed := d.ID.Get()
	switch {
	case w.stack.Before(m.Origin).Includes(d.Origin) && !deployed:
		return w, w.stop(end{MethodNotFound, d.Element, d.Origin, "make " + d.Name + " depend on " + m.Name},
			"%s waits for deployment %s, so the deployment does not have it", m.Name, d.Name)
	case exists && deployed:
		return w, nil // Which one came first is not in the stack.
	}
	return w.unsure(d.Origin, "deployment %s does not wait for %s, and may not have it", d.Name, m.Name), nil
}

// atRoutes goes on at the route of an HTTP API that fits the request best.
func (w walk) atRoutes(v visit) []Trace {
	if socket := v.http.IsWebSocket(); socket != model.False {
		return w.giveUp(v.http.Origin, "WebSocket APIs are not followed")
	}
	var all []match[*model.Route]
	for r := range w.stack.RoutesIn(v.http) {
		is := r.API.Names(v.http)
		fits := fit(r, is, r.Verb(), r.Path(), v)
		if r.Key.Is(model.RouteDefault) {
			fits = match[*model.Route]{of: r, is: is, any: true}
		}
		if fits.is != model.False {
			all = append(all, fits)
		}
	}
	options := best(all)
	if v.http.Document != model.False {
		for i := range options {
			options[i].is = options[i].is.AtMostMaybe()
		}
	}
	return pick(w, v.http.Origin, "which route of "+v.http.Name+" fits", options,
		func(w walk, r *model.Route) []Trace { return w.atRoute(v, r) },
		func(w walk) []Trace {
			if v.http.Document != model.False {
				return w.giveUp(v.http.Origin, "the OpenAPI document of %s is not known yet", v.http.Name)
			}
			return w.stop(end{MethodNotFound, v.http.Element, v.http.Origin,
				"add a route for " + v.request.Verb() + " " + v.path + " to " + v.http.Name},
				"%s has no route for %s %s", v.http.Name, v.request.Verb(), v.path)
		})
}

// atRoute goes on at a route: the caller's credentials and the backend.
func (w walk) atRoute(v visit, r *model.Route) []Trace {
	w = w.enter("route", r.Element)
	w, ended := w.authorize(v, credentials{r.Element, r.At("authorizationType"), r.Authorization, model.Of(false)})
	if ended != nil {
		return ended
	}
	return w.atRouteBackend(v, r)
}

// credentials are what a method or a route wants of its callers.
type credentials struct {
	of            model.Element
	at            model.Origin
	authorization model.Known[model.Authorization]
	key           model.Known[bool]
}

// authorize checks that a request has the credentials that its method wants. What
// an authorizer says about a token is not in the stack.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func (w walk) authorize(v visit, want credentials) (walk, []Trace) {
	kind, known := want.authorization.Get()
	if want.authorization.IsUnknown() {
		return w.unsure(want.at, "not known yet what authorization %s wants", want.of.Name), nil
	}
	e := end{DeniedByAuthorization, want.of, want.at, "sign the request as an IAM identity"}
	switch {
	case !known || kind == model.AuthorizationNone:
		return w, nil
	case kind == model.AuthorizationIAM:
		return w.require(model.TruthOf(v.request.Signed || v.request.Foreign), check{e,
			"the request is signed", want.of.Name + " wants a signature, and the request has none"})
	case v.hasToken():
		return w.unsure(want.at, "the authorizer of %s decides about the token", want.of.Name), nil
	}
	e.fix = "send a token"
	return w, w.stop(e, "%s has authorization %s, and the request has no token", want.of.Name, kind)
}

// hasToken reports whether a request has a header in which an authorizer may look
// for a token.
func (v visit) hasToken() bool {
	for name := range v.headers {
		if name != "host" && name != apiIDHeader {
			return true
		}
	}
	return false
}

// askForKey checks that a request has the API key that its method wants.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-setup-api-key-with-console.html
func (w walk) askForKey(v visit, m *model.Method) (walk, []Trace) {
	required := m.KeyRequired.Equals(true)
	at := m.At("apiKeyRequired")
	switch {
	case required == model.False:
		return w, nil
	case !v.request.APIKey:
		return w.require(required.Not(), check{
			end{DeniedByAuthorization, m.Element, at, "send an API key"},
			m.Name + " wants no API key", m.Name + " wants an API key, and the request has none"})
	}
	return w.require(w.hasKey(v), check{
		end{DeniedByAuthorization, m.Element, at, "add an enabled key to a usage plan of the stage"},
		"a usage plan has a key for the stage",
		"no usage plan of the stack has an enabled key for the stage, so no key is valid"})
}

// hasKey asks whether a key is valid for the stage of a visit. If the stack gives no key to a usage plan of the stage,
// somebody creates the keys elsewhere, such as a portal for developers.
func (w walk) hasKey(v visit) model.Truth {
	if v.stage == nil {
		return model.Maybe // A deployment has created the stage.
	}
	given := map[*model.UsagePlan]bool{}
	for _, k := range w.stack.UsagePlanKeys {
		if plan, certain := k.Plan.Sole(); certain {
			given[plan] = true
		}
	}
	has := w.stack.HasKeyFor(v.stage)
	for _, p := range w.stack.UsagePlans {
		if !given[p] {
			has = has.Or(p.Has(v.stage).AtMostMaybe())
		}
	}
	return has
}

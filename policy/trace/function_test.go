package trace

import (
	"testing"

	"private-api-blueprints/policy/model"
)

// functionWorld changes a world so that a function answers, which a permission lets
// the API invoke.
func functionWorld(w *world) (*model.Function, *model.Permission) {
	w.api.ExecutionARN = model.Of("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3")
	f := &model.Function{Element: element("function", "f"), Reserved: model.Of(-1), PermissionsComplete: true}
	w.backend.Type, w.backend.FunctionRef = model.Of(model.IntegrationAWSProxy), model.FunctionRef{Function: refTo(f)}
	w.backend.Verb, w.backend.HasCredentials = model.Of("POST"), model.False
	p := &model.Permission{
		Element: element("permission", "p"), FunctionRef: w.backend.FunctionRef,
		Action: model.Of("lambda:InvokeFunction"), Principal: model.Of(model.PrincipalAPIGateway),
		HasSourceARN: model.True, HasAccount: model.False,
		SourceARN: model.Of("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/GET/hello"),
	}
	w.stack.AddPermission(p)
	return f, p
}

// roleFor returns a role that a service may assume.
func roleFor(service string) *model.Role {
	return &model.Role{Element: element("role", "r"), Trust: &model.PolicyDocument{Statements: []model.Statement{{
		Effect: model.Allow, Actions: model.Patterns{Values: []string{"sts:AssumeRole"}},
		Principals: model.Principals{Values: []model.Principal{{Kind: "Service", ID: service}}},
	}}}}
}

func TestAFunctionAnswersIfItMay(t *testing.T) {
	runRows(t, []row{
		{"a permission for the method", "its pattern matches stage, verb and path", func(w *world) {
			functionWorld(w)
		}, Delivered, "function", "gets the request"},
		{"a permission for another verb", "its pattern does not match", func(w *world) {
			_, p := functionWorld(w)
			p.SourceARN = model.Of("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*/POST/hello")
		}, IntegrationFailed, "function", "Invalid permissions on Lambda function"},
		{"a permission for another stage", "its pattern does not match", func(w *world) {
			_, p := functionWorld(w)
			p.SourceARN = model.Of("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/test/*")
		}, IntegrationFailed, "function", "Invalid permissions"},
		{"a permission for another API", "its pattern does not match", func(w *world) {
			_, p := functionWorld(w)
			p.SourceARN = model.Of("arn:aws:execute-api:eu-west-1:123456789012:zzzzzz/*")
		}, IntegrationFailed, "function", "Invalid permissions"},
		{"no permission", "API Gateway may not invoke the function", func(w *world) {
			functionWorld(w)
			other := &model.Function{Element: element("another", "g"), PermissionsComplete: true}
			w.backend.Function = refTo(other)
		}, IntegrationFailed, "another", "Invalid permissions"},
		{"ANY instead of POST", "API Gateway calls Lambda with the client's method", func(w *world) {
			functionWorld(w)
			w.backend.Verb = model.Of("ANY")
		}, IntegrationFailed, "mock", "calls Lambda with GET"},
		{"a role", "the role may invoke the function without a permission", func(w *world) {
			_, p := functionWorld(w)
			p.Principal, w.backend.HasCredentials = model.Of("events.amazonaws.com"), model.True
		}, Delivered, "function", ""},
		{"GET to Lambda", "Lambda takes POST only", func(w *world) {
			functionWorld(w)
			w.backend.Verb = model.Of("GET")
		}, IntegrationFailed, "mock", "POST only"},
		{"a role that trusts another service", "Lambda cannot assume it", func(w *world) {
			f, _ := functionWorld(w)
			f.Role = refTo(roleFor("apigateway.amazonaws.com"))
		}, IntegrationFailed, "role", "does not allow lambda.amazonaws.com to assume it"},
		{"a role that trusts Lambda", "Lambda assumes it", func(w *world) {
			f, _ := functionWorld(w)
			f.Role = refTo(roleFor(model.PrincipalLambda))
		}, Delivered, "function", ""},
		{"a role whose policy is not known", "the stack does not say that it fails", func(w *world) {
			f, _ := functionWorld(w)
			f.Role = refTo(&model.Role{Element: element("role", "r")})
		}, Delivered, "function", ""},
		{"no call at a time", "Lambda refuses every call", func(w *world) {
			f, _ := functionWorld(w)
			f.Reserved = model.Of(0)
		}, Throttled, "function", "limit of 0 calls"},
		{"a function of another stack", "its permissions are not known", func(w *world) {
			functionWorld(w)
			w.backend.Function = model.Ref[model.Function]{Value: model.Of("other"), Open: true}
		}, InsufficientInfo, "", "not in the stack"},
		{"another service", "the integration names no function", func(w *world) {
			functionWorld(w)
			w.backend.FunctionRef = model.FunctionRef{}
		}, InsufficientInfo, "", "other than Lambda"},
	})
}

func TestARouteInvokesItsFunction(t *testing.T) {
	runRows(t, []row{
		{"a permission for the route", "its pattern matches", func(w *world) {
			invokesFunction(w, "*/GET/orders")
		}, Delivered, "function", ""},
		{"a permission for another route", "its pattern does not match", func(w *world) {
			invokesFunction(w, "*/GET/other")
		}, IntegrationFailed, "function", "Invalid permissions"},
	})
}

// invokesFunction changes a world so that a route invokes a function, with a
// permission for a pattern.
func invokesFunction(w *world, pattern string) {
	_, p := functionWorld(w)
	route := httpWorld(w)
	api := w.stack.HTTPAPIs[0]
	api.ExecutionARN = model.Of("arn:aws:execute-api:eu-west-1:123456789012:h1h2h3")
	p.SourceARN = model.Of("arn:aws:execute-api:eu-west-1:123456789012:h1h2h3/" + pattern)
	i := route.Integration.Candidates[0]
	i.Type, i.FunctionRef, i.HasCredentials = model.Of(model.IntegrationAWSProxy), w.backend.FunctionRef, model.False
}

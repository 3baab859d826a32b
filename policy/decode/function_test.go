package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// invocation describes a method of an API that calls a function, and a permission for it.
type invocation struct {
	call, permission         map[string]any
	callFrom, permissionFrom map[string][]string
	arn                      string // The API's execution ARN. It is unknown if it is empty.
}

// TestAPermissionLetsAnAPICallAFunction changes one thing at a time of an API, a function and a permission.
func TestAPermissionLetsAnAPICallAFunction(t *testing.T) {
	type properties = map[string]any
	type from = map[string][]string
	const (
		unknown  = fixture.Unknown
		api      = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3"
		function = "arn:aws:lambda:us-east-1:123456789012:function:hello"
		call     = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
	)
	new := invocation{
		call: properties{"uri": unknown}, callFrom: from{"uri": {"hello"}},
		permission:     properties{"function": unknown, "sourceArn": unknown},
		permissionFrom: from{"function": {"hello"}, "sourceArn": {"api"}},
	}
	deployed := invocation{
		call: properties{"uri": call + function + "/invocations"}, arn: api,
		permission: properties{"function": "hello", "sourceArn": api + "/*/GET/orders/*"},
	}
	for _, c := range []struct {
		why    string
		of     invocation
		change properties // Of the permission.
		from   from
		want   model.Truth
	}{
		{"it is made from the API", new, nil, nil, model.True},
		{"it is made from another API", new, nil, from{"function": {"hello"}, "sourceArn": {"other"}}, model.False},
		{"it may be made from any API", new, nil, from{"function": {"hello"}, "sourceArn": {"elsewhere"}}, model.Maybe},
		{"it is made from a stage", new, nil, from{"function": {"hello"}, "sourceArn": {"stage"}}, model.True},
		{"it is for another function", new, properties{"function": "other"}, from{"sourceArn": {"api"}}, model.False},
		{"it is for an alias", new, properties{"qualifier": "prod"}, new.permissionFrom, model.Maybe},
		{"it has no source", new, properties{"sourceArn": nil}, from{"function": {"hello"}}, model.True},
		{"the pattern matches", deployed, nil, nil, model.True},
		{"the pattern has another method", deployed,
			properties{"sourceArn": api + "/*/POST/orders/*"}, nil, model.False},
		{"the pattern has another stage", deployed, properties{"sourceArn": api + "/test/*"}, nil, model.False},
		{"the pattern matches all", deployed, properties{"sourceArn": api + "/*"}, nil, model.True},
		{"it is not documented how the path is written", deployed,
			properties{"sourceArn": api + "/*/GET/orders/{id}"}, nil, model.Maybe},
		{"the pattern is of another API", deployed,
			properties{"sourceArn": "arn:aws:execute-api:us-east-1:123456789012:z9/*/*"}, nil, model.False},
		{"by the function's ARN", deployed, properties{"function": function}, nil, model.True},
		{"only for an alias", deployed, properties{"function": "hello:prod"}, nil, model.False},
		{"for URLs", deployed, properties{"action": "lambda:InvokeFunctionUrl"}, nil, model.False},
		{"for every action", deployed, properties{"action": "lambda:*"}, nil, model.True},
		{"for another service", deployed, properties{"principal": "events.amazonaws.com"}, nil, model.False},
		{"of its account", deployed, properties{"sourceAccount": "123456789012"}, nil, model.True},
		{"of another account", deployed, properties{"sourceAccount": "210987654321"}, nil, model.False},
		{"of a function in another region", deployed,
			properties{"function": "arn:aws:lambda:eu-west-1:123456789012:function:hello"}, nil, model.False},
	} {
		t.Run(c.why, func(t *testing.T) {
			stack := decodeAll(c.of.with(c.change, c.from).resources()...)
			i := stack.Integrations[0]
			f, certain := i.Function.Sole()
			assert.True(t, certain)
			assert.Equal(t, c.want, stack.MayInvoke(model.Invocation{
				Function: f, By: i.FunctionRef, Principal: model.PrincipalAPIGateway, Source: stack.RestAPIs[0].Element,
				SourceARN: stack.RestAPIs[0].ExecutionARN, Stage: model.Of("prod"),
				Requests: []string{"GET/orders/5", "GET/orders/{id}"},
			}))
		})
	}
}

// with returns a copy whose permission has other properties. A nil value removes one.
func (i invocation) with(change map[string]any, from map[string][]string) invocation {
	all := map[string]any{"action": "lambda:InvokeFunction", "principal": model.PrincipalAPIGateway}
	for _, properties := range []map[string]any{i.permission, change} {
		for key, v := range properties {
			all[key] = v
			if v == nil {
				delete(all, key)
			}
		}
	}
	i.permission = all
	if from != nil {
		i.permissionFrom = from
	}
	return i
}

// resources returns two APIs, the function and the rest of an invocation.
func (i invocation) resources() []fixture.Resource {
	const api, unknown = "aws:apigateway/restApi:RestApi", fixture.Unknown
	arn, function := i.arn, map[string]any{"name": "hello", "role": "arn:aws:iam::123456789012:role/hello"}
	if arn == "" {
		arn = unknown
	} else {
		function["id"], function["arn"] = "hello", "arn:aws:lambda:us-east-1:123456789012:function:hello"
		function["code"] = "a file"
	}
	i.call["type"], i.call["restApi"] = "AWS_PROXY", unknown
	return []fixture.Resource{
		{Name: "api", Type: api, Properties: map[string]any{"executionArn": arn}},
		{Name: "other", Type: api, Properties: map[string]any{"executionArn": unknown}},
		{Name: "stage", Type: "aws:apigateway/stage:Stage", Properties: map[string]any{"restApi": unknown},
			Dependencies: map[string][]string{"restApi": {"api"}}},
		{Name: "hello", Type: "aws:lambda/function:Function", Properties: function},
		{Name: "call", Type: "aws:apigateway/integration:Integration", Properties: i.call, Dependencies: i.callFrom},
		{Name: "permission", Type: "aws:lambda/permission:Permission", Properties: i.permission,
			Dependencies: i.permissionFrom},
	}
}

// TestATextNamesAFunction reads the forms in which programs name functions.
func TestATextNamesAFunction(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:123456789012:function:hello"
	none := model.Known[string]{}
	for _, c := range []struct {
		text            string
		name, qualifier model.Known[string]
		isFunction      bool
	}{
		{"hello", model.Of("hello"), none, true},
		{"hello:prod", model.Of("hello"), model.Of("prod"), true},
		{arn, model.Of(arn), none, true},
		{arn + ":7", model.Of(arn), model.Of("7"), true},
		{"123456789012:function:hello", model.Of("hello"), none, true},
		{"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + arn + "/invocations", model.Of(arn), none,
			true},
		{"arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/" + arn +
			":prod/response-streaming-invocations",
			model.Of(arn), model.Of("prod"), true},
		{"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + arn + ":${stageVariables.v}/invocations",
			model.Unknown[string](), model.Unknown[string](), true},
		{"arn:aws:apigateway:us-east-1:sqs:path/123456789012/orders", none, none, false},
		{"arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front/0123", none, none, false},
	} {
		parsed, isFunction := parseFunction(c.text)
		assert.Equal(t, functionText{c.name, c.qualifier}, parsed, c.text)
		assert.Equal(t, c.isFunction, isFunction, c.text)
	}
}

// TestANameOfAFunctionIsOneOfItsRegion has two functions of one name, each in its own region.
func TestANameOfAFunctionIsOneOfItsRegion(t *testing.T) {
	type properties = map[string]any
	const function, permission = "aws:lambda/function:Function", "aws:lambda/permission:Permission"
	stack := decodeAll(
		fixture.Resource{Name: "east", Type: function, Properties: properties{"name": "hello", "region": "us-east-1"}},
		fixture.Resource{Name: "west", Type: function, Properties: properties{"name": "hello", "region": "eu-west-1"}},
		fixture.Resource{Name: "a", Type: permission,
			Properties: properties{"function": "hello", "region": "eu-west-1"}},
		fixture.Resource{Name: "b", Type: permission,
			Properties: properties{"function": "hello", "region": "eu-north-1"}},
	)
	f, certain := stack.Permissions[0].Function.Sole()
	assert.True(t, certain)
	assert.Equal(t, "west", f.Name)
	assert.True(t, stack.Permissions[1].Function.Open)
	assert.Empty(t, stack.Permissions[1].Function.Candidates)
}

package decode

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// ruleWith returns the rule that has the given conditions.
func ruleWith(t *testing.T, conditions any) *model.ListenerRule {
	t.Helper()
	s := decodeAll(fixture.Resource{Name: "rule", Type: "aws:lb/listenerRule:ListenerRule",
		Properties: map[string]any{"conditions": conditions}})
	require.Len(t, s.ListenerRules, 1)
	return s.ListenerRules[0]
}

func TestARuleIsForTheRequestsThatMatchItsConditions(t *testing.T) {
	request := model.HTTPRequest{
		Verb: "GET", Host: "api.example.com", Path: "/orders/1", Headers: map[string]string{"x-origin": "Secret"},
		Client: netip.MustParseAddr("192.0.2.10"),
	}
	values := func(key string, values ...any) map[string]any {
		return map[string]any{key: map[string]any{"values": values}}
	}
	header := func(name string, value any) map[string]any {
		return map[string]any{"httpHeader": map[string]any{"httpHeaderName": name, "values": []any{value}}}
	}
	for _, c := range []struct {
		why        string
		conditions any
		want       model.Truth
	}{
		{"no condition", nil, model.True},
		{"unknown conditions", fixture.Unknown, model.Maybe},
		{"a path", []any{values("pathPattern", "/users/*", "/orders/?")}, model.True},
		{"another path", []any{values("pathPattern", "/orders")}, model.False},
		{"a path in another case", []any{values("pathPattern", "/ORDERS/*")}, model.False},
		{"an unknown path", []any{values("pathPattern", fixture.Unknown)}, model.Maybe},
		{"a regular expression", []any{map[string]any{"pathPattern": map[string]any{"regexValues": []any{"^/o"}}}},
			model.Maybe},
		{"a host in another case", values("hostHeader", "*.Example.com"), model.True},
		{"another host", values("hostHeader", "*.example.org"), model.False},
		{"a method", values("httpRequestMethod", "POST", "GET"), model.True},
		{"another method", values("httpRequestMethod", "POST"), model.False},
		{"a range", values("sourceIp", "192.0.2.0/24"), model.True},
		{"another range", values("sourceIp", "198.51.100.0/24", "::/0"), model.False},
		{"a header", header("X-Origin", "secret"), model.True},
		{"another value of a header", header("X-Origin", "other"), model.False},
		{"a header that the client does not send", header("X-Other", "*"), model.False},
		{"a header that every client sends", header("User-Agent", "curl*"), model.Maybe},
		{"the host as a header", header("Host", "api.*"), model.True},
		{"a query string", map[string]any{"queryStrings": []any{map[string]any{"key": "a", "value": "b"}}},
			model.Maybe},
		{"a new kind", map[string]any{"moonPhase": map[string]any{"values": []any{"full"}}}, model.Maybe},
		{"two conditions", []any{values("pathPattern", "*"), values("hostHeader", "other.example.com")}, model.False},
	} {
		assert.Equal(t, c.want, ruleWith(t, c.conditions).Matches(request), c.why)
	}
	unknownClient := request
	unknownClient.Client = netip.Addr{}
	assert.Equal(t, model.Maybe, ruleWith(t, values("sourceIp", "192.0.2.0/24")).Matches(unknownClient))
}

func TestAListenerForwardsRedirectsOrAnswers(t *testing.T) {
	listener := func(actions ...any) model.Action {
		s := decodeAll(
			fixture.Resource{Name: "blue", Type: "aws:lb/targetGroup:TargetGroup",
				Properties: map[string]any{"arn": "arn:blue"}},
			fixture.Resource{Name: "green", Type: "aws:lb/targetGroup:TargetGroup",
				Properties: map[string]any{"arn": "arn:green"}},
			fixture.Resource{Name: "listener", Type: "aws:lb/listener:Listener",
				Properties: map[string]any{"defaultActions": actions}},
		)
		return s.Listeners[0].Default
	}
	forward := listener(
		map[string]any{"type": "authenticate-oidc", "authenticateOidc": map[string]any{}},
		map[string]any{"type": "forward", "forward": map[string]any{"targetGroups": []any{
			map[string]any{"arn": "arn:blue", "weight": 0}, map[string]any{"arn": "arn:green", "weight": 1}}}})
	assert.Equal(t, model.Of(model.ActionForward), forward.Kind)
	assert.Equal(t, model.True, forward.Authenticates)
	assert.Len(t, forward.TargetGroups.Items, 2)
	assert.Equal(t, []model.Known[int]{model.Of(0), model.Of(1)}, forward.Weights)
	require.Len(t, forward.Receivers().Items, 1)
	assert.Equal(t, model.Of("arn:green"), forward.Receivers().Items[0].Value)

	undecided := listener(map[string]any{"type": "forward", "forward": map[string]any{"targetGroups": []any{
		map[string]any{"arn": "arn:blue", "weight": fixture.Unknown}, map[string]any{"arn": "arn:green"}}}})
	require.Len(t, undecided.Receivers().Items, 1)
	require.NotNil(t, undecided.Receivers().Rest)

	one := listener(map[string]any{"type": "forward", "targetGroupArn": "arn:blue", "forward": map[string]any{
		"targetGroups": []any{map[string]any{"arn": "arn:blue", "weight": 1}}}})
	require.Len(t, one.Receivers().Items, 1)

	redirect := listener(map[string]any{"type": "redirect", "redirect": map[string]any{
		"protocol": "HTTPS", "port": "443", "statusCode": "HTTP_301"}})
	assert.Equal(t, model.Of(model.ActionRedirect), redirect.Kind)
	assert.Equal(t, model.Of(301), redirect.Status)
	assert.Equal(t, model.Redirect{Protocol: model.Of("HTTPS"), Host: model.Of("#{host}"), Port: model.Of("443"),
		Path: model.Of("/#{path}"), Query: model.Of("#{query}")}, redirect.Redirect)

	fixed := listener(map[string]any{"type": "fixed-response", "fixedResponse": map[string]any{"statusCode": "404"}})
	assert.Equal(t, model.Of(model.ActionFixedResponse), fixed.Kind)
	assert.Equal(t, model.Of(404), fixed.Status)
	assert.True(t, fixed.Receivers().IsEmpty())
}

package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestPatternMatchesText(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true},
		{"", "a", false},
		{"execute-api:*", "execute-api:invoke", true},
		{"execute-api:inv?ke", "execute-api:invoke", true},
		{"execute-api:invoke?", "execute-api:invoke", false},
		{"*invoke", "execute-api:invoke", true},
		{"e*:i*e", "execute-api:invoke", true},
		{"e*:i*x", "execute-api:invoke", false},
		{"a*b*", "acbc", true}, // The last * has to give characters back.
		{"*ab", "aab", true},
		{"[a-z]*", "execute", false}, // No other character is special.
	} {
		assert.Equal(t, c.want, model.Matches(c.pattern, c.text), "%q and %q", c.pattern, c.text)
	}
}

func TestStatementIsAboutCalls(t *testing.T) {
	for _, c := range []struct {
		name    string
		actions model.Patterns
		want    bool
	}{
		{"the action in any case", model.Patterns{Values: []string{"s3:GetObject", "Execute-API:invoke"}}, true},
		{"another action", model.Patterns{Values: []string{"execute-api:ManageConnections"}}, false},
		{"all but another action", model.Patterns{Values: []string{"execute-api:ManageConnections"}, Not: true}, true},
		{"all but this action", model.Patterns{Values: []string{"execute-api:*"}, Not: true}, false},
		{"no action at all, which IAM refuses", model.Patterns{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, model.Statement{Actions: c.actions}.IsAboutCalls())
		})
	}
}

func TestStatementIsAboutEveryCall(t *testing.T) {
	for resource, want := range map[string]model.Truth{
		"*":                model.True,
		"execute-api:/*":   model.True,
		"execute-api:/*/*": model.True,
		"arn:aws:execute-api:us-east-1:123456789012:a1b2c3/*":      model.True,
		"arn:aws:execute-api:us-east-1:123456789012:a1b2c3/prod/*": model.Maybe, // Perhaps the only stage.
		"arn:aws:execute-api:us-east-1:123456789012:a1b2c3":        model.Maybe,
	} {
		s := model.Statement{Resources: model.Patterns{Values: []string{resource}}}
		assert.Equal(t, want, s.IsAboutEveryCall(), resource)
	}
	not := model.Statement{Resources: model.Patterns{Values: []string{"*"}, Not: true}}
	assert.Equal(t, model.Maybe, not.IsAboutEveryCall(), "NotResource")
}

// TestSourcesFollow compares what triggers are made from with what a policy is.
func TestSourcesFollow(t *testing.T) {
	aws := func(urns ...string) model.Sources { return model.Sources{AWS: urns} }
	for _, c := range []struct {
		name            string
		sources, others model.Sources
		want            model.Truth
	}{
		{"all are among them", aws("api", "vpc", "function"), aws("api", "vpc"), model.True},
		{"one is missing", aws("api"), aws("api", "vpc"), model.False},
		{"none is there", model.Sources{}, aws("vpc"), model.False},
		{"a component may give the missing one", model.Sources{Other: []string{"component"}}, aws("vpc"), model.Maybe},
		{"another component's output may be the same", aws("vpc"), model.Sources{AWS: []string{"vpc"}, Other: []string{"component"}}, model.Maybe},
		{"the same component", model.Sources{Other: []string{"component"}}, model.Sources{Other: []string{"component"}}, model.True},
		{"a text of the program alone", aws("vpc"), model.Sources{}, model.Maybe},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, c.sources.Follow(c.others)) })
	}
	assert.Equal(t, aws("vpc"), aws("api", "vpc").Without(model.Origin{URN: "api"}))
}

func TestBefore(t *testing.T) {
	s := &model.Stack{}
	s.AddOrder("root", "", nil)
	s.AddOrder("component", "root", nil)
	s.AddOrder("inside", "component", nil)
	s.AddOrder("beside", "component", []string{"far"})
	s.AddOrder("far", "root", []string{"farther"})
	s.AddOrder("outside", "root", []string{"component"})
	s.AddOrder("child", "beside", nil)
	s.AddOrder("round", "trip", []string{"round"})
	s.AddOrder("trip", "round", nil)
	for _, c := range []struct {
		later, earlier string
		want           bool
		why            string
	}{
		{"beside", "far", true, "a dependency"},
		{"beside", "farther", true, "a dependency of a dependency"},
		{"far", "beside", false, "the other way round"},
		{"outside", "inside", true, "a dependency on the component around it"},
		{"outside", "farther", true, "and what is inside of that waits too"},
		{"inside", "beside", false, "one parent is no order"},
		{"inside", "component", true, "a parent is there before its children"},
		{"child", "beside", true, "a child comes after its parent"},
		{"child", "farther", true, "and after what that waits for"},
		{"round", "far", false, "a cycle ends"},
	} {
		waits := s.Before(model.Origin{URN: c.later}).Includes(model.Origin{URN: c.earlier})
		assert.Equal(t, c.want, waits, "%s waits for %s: %s", c.later, c.earlier, c.why)
	}
}

func TestHostOfIntegration(t *testing.T) {
	for uri, want := range map[string]struct {
		host     string
		balancer model.Truth
		address  model.Truth
	}{
		"https://Backend.example.com:8443/a?b=c":                        {"backend.example.com", model.False, model.False},
		"https://nlb-0a1b.elb.us-east-1.amazonaws.com/":                 {"nlb-0a1b.elb.us-east-1.amazonaws.com", model.True, model.False},
		"https://nlb-0a1b.elb.cn-north-1.amazonaws.com.cn":              {"nlb-0a1b.elb.cn-north-1.amazonaws.com.cn", model.True, model.False},
		"http://internal-alb-1.us-east-1.elb.amazonaws.com/{proxy}":     {"internal-alb-1.us-east-1.elb.amazonaws.com", model.True, model.False},
		"https://vpce-0a1b.execute-api.us-east-1.vpce.amazonaws.com/x":  {"vpce-0a1b.execute-api.us-east-1.vpce.amazonaws.com", model.False, model.False},
		"https://elb.example.com/":                                      {"elb.example.com", model.False, model.False},
		"https://10.0.0.1/":                                             {"10.0.0.1", model.False, model.True},
		"https://[2001:db8::1]:443/":                                    {"2001:db8::1", model.False, model.True},
		"https://${stageVariables.host}/":                               {"", model.Maybe, model.Maybe},
		"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions": {"", model.Maybe, model.Maybe},
	} {
		i := &model.Integration{URI: model.Of(uri)}
		host, _ := i.Host().Get()
		assert.Equal(t, want.host, host, uri)
		assert.Equal(t, want.balancer, i.HasBalancerName(), uri)
		assert.Equal(t, want.address, i.HasAddress(), uri)
	}
}

package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
		why           string
	}{
		{"*", "", true, "* stands for no character too"},
		{"", "a", false, "an empty pattern matches an empty text only"},
		{"execute-api:*", "execute-api:invoke", true, "* at the end"},
		{"execute-api:inv?ke", "execute-api:invoke", true, "? stands for one character"},
		{"execute-api:invoke?", "execute-api:invoke", false, "? does not stand for no character"},
		{"*invoke", "execute-api:invoke", true, "* at the beginning"},
		{"e*:i*e", "execute-api:invoke", true, "several *"},
		{"e*:i*x", "execute-api:invoke", false, "the end differs"},
		{"a*b*", "acbc", true, "the last * stands for the rest"},
		{"*ab", "aab", true, "* first takes too few characters"},
		{"[a-z]*", "execute", false, "no other character is special"},
	} {
		assert.Equal(t, c.want, model.Matches(c.pattern, c.text), "%q and %q: %s", c.pattern, c.text, c.why)
	}
}

func TestAStatementIsAboutCallsIfItsActionsIncludeInvoke(t *testing.T) {
	manage, everything := []string{"execute-api:ManageConnections"}, []string{"execute-api:*"}
	for _, c := range []struct {
		why     string
		actions model.Patterns
		want    bool
	}{
		{"case does not matter", model.Patterns{Values: []string{"s3:GetObject", "Execute-API:invoke"}}, true},
		{"another action", model.Patterns{Values: manage}, false},
		{"all except another action", model.Patterns{Values: manage, Not: true}, true},
		{"all except this action", model.Patterns{Values: everything, Not: true}, false},
		{"no action, which IAM refuses", model.Patterns{}, false},
	} {
		t.Run(c.why, func(t *testing.T) {
			assert.Equal(t, c.want, model.Statement{Actions: c.actions}.IsAboutCalls())
		})
	}
}

func TestAStatementIsAboutEveryCallIfItsResourceHasNoStage(t *testing.T) {
	const api = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3"
	for _, c := range []struct {
		resource string
		want     model.Truth
		why      string
	}{
		{"*", model.True, "everything"},
		{"execute-api:/*", model.True, "the short form"},
		{"execute-api:/*/*", model.True, "the short form with every method"},
		{api + "/*", model.True, "every stage of an API"},
		{api + "/prod/*", model.Maybe, "a stage, which may be the only one"},
		{api, model.Maybe, "no path"},
	} {
		s := model.Statement{Resources: model.Patterns{Values: []string{c.resource}}}
		assert.Equal(t, c.want, s.IsAboutEveryCall(), "%s: %s", c.resource, c.why)
	}
	not := model.Statement{Resources: model.Patterns{Values: []string{"*"}, Not: true}}
	assert.Equal(t, model.Maybe, not.IsAboutEveryCall(), "NotResource")
}

package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

// TestTriggersFollowAPolicyIfTheyHaveItsSources compares the sources of triggers
// with those of a policy.
func TestTriggersFollowAPolicyIfTheyHaveItsSources(t *testing.T) {
	aws := func(urns ...string) model.Sources { return model.Sources{AWS: urns} }
	component := model.Sources{Other: []string{"component"}}
	for _, c := range []struct {
		why              string
		triggers, policy model.Sources
		want             model.Truth
	}{
		{"the triggers have all sources", aws("api", "vpc", "function"), aws("api", "vpc"), model.True},
		{"the triggers lack a source", aws("api"), aws("api", "vpc"), model.False},
		{"the triggers have no source", model.Sources{}, aws("vpc"), model.False},
		{"a component may give the missing output", component, aws("vpc"), model.Maybe},
		{
			"a component may give an output that the triggers have",
			aws("vpc"), model.Sources{AWS: []string{"vpc"}, Other: []string{"component"}}, model.Maybe,
		},
		{"both come from the same component", component, component, model.True},
		{"the policy is only text", aws("vpc"), model.Sources{}, model.Maybe},
	} {
		t.Run(c.why, func(t *testing.T) { assert.Equal(t, c.want, c.triggers.Follow(c.policy)) })
	}
}

func TestWithoutRemovesOneSource(t *testing.T) {
	sources := model.Sources{AWS: []string{"api", "vpc"}}
	assert.Equal(t, model.Sources{AWS: []string{"vpc"}}, sources.Without(model.Origin{URN: "api"}))
}

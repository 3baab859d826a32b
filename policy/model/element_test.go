package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestRegionsAreComparedIfTheProgramStatesThem(t *testing.T) {
	here, there := model.Of("us-east-1"), model.Of("us-west-2")
	type placement = model.Placement
	for _, c := range []struct {
		why  string
		a, b placement
		want model.Truth
	}{
		{"one provider has one region", placement{Provider: "p"}, placement{Provider: "p"}, model.True},
		{"both take it from the environment", placement{Provider: "p"}, placement{Provider: "q"}, model.Maybe},
		{
			"two providers state one region",
			placement{Provider: "p", Region: here}, placement{Provider: "q", Region: here}, model.True,
		},
		{
			"two providers state two regions",
			placement{Provider: "p", Region: here}, placement{Provider: "q", Region: there}, model.False,
		},
		{"two unnamed providers may differ", placement{}, placement{}, model.Maybe},
	} {
		t.Run(c.why, func(t *testing.T) { assert.Equal(t, c.want, c.a.SameRegion(c.b)) })
	}
}

package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestAListMayHaveWhatIsNotKnownYet(t *testing.T) {
	a, b, unknown := model.Of("a"), model.Of("b"), model.Unknown[string]()
	isA := func(s string) model.Truth { return model.TruthOf(s == "a") }
	type list = model.List[string]
	for _, c := range []struct {
		why  string
		list list
		want model.Truth
	}{
		{"the list has it", list{Items: []model.Known[string]{b, a}}, model.True},
		{"a complete list lacks it", list{Items: []model.Known[string]{b}, Complete: true}, model.False},
		{"an item may be it", list{Items: []model.Known[string]{b, unknown}, Complete: true}, model.Maybe},
		{"a further item may be it", list{Items: []model.Known[string]{b}}, model.Maybe},
		{"an empty list lacks it", list{Complete: true}, model.False},
	} {
		t.Run(c.why, func(t *testing.T) {
			assert.Equal(t, c.want, c.list.Has("a"))
			assert.Equal(t, c.want, c.list.Any(isA))
		})
	}
}

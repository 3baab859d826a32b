package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

// TestAnswersAreCertainOnlyIfEveryPossibleStackGivesThem compares the operators
// of Truth with those of bool. Maybe stands for true and for false.
func TestAnswersAreCertainOnlyIfEveryPossibleStackGivesThem(t *testing.T) {
	truths := []model.Truth{model.False, model.Maybe, model.True}
	for _, a := range truths {
		for _, b := range truths {
			assert.Equal(t, forAll(a, b, func(x, y bool) bool { return x && y }), a.And(b), "%s and %s", a, b)
			assert.Equal(t, forAll(a, b, func(x, y bool) bool { return x || y }), a.Or(b), "%s or %s", a, b)
		}
		assert.Equal(t, forAll(a, a, func(x, _ bool) bool { return !x }), a.Not(), "not %s", a)
	}
}

// forAll applies an operator to the bools that a and b stand for. It returns
// Maybe if the results differ.
func forAll(a, b model.Truth, operator func(bool, bool) bool) model.Truth {
	bools := map[model.Truth][]bool{model.True: {true}, model.False: {false}, model.Maybe: {true, false}}
	results := map[bool]bool{}
	for _, x := range bools[a] {
		for _, y := range bools[b] {
			results[operator(x, y)] = true
		}
	}
	if len(results) == 2 {
		return model.Maybe
	}
	return model.TruthOf(results[true])
}

func TestAtMostMaybeIsNeverTrue(t *testing.T) {
	assert.Equal(t, model.Maybe, model.True.AtMostMaybe())
	assert.Equal(t, model.Maybe, model.Maybe.AtMostMaybe())
	assert.Equal(t, model.False, model.False.AtMostMaybe())
}

func TestOrMaybeIfLeavesAnswersAboutCompleteListsAlone(t *testing.T) {
	assert.Equal(t, model.Maybe, model.False.OrMaybeIf(true), "a further element may be it")
	assert.Equal(t, model.True, model.True.OrMaybeIf(true), "further elements change nothing")
	assert.Equal(t, model.False, model.False.OrMaybeIf(false))
}

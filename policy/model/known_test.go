package model_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestAnUnknownValueNeitherIsNorIsNotAnything(t *testing.T) {
	for _, c := range []struct {
		name      string
		known     model.Known[string]
		is, isNot bool
		equals    model.Truth
	}{
		{"absent", model.Known[string]{}, false, true, model.False},
		{"unknown", model.Unknown[string](), false, false, model.Maybe},
		{"the value", model.Of("v"), true, false, model.True},
		{"another value", model.Of("w"), false, true, model.False},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.is, c.known.Is("v"))
			assert.Equal(t, c.isNot, c.known.IsNot("v"))
			assert.Equal(t, c.equals, c.known.Equals("v"))
			assert.Equal(t, c.equals, c.known.Same(model.Of("v")))
			assert.Equal(t, c.equals, model.Of("v").Same(c.known))
		})
	}
}

func TestAnAbsentValueIsTheSameAsNoOtherValue(t *testing.T) {
	assert.Equal(t, model.False, model.Known[string]{}.Same(model.Known[string]{}))
	assert.Equal(t, model.False, model.Known[string]{}.Same(model.Unknown[string]()))
}

func TestOnlyAnAbsentValueTakesTheDefault(t *testing.T) {
	assert.True(t, model.Known[string]{}.Or("default").Is("default"))
	assert.True(t, model.Unknown[string]().Or("default").IsUnknown())
	assert.True(t, model.Of("v").Or("default").Is("v"))
}

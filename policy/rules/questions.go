package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// list puts names into a message, each once.
func list(names []string) string {
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// unset asks whether a stack leaves a value out.
func unset[T comparable](k model.Known[T]) model.Truth {
	if k.IsUnknown() {
		return model.Maybe
	}
	return model.TruthOf(k.IsAbsent())
}

// anyOf asks whether a value is one of several.
func anyOf[T comparable](k model.Known[T], values ...T) model.Truth {
	is := model.False
	for _, v := range values {
		is = is.Or(k.Equals(v))
	}
	return is
}

// hasAny asks whether a set has an element.
func hasAny[T any](set model.Refs[T]) model.Truth {
	return set.Any(func(model.Ref[T]) model.Truth { return model.True })
}

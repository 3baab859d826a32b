package rule

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// List puts names into a message, each once.
func List(names []string) string {
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// Unset asks whether a stack leaves a value out.
func Unset[T comparable](k model.Known[T]) model.Truth {
	if k.IsUnknown() {
		return model.Maybe
	}
	return model.TruthOf(k.IsAbsent())
}

// AnyOf asks whether a value is one of several.
func AnyOf[T comparable](k model.Known[T], values ...T) model.Truth {
	is := model.False
	for _, v := range values {
		is = is.Or(k.Equals(v))
	}
	return is
}

// HasAny asks whether a set has an element.
func HasAny[T any](set model.Refs[T]) model.Truth {
	return set.Any(func(model.Ref[T]) model.Truth { return model.True })
}

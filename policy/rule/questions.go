package rule

import (
	"slices"

	"private-api-blueprints/policy/model"
)

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

// InList asks whether a name is in a list of names.
func InList(list []string, name model.Known[string]) model.Truth {
	text, known := name.Get()
	if !known && len(list) > 0 {
		return model.Maybe
	}
	return model.TruthOf(known && slices.Contains(list, text))
}

// HasAny asks whether a set has an element.
func HasAny[T any](set model.Refs[T]) model.Truth {
	return set.Any(func(model.Ref[T]) model.Truth { return model.True })
}

package decode

import "private-api-blueprints/policy/model"

// union adds elements to a set. An element that may already be in the set does
// not add to its size.
func union[T any](set, more model.Refs[T]) model.Refs[T] {
	for _, element := range more.Items {
		switch set.Any(element.Same) {
		case model.False:
			set.Items = append(set.Items, element)
		case model.Maybe:
			set = set.WithMaybe(element)
		}
	}
	if more.Rest != nil {
		set = set.WithMaybe(*more.Rest)
	}
	return set
}

// join adds an element to a set if isIn is True. Otherwise the element may be in
// the set.
func join[T any](set model.Refs[T], element model.Ref[T], isIn model.Truth) model.Refs[T] {
	if isIn == model.True {
		return union(set, model.Refs[T]{Items: []model.Ref[T]{element}})
	}
	return set.WithMaybe(element)
}

// maybeEach returns a set in which each element of the given set may be.
func maybeEach[T any](set model.Refs[T]) model.Refs[T] {
	var none model.Refs[T]
	for _, element := range set.Items {
		none = none.WithMaybe(element)
	}
	if set.Rest != nil {
		none = none.WithMaybe(*set.Rest)
	}
	return none
}

// hasItems asks whether a list has elements.
func hasItems(l list) model.Truth {
	if len(l.items) == 0 && l.open {
		return model.Maybe
	}
	return model.TruthOf(len(l.items) > 0)
}

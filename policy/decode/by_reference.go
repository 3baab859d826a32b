package decode

import (
	"iter"

	"private-api-blueprints/policy/model"
)

// byReference finds the things that may refer to the same element as a reference. Things are under the elements that
// they may name, or under the value of a reference to an element that is not in the stack. Those that may name any
// element are under nil.
type byReference[E any] map[any][]E

// referenceKeys returns what a reference is found by.
func referenceKeys[T any](ref model.Ref[T]) []any {
	if ref.Open && ref.Value.IsUnknown() {
		return []any{nil}
	}
	keys := []any{}
	for _, candidate := range ref.Candidates {
		keys = append(keys, candidate)
	}
	if value, known := ref.Value.Get(); known && len(keys) == 0 {
		keys = append(keys, value)
	}
	return keys
}

// addTo adds a thing by its reference.
func addTo[T, E any](x byReference[E], ref model.Ref[T], thing E) {
	for _, key := range referenceKeys(ref) {
		x[key] = append(x[key], thing)
	}
}

// among ranges over the things that may refer to the same element as a reference. It may repeat some.
func among[T, E any](x byReference[E], ref model.Ref[T]) iter.Seq[E] {
	return func(yield func(E) bool) {
		for _, key := range referenceKeys(ref) {
			lists := [][]E{x[key], x[nil]}
			if key == nil {
				lists = nil
				for _, list := range x {
					lists = append(lists, list)
				}
			}
			for _, list := range lists {
				for _, thing := range list {
					if !yield(thing) {
						return
					}
				}
			}
		}
	}
}

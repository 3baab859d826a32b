package trace

import "private-api-blueprints/policy/model"

// option is one of several things that may decide, and whether it does.
type option[T any] struct {
	value T
	is    model.Truth
}

// maxOptions is the largest number of options that a walk follows.
const maxOptions = 4

// pick goes on with the first option that is certain, or with none if there is
// none. Options before it that may decide too are alternatives. what says what is
// chosen, such as "which stage answers".
func pick[T any](
	w walk, at model.Origin, what string, options []option[T], next func(walk, T) []Trace, none func(walk) []Trace,
) []Trace {
	var all [][]Trace
	for _, o := range options {
		if o.is == model.False {
			continue
		}
		if len(all) == maxOptions {
			return w.giveUp(at, "not known yet %s", what)
		}
		all = append(all, next(w, o.value))
		if o.is == model.True {
			return w.oneOf(at, what, all...)
		}
	}
	return w.oneOf(at, what, append(all, none(w))...)
}

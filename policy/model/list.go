package model

// List is a list of values that a stack may not know completely.
type List[T comparable] struct {
	// Items are the values. Some of them may be unknown.
	Items []Known[T]
	// Complete is false if there are, or may be, other values.
	Complete bool
}

// Any asks whether the question is True for one value of the list. A value that
// is not known may be anything.
func (l List[T]) Any(question func(T) Truth) Truth {
	answer := False
	for _, k := range l.Items {
		if v, isKnown := k.Get(); isKnown {
			answer = answer.Or(question(v))
		} else {
			answer = answer.Or(Maybe)
		}
	}
	return answer.OrMaybeIf(!l.Complete)
}

// Has asks whether a value is in the list.
func (l List[T]) Has(v T) Truth {
	has := False
	for _, k := range l.Items {
		has = has.Or(k.Equals(v))
	}
	return has.OrMaybeIf(!l.Complete)
}

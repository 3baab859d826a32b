package model

import "slices"

// Ref is what a property that names another resource may mean. Before the
// first deployment ids are unknown and only candidates are left.
type Ref[T any] struct {
	// Value is the property as it stands: an id, an ARN or an address.
	Value Known[string]
	// Candidates are the elements of the stack that it may name.
	Candidates []*T
	// Open says that it may also name something that is no candidate: a thing
	// outside of the stack, or, where Value is unknown, any thing at all.
	Open bool
}

// IsAbsent reports that the property is not set.
func (r Ref[T]) IsAbsent() bool { return r.Value.IsAbsent() && len(r.Candidates) == 0 && !r.Open }

// Sole is the one element that r names, if that is certain.
func (r Ref[T]) Sole() (*T, bool) {
	if len(r.Candidates) == 1 && !r.Open {
		return r.Candidates[0], true
	}
	return nil, false
}

// Names asks whether r names t.
func (r Ref[T]) Names(t *T) Truth {
	switch sole, certain := r.Sole(); {
	case certain:
		return TruthOf(sole == t)
	case slices.Contains(r.Candidates, t), r.anything():
		return Maybe
	}
	return False
}

// Among is the part of all that r may name.
func (r Ref[T]) Among(all []*T) []*T {
	if r.anything() {
		return all
	}
	return r.Candidates
}

func (r Ref[T]) anything() bool { return r.Open && r.Value.IsUnknown() }

// Ask puts a question to the element that r names. Where several candidates
// remain, the answer is the one that they all give, else Maybe.
func (r Ref[T]) Ask(question func(*T) Truth) Truth {
	if r.Open || len(r.Candidates) == 0 {
		return Maybe
	}
	answer := question(r.Candidates[0])
	for _, c := range r.Candidates[1:] {
		if answer == Maybe {
			break // No other answer changes that.
		}
		answer = answer.Agree(question(c))
	}
	return answer
}

// Same asks whether two properties name one thing.
func (r Ref[T]) Same(q Ref[T]) Truth {
	a, aKnown := r.Value.Get()
	b, bKnown := q.Value.Get()
	if aKnown && bKnown {
		return TruthOf(a == b)
	}
	if sole, certain := r.Sole(); certain {
		return q.Names(sole)
	}
	if sole, certain := q.Sole(); certain {
		return r.Names(sole)
	}
	return Maybe
}

// Refs is a set of references whose size may be unknown.
type Refs[T any] struct {
	Items []Ref[T]
	// Rest, if not nil, stands for further elements, none or more.
	Rest *Ref[T]
}

// IsEmpty reports that the set has no element for certain.
func (r Refs[T]) IsEmpty() bool { return len(r.Items) == 0 && r.Rest == nil }

// WithMaybe is the set and an element that may be in it, or may be one of those
// that are in it already.
func (r Refs[T]) WithMaybe(element Ref[T]) Refs[T] {
	rest := Ref[T]{Value: Unknown[string](), Candidates: element.Candidates, Open: element.Open}
	if r.Rest != nil {
		rest.Candidates = append(slices.Clone(r.Rest.Candidates), rest.Candidates...)
		rest.Open = rest.Open || r.Rest.Open
	}
	r.Rest = &rest
	return r
}

// Any asks whether the answer is True for at least one element of the set.
func (r Refs[T]) Any(question func(Ref[T]) Truth) Truth {
	answer := False
	for _, item := range r.Items {
		if answer = answer.Or(question(item)); answer == True {
			return True
		}
	}
	return answer.Or(r.rest(question, False))
}

// All asks whether the answer is True for every element of the set.
func (r Refs[T]) All(question func(Ref[T]) Truth) Truth {
	answer := True
	for _, item := range r.Items {
		if answer = answer.And(question(item)); answer == False {
			return False
		}
	}
	return answer.And(r.rest(question, True))
}

// rest answers for the elements of unknown number: none stands for the answer
// where there are none of them, so only that answer can be certain.
func (r Refs[T]) rest(question func(Ref[T]) Truth, none Truth) Truth {
	if r.Rest == nil {
		return none
	}
	return none.Agree(question(*r.Rest))
}

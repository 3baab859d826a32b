package model

import "slices"

// Ref is a reference to another resource. Before the first deployment IDs are
// unknown, so a reference lists the elements that it may name: its candidates.
type Ref[T any] struct {
	// Value is the property's value: an ID, an ARN, a name or an address.
	Value Known[string]
	// Candidates are the elements of the stack that the reference may name.
	Candidates []*T
	// Open is whether it may also name something that is not a candidate: a resource outside the stack or, if
	// Value is unknown, any resource.
	Open bool
}

// UnknownRef returns a reference that may name any resource.
func UnknownRef[T any]() Ref[T] { return Ref[T]{Value: Unknown[string](), Open: true} }

// IsAbsent reports whether the property is not set.
func (r Ref[T]) IsAbsent() bool { return r.Value.IsAbsent() && len(r.Candidates) == 0 && !r.Open }

// Sole returns the one element that r names, and whether that is certain.
func (r Ref[T]) Sole() (*T, bool) {
	if len(r.Candidates) == 1 && !r.Open {
		return r.Candidates[0], true
	}
	return nil, false
}

// IsClosed reports whether r certainly names one of its candidates.
func (r Ref[T]) IsClosed() bool { return len(r.Candidates) > 0 && !r.Open }

// Names asks whether r names t.
func (r Ref[T]) Names(t *T) Truth {
	switch sole, certain := r.Sole(); {
	case certain:
		return TruthOf(sole == t)
	case slices.Contains(r.Candidates, t), r.isAnything():
		return Maybe
	}
	return False
}

// Among returns those of all elements that r may name.
func (r Ref[T]) Among(all []*T) []*T {
	if r.isAnything() {
		return all
	}
	return r.Candidates
}

// isAnything reports whether r may name any resource.
func (r Ref[T]) isAnything() bool { return r.Open && r.Value.IsUnknown() }

// Ask asks a question about the element that r names. If there are several
// candidates, the answer is the one that all of them give, otherwise Maybe.
func (r Ref[T]) Ask(question func(*T) Truth) Truth {
	if !r.IsClosed() {
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

// Same asks whether two references name the same resource.
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

// Refs is a set of references. Its size may be unknown.
type Refs[T any] struct {
	Items []Ref[T]
	// Rest, if not nil, stands for any number of further references.
	Rest *Ref[T]
}

// unknownRefs returns a set that may hold anything.
func unknownRefs[T any]() Refs[T] {
	rest := UnknownRef[T]()
	return Refs[T]{Rest: &rest}
}

// IsEmpty reports whether the set certainly has no element.
func (r Refs[T]) IsEmpty() bool { return len(r.Items) == 0 && r.Rest == nil }

// WithMaybe returns the set with an additional element that may be in it. The
// element may also be the same as one that is in the set already.
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
	return answer.Or(r.askRest(question, False))
}

// All asks whether the answer is True for every element of the set.
func (r Refs[T]) All(question func(Ref[T]) Truth) Truth {
	answer := True
	for _, item := range r.Items {
		if answer = answer.And(question(item)); answer == False {
			return False
		}
	}
	return answer.And(r.askRest(question, True))
}

// askRest answers for the elements of unknown number. There may be none of
// them, so only the answer for an empty set can be certain.
func (r Refs[T]) askRest(question func(Ref[T]) Truth, ifEmpty Truth) Truth {
	if r.Rest == nil {
		return ifEmpty
	}
	return ifEmpty.Agree(question(*r.Rest))
}

package model

import "iter"

// index finds the things that refer, or may refer, to an element. The zero index
// is empty and ready to use.
type index[T, E any] struct {
	of    map[*T][]E
	ofAny []E // These may refer to any element.
}

// add adds a thing that refers to an element.
func (x *index[T, E]) add(ref Ref[T], thing E) {
	if ref.isAnything() {
		x.ofAny = append(x.ofAny, thing)
		return
	}
	if x.of == nil {
		x.of = map[*T][]E{}
	}
	for _, candidate := range ref.Candidates {
		x.of[candidate] = append(x.of[candidate], thing)
	}
}

// mayName ranges over the things that may refer to an element.
func (x *index[T, E]) mayName(element *T) iter.Seq[E] {
	return func(yield func(E) bool) {
		for _, things := range [2][]E{x.of[element], x.ofAny} {
			for _, thing := range things {
				if !yield(thing) {
					return
				}
			}
		}
	}
}

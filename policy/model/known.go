package model

// Known is a value that a stack may leave out (absent), may not know yet
// (unknown), or states. The zero Known is absent.
type Known[T comparable] struct {
	state knownState
	value T
}

type knownState int

const (
	absent knownState = iota
	unknown
	known
)

// Of is a value that is known.
func Of[T comparable](v T) Known[T] { return Known[T]{state: known, value: v} }

// Unknown is a value that is set but not known before the deployment.
func Unknown[T comparable]() Known[T] { return Known[T]{state: unknown} }

// Get returns the value, and whether it is known.
func (k Known[T]) Get() (T, bool) { return k.value, k.state == known }

// Is reports that the value is known to be v. It is false for an unknown.
func (k Known[T]) Is(v T) bool { return k.state == known && k.value == v }

// IsNot reports that the value is known not to be v: another one, or absent.
// It is false for an unknown, so it is not the negation of [Known.Is].
func (k Known[T]) IsNot(v T) bool { return k.state == absent || k.state == known && k.value != v }

// Equals asks whether the value is v.
func (k Known[T]) Equals(v T) Truth {
	if k.state == unknown {
		return Maybe
	}
	return TruthOf(k.Is(v))
}

// Same asks whether two values are both set, and equal.
func (k Known[T]) Same(o Known[T]) Truth {
	switch {
	case k.state == absent || o.state == absent:
		return False
	case k.state == unknown || o.state == unknown:
		return Maybe
	}
	return TruthOf(k.value == o.value)
}

// IsAbsent reports that the stack does not set the value.
func (k Known[T]) IsAbsent() bool { return k.state == absent }

// IsUnknown reports that the value is set but not known yet.
func (k Known[T]) IsUnknown() bool { return k.state == unknown }

// Or is k, or v where k is absent: the default of the service.
func (k Known[T]) Or(v T) Known[T] {
	if k.state == absent {
		return Of(v)
	}
	return k
}

package model

// Known is a value with three states: the stack does not set it (absent), sets
// it to something that is not known before the deployment (unknown), or states
// it (known). The zero Known is absent.
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

// Of returns a value that is known.
func Of[T comparable](v T) Known[T] { return Known[T]{state: known, value: v} }

// Unknown returns a value that is set but not known before the deployment.
func Unknown[T comparable]() Known[T] { return Known[T]{state: unknown} }

// Get returns the value, and whether it is known.
func (k Known[T]) Get() (T, bool) { return k.value, k.state == known }

// Is reports whether the value is known to be v. It is false for an unknown.
func (k Known[T]) Is(v T) bool { return k.state == known && k.value == v }

// IsNot reports whether the value is known to be another one than v, or absent.
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

// IsAbsent reports whether the stack does not set the value.
func (k Known[T]) IsAbsent() bool { return k.state == absent }

// IsUnknown reports whether the value is set but not known yet.
func (k Known[T]) IsUnknown() bool { return k.state == unknown }

// Or returns k, or v if k is absent. Its argument is the service's default.
func (k Known[T]) Or(v T) Known[T] {
	if k.state == absent {
		return Of(v)
	}
	return k
}

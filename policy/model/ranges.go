package model

import "net/netip"

// coverage asks whether the outer range has every address of the inner one. If
// it has only some of them, the answer is Maybe: they may be the ones in use.
func coverage(outer, inner netip.Prefix) Truth {
	switch {
	case contains(outer, inner):
		return True
	case outer.Overlaps(inner):
		return Maybe
	}
	return False
}

// contains reports whether the outer range has every address of the inner one.
func contains(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// askRange asks a question about a range. The answer is Maybe if the range is
// not known.
func askRange(r Known[netip.Prefix], question func(netip.Prefix) Truth) Truth {
	if v, known := r.Get(); known {
		return question(v)
	}
	return Maybe
}

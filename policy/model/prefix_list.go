package model

import "net/netip"

// PrefixList is a managed prefix list.
type PrefixList struct {
	Element
	Ranges []Known[netip.Prefix]
	// Complete is false if the list has, or may have, other ranges.
	Complete bool
}

// any asks whether the question is True for one range of the list.
func (l *PrefixList) any(question func(netip.Prefix) Truth) Truth {
	return anyOf(l.Ranges, l.Complete, question)
}

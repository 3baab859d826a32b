package model

import "net/netip"

// PrefixList is a managed prefix list.
type PrefixList struct {
	Element
	Ranges List[netip.Prefix]
	// MaxEntries is how many entries the list may have. A rule counts as that many.
	MaxEntries Known[int]
	// IPv6 is whether the entries are IPv6 ranges.
	IPv6 Known[bool]
}

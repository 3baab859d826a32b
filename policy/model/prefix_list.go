package model

import "net/netip"

// PrefixList is a managed prefix list.
type PrefixList struct {
	Element
	Ranges List[netip.Prefix]
}

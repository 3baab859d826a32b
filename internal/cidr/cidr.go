// Package cidr does arithmetic with address ranges that net/netip leaves out.
package cidr

import (
	"encoding/binary"
	"net/netip"
)

// Inside reports whether all addresses of the range inner belong to outer. Both
// ranges may be of either family; ranges of different families share no
// address.
func Inside(inner, outer netip.Prefix) bool {
	return inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
}

// Last returns the highest address of a range of either family.
func Last(cidr netip.Prefix) netip.Addr {
	bytes := cidr.Masked().Addr().AsSlice()
	for bit := cidr.Bits(); bit < 8*len(bytes); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	address, _ := netip.AddrFromSlice(bytes)
	return address
}

// Add returns the IPv4 address that comes n addresses after another. It wraps
// around after 255.255.255.255.
func Add(address netip.Addr, n uint32) netip.Addr {
	return FromUint32(toUint32(address) + n)
}

// toUint32 returns an IPv4 address as a number. It panics for other addresses.
func toUint32(address netip.Addr) uint32 {
	bytes := address.As4()
	return binary.BigEndian.Uint32(bytes[:])
}

// FromUint32 returns the IPv4 address that a number stands for.
func FromUint32(n uint32) netip.Addr {
	var bytes [4]byte
	binary.BigEndian.PutUint32(bytes[:], n)
	return netip.AddrFrom4(bytes)
}

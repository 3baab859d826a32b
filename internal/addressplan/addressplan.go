// Package addressplan does the address arithmetic of a VPC: which ranges its
// subnets get, which addresses in them AWS keeps, and which one an endpoint is
// pinned to. It is pure, so that addresses are known at preview.
package addressplan

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// AWS accepts VPCs and subnets from /16 to /28.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
const (
	MinBits = 16
	MaxBits = 28
)

// pinnedHost is the host number of an endpoint's default address: beyond the
// four that AWS keeps, and inside the smallest subnet.
const pinnedHost = 10

// Subnets divides a VPC's IPv4 range evenly among the public and private
// subnets of a number of zones: the private ones take the first half of the
// slots, the public ones the second. It fails when the slots would be smaller
// than AWS accepts.
func Subnets(vpc netip.Prefix, zones int) (public, private []netip.Prefix, err error) {
	slotBits := 0
	for 1<<slotBits < 2*zones {
		slotBits++
	}
	bits := vpc.Bits() + slotBits
	if !vpc.Addr().Is4() || bits > MaxBits {
		return nil, nil, fmt.Errorf("%s cannot hold %d subnets of at least /%d", vpc, 2*zones, MaxBits)
	}
	half := 1 << slotBits / 2
	for i := range zones {
		private = append(private, slot(vpc, bits, i))
		public = append(public, slot(vpc, bits, half+i))
	}
	return public, private, nil
}

func slot(vpc netip.Prefix, bits, n int) netip.Prefix {
	return netip.PrefixFrom(add(vpc.Masked().Addr(), uint32(n)<<(32-bits)), bits)
}

// Pin is the address that an endpoint gets in a subnet unless one is
// configured: the same host number in each.
func Pin(subnet netip.Prefix) netip.Addr { return add(subnet.Masked().Addr(), pinnedHost) }

// Check tells why an interface cannot have the address in the subnet, or nil:
// it must lie inside, and AWS keeps the first four addresses and the last.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
func Check(subnet netip.Prefix, address netip.Addr) error {
	if !subnet.Contains(address) {
		return fmt.Errorf("want an address inside the subnet's range %s", subnet)
	}
	first := subnet.Masked().Addr()
	last := add(first, 1<<(32-subnet.Bits())-1)
	if address == last || address.Less(add(first, 4)) {
		return fmt.Errorf("want an address from %s to %s; AWS keeps the first four and the last of %s",
			add(first, 4), last.Prev(), subnet)
	}
	return nil
}

func add(address netip.Addr, n uint32) netip.Addr {
	bytes := address.As4()
	binary.BigEndian.PutUint32(bytes[:], binary.BigEndian.Uint32(bytes[:])+n)
	return netip.AddrFrom4(bytes)
}

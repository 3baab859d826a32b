// Package addressplan does the address arithmetic of a VPC: which ranges its
// subnets get, which addresses in them AWS keeps, and which one an endpoint is
// pinned to. It is pure, so that addresses are known at preview.
package addressplan

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"net/netip"

	"private-api-blueprints/internal/cidr"
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

// Divide splits a VPC's IPv4 range evenly among tiers of subnets, each with one
// subnet per zone. It fails when the subnets would be smaller than AWS accepts.
func Divide(vpc netip.Prefix, zones, tiers int) ([][]netip.Prefix, error) {
	zoneBits := bits.Len(uint(zones - 1))
	width := vpc.Bits() + bits.Len(uint(tiers-1)) + zoneBits
	if !vpc.Addr().Is4() || width > MaxBits {
		return nil, fmt.Errorf("%s cannot hold %d subnets of at least /%d", vpc, tiers*zones, MaxBits)
	}
	divided := make([][]netip.Prefix, tiers)
	for tier := range tiers {
		for zone := range zones {
			divided[tier] = append(divided[tier], slot(vpc, width, tier<<zoneBits+zone))
		}
	}
	return divided, nil
}

func slot(vpc netip.Prefix, bits, n int) netip.Prefix {
	return netip.PrefixFrom(cidr.Add(vpc.Masked().Addr(), uint32(n)<<(32-bits)), bits)
}

// Subnet6 is the /64 with a number in a VPC's IPv6 range. AWS gives VPCs a /56
// and subnets a /64.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
func Subnet6(vpc netip.Prefix, number int) (netip.Prefix, error) {
	if !vpc.Addr().Is6() || vpc.Bits() > 64 || number >= 1<<min(64-vpc.Bits(), 16) {
		return netip.Prefix{}, fmt.Errorf("%s has no /64 number %d", vpc, number)
	}
	bytes := vpc.Masked().Addr().As16()
	binary.BigEndian.PutUint16(bytes[6:], binary.BigEndian.Uint16(bytes[6:])+uint16(number))
	return netip.PrefixFrom(netip.AddrFrom16(bytes), 64), nil
}

// Pin6 is the IPv6 address that a load balancer gets in a subnet unless one is
// configured.
func Pin6(subnet netip.Prefix) netip.Addr {
	bytes := subnet.Masked().Addr().As16()
	bytes[15] += pinnedHost
	return netip.AddrFrom16(bytes)
}

// Pin is the IPv4 address that an endpoint gets in a subnet unless one is
// configured: the same host number in each.
func Pin(subnet netip.Prefix) netip.Addr { return cidr.Add(subnet.Masked().Addr(), pinnedHost) }

// Check tells why an interface cannot have the address in the subnet, or nil:
// it must lie inside, and AWS keeps the first four addresses and the last.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
func Check(subnet netip.Prefix, address netip.Addr) error {
	if !subnet.Contains(address) {
		return fmt.Errorf("want an address inside the subnet's range %s", subnet)
	}
	lowest, highest := subnet.Masked().Addr(), cidr.Last(subnet)
	for range 4 {
		lowest = lowest.Next()
	}
	if address == highest || address.Less(lowest) {
		return fmt.Errorf("want an address from %s to %s; AWS keeps the first four and the last of %s", lowest, highest.Prev(), subnet)
	}
	return nil
}

// shared is the range of RFC 6598.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// Private tells whether an IPv4 address is one of RFC 1918 or RFC 6598, which
// is all that AWS takes for a load balancer's targets outside its VPC.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
func Private(address netip.Addr) bool {
	return address.Is4() && (address.IsPrivate() || shared.Contains(address))
}

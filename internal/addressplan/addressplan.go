// Package addressplan plans the addresses of a VPC: the ranges of its subnets,
// the addresses in them that AWS keeps, and the fixed addresses of endpoints and
// load balancers. It is pure, so that addresses are known at preview.
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

// pinnedHost is the host number of default addresses: beyond the first four that
// AWS keeps, and inside the smallest subnet.
const pinnedHost = 10

// Divide returns the IPv4 ranges of the subnets of a VPC: for each tier, one
// subnet per zone, all of the same size. It fails if the subnets would be smaller
// than AWS accepts.
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

// slot returns the range with a number among the ranges of some bits in a VPC.
func slot(vpc netip.Prefix, bits, n int) netip.Prefix {
	return netip.PrefixFrom(cidr.Add(vpc.Masked().Addr(), uint32(n)<<(32-bits)), bits)
}

// Subnet6 returns the /64 with a number in a VPC's IPv6 range. AWS assigns a /56
// to VPCs and a /64 to subnets.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
func Subnet6(vpc netip.Prefix, number int) (netip.Prefix, error) {
	if !vpc.Addr().Is6() || vpc.Bits() > 64 || number >= 1<<min(64-vpc.Bits(), 16) {
		return netip.Prefix{}, fmt.Errorf("%s has no /64 number %d", vpc, number)
	}
	bytes := vpc.Masked().Addr().As16()
	binary.BigEndian.PutUint16(bytes[6:], binary.BigEndian.Uint16(bytes[6:])+uint16(number))
	return netip.PrefixFrom(netip.AddrFrom16(bytes), 64), nil
}

// Pin6 returns the IPv6 address that a load balancer gets in a subnet unless one
// is configured.
func Pin6(subnet netip.Prefix) netip.Addr {
	bytes := subnet.Masked().Addr().As16()
	bytes[15] += pinnedHost
	return netip.AddrFrom16(bytes)
}

// Pin returns the IPv4 address that an endpoint or a load balancer gets in a
// subnet unless one is configured: the same host number in each subnet.
func Pin(subnet netip.Prefix) netip.Addr { return cidr.Add(subnet.Masked().Addr(), pinnedHost) }

// Check returns nil if an interface can have the address in the subnet. The
// address must be inside the subnet, and AWS keeps the first four addresses and
// the last.
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
		return fmt.Errorf("want an address from %s to %s; AWS keeps the first four and the last of %s",
			lowest, highest.Prev(), subnet)
	}
	return nil
}

// shared is the range of RFC 6598.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// Private reports whether an IPv4 address is one of RFC 1918 or RFC 6598. AWS
// accepts no others as targets of a load balancer outside its VPC.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
func Private(address netip.Addr) bool {
	return address.Is4() && (address.IsPrivate() || shared.Contains(address))
}

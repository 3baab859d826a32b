package blueprints

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/addressplan"
	"private-api-blueprints/internal/cidr"
)

// vantage is where a client is, and whether the settings admit it.
type vantage struct {
	from      string   // The internet, an address, or the name or ID of a subnet or function.
	groups    []string // The names of the client's security groups. Without any, it may connect everywhere.
	private   bool     // Whether the client has no public IPv4 address. Otherwise it may have one.
	ipVersion int      // The client's IP version; any if 0.
	admitted  bool
}

// internet is everyone on the internet.
const internet = "internet"

// anotherVpc is a client in a network that has nothing to do with the stack, with an
// execute-api endpoint.
var anotherVpc = vantage{from: "another-vpc"}

// fromInternet is everyone on the internet, if the settings admit all of them.
var fromInternet = vantage{from: internet, admitted: true}

// internetVantages returns clients on the internet: one in each range that is
// admitted, its neighbor outside the ranges, and everyone else.
func internetVantages(admitted []netip.Prefix) []vantage {
	var points []vantage
	open := true
	for _, r := range admitted {
		if r.Bits() == 0 {
			return []vantage{fromInternet}
		}
		if address := middle(r); onInternet(address) {
			points = append(points, vantage{from: internet + " " + address.String(), admitted: true})
		}
		everywhere := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
		if address := neighbor(r, everywhere, admitted); address.IsValid() {
			open = false
			if onInternet(address) {
				points = append(points, vantage{from: internet + " " + address.String()})
			}
		}
	}
	if !open {
		points = append(points, vantage{from: internet})
	}
	return points
}

// onInternet reports whether an IPv4 address can be a client's on the internet.
func onInternet(address netip.Addr) bool {
	return !addressplan.Private(address) && !address.IsLoopback() && !address.IsLinkLocalUnicast() &&
		address.As4()[0] != 0 && address.As4()[0] < 224
}

// subnet describes a subnet in which clients may be.
type subnet struct {
	name string       // Its name in the program, or its ID if it exists already.
	cidr netip.Prefix // Invalid if only AWS knows it.
	// shared says that an address does not tell policies the subnet: another network
	// of the stack may have it too, or the stack does not have the subnet.
	shared bool
}

// subnetVantages returns clients in subnets. If a subnet is only partly in the
// admitted ranges, it returns a client in each of these, and its neighbor outside
// them, unless their addresses are shared.
func subnetVantages(subnets []subnet, admitted []netip.Prefix) []vantage {
	var points []vantage
	for _, s := range subnets {
		inside, known := s.within(admitted)
		if known {
			points = append(points, vantage{from: s.name, admitted: inside})
			continue
		}
		for _, r := range admitted {
			if s.shared || !s.cidr.IsValid() || !cidr.Inside(r, s.cidr) {
				continue
			}
			points = append(points, vantage{from: middle(r).String(), admitted: true})
			if address := neighbor(r, s.cidr, admitted); address.IsValid() {
				points = append(points, vantage{from: address.String()})
			}
		}
	}
	return points
}

// within reports whether all addresses of the subnet are in one of the ranges.
// known is false if only some are, or if only AWS knows the subnet's range.
func (s subnet) within(ranges []netip.Prefix) (inside, known bool) {
	known = true
	for _, r := range ranges {
		switch {
		case r.Bits() == 0:
			return true, true
		case !s.cidr.IsValid():
			known = false
		case cidr.Inside(s.cidr, r):
			return true, true
		case s.cidr.Overlaps(r):
			known = false
		}
	}
	return false, known
}

// common returns the ranges of addresses that are in both lists.
func common(a, b []netip.Prefix) []netip.Prefix {
	var both []netip.Prefix
	for _, one := range a {
		for _, other := range b {
			switch {
			case cidr.Inside(one, other):
				both = append(both, one)
			case cidr.Inside(other, one):
				both = append(both, other)
			}
		}
	}
	return both
}

// subnetsIn returns the subnets of a tier of a network. name is the name of the
// network's component. awsx numbers the subnets that it creates.
func subnetsIn(name string, s *config.Network, found *components.Network, tier config.Tier) []subnet {
	var subnets []subnet
	for i, of := range *subnetsOf(found, tier) {
		at := subnet{cidr: of.CidrBlock, shared: s.Existing != nil}
		switch {
		case s.Existing != nil:
			at.name = string(of.Id.(pulumi.String))
		case tier == config.Dualstack:
			at.name = name + "-dualstack-" + of.AvailabilityZone
		default:
			at.name = fmt.Sprintf("%s-vpc-%s-%d", name, tier, i+1)
		}
		subnets = append(subnets, at)
	}
	return subnets
}

// serversIn returns the servers that the stack launches, one in each private subnet of a
// network. name is the name of the component that has them. Before the first deployment,
// nothing says which server is in which subnet, so each subnet is a vantage point too.
// Servers without a way to the internet are left out: they have a gateway endpoint.
func serversIn(name string, s *config.Network, found *components.Network) []vantage {
	var points []vantage
	if s.Create != nil && s.Create.NatGateways == string(components.NatNone) {
		return nil
	}
	for i, at := range subnetsIn(name, s, found, config.Private) {
		zone := (*subnetsOf(found, config.Private))[i].AvailabilityZone
		points = append(points,
			vantage{from: name + "-web-" + zone, admitted: true},
			vantage{from: at.name, groups: []string{name + "-web-sg"}, private: true, admitted: true},
		)
	}
	return points
}

// only returns the admitted vantage points.
func only(points []vantage) []vantage {
	return slices.DeleteFunc(slices.Clone(points), func(point vantage) bool { return !point.admitted })
}

// first returns the first vantage point, if there is one.
func first(points []vantage) []vantage { return points[:min(1, len(points))] }

// middle returns an address in the middle of a range. AWS keeps the addresses at
// the ends of a subnet.
func middle(r netip.Prefix) netip.Addr { return flip(r.Masked().Addr(), r.Bits()) }

// neighbor returns an address in within that is in none of the ranges, as close
// to the range r as possible, so that a range that is too wide includes it. It
// returns the zero Addr if there is none.
func neighbor(r, within netip.Prefix, ranges []netip.Prefix) netip.Addr {
	for bit := r.Bits() - 1; bit >= within.Bits(); bit-- {
		address := flip(middle(r), bit)
		if !slices.ContainsFunc(ranges, func(r netip.Prefix) bool { return r.Contains(address) }) {
			return address
		}
	}
	return netip.Addr{}
}

// flip returns an address with one bit inverted. Bits count from the highest, 0.
// There is no bit beyond the lowest, so it inverts nothing there.
func flip(address netip.Addr, bit int) netip.Addr {
	bytes := address.AsSlice()
	if bit < 8*len(bytes) {
		bytes[bit/8] ^= 0x80 >> (bit % 8)
	}
	flipped, _ := netip.AddrFromSlice(bytes)
	return flipped
}

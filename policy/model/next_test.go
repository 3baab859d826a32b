package model

import (
	"math/rand/v2"
	"net/netip"
	"testing"
)

// TestTheLongestPrefixDecides compares Next with a search through all routes, for
// every address of a small network.
func TestTheLongestPrefixDecides(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 3))
	address := func() netip.Addr { return netip.AddrFrom4([4]byte{10, 0, 0, byte(random.IntN(64))}) }
	for range 2_000 {
		vpc := &VPC{
			Range:      Of(netip.PrefixFrom(address(), 27+random.IntN(4)).Masked()),
			MoreRanges: List[netip.Prefix]{Complete: true},
		}
		table := &RouteTable{VPC: Ref[VPC]{Candidates: []*VPC{vpc}}, RoutesComplete: true}
		stack := &Stack{}
		seen := map[netip.Prefix]bool{}
		for range random.IntN(8) {
			to := netip.PrefixFrom(address(), random.IntN(33)).Masked()
			if seen[to] {
				continue // AWS refuses a second route to a destination.
			}
			seen[to] = true
			stack.AddVPCRoute(&VPCRoute{
				Table: Ref[RouteTable]{Candidates: []*RouteTable{table}}, Destination: Of(to), Target: RouteToPeering,
			})
		}
		for host := range byte(64) {
			ip := netip.AddrFrom4([4]byte{10, 0, 0, host})
			want, found := slowest(vpc, stack.VPCRoutes, ip)
			got := stack.Next(table, netip.PrefixFrom(ip, 32))
			if got.None != TruthOf(!found) || got.Open || found && (len(got.Routes) != 1 || got.Routes[0] != want) {
				t.Fatalf("%s in %v: got %+v, want %v", ip, seen, got, want)
			}
		}
	}
}

// slowest returns the route to an address, by comparing all prefixes. It is nil
// for the local route.
func slowest(vpc *VPC, routes []*VPCRoute, ip netip.Addr) (route *VPCRoute, found bool) {
	best := -1
	if local, _ := vpc.Range.Get(); local.Contains(ip) {
		best, found = local.Bits(), true
	}
	for _, r := range routes {
		if to, _ := r.Destination.Get(); to.Contains(ip) && to.Bits() > best {
			best, route, found = to.Bits(), r, true
		}
	}
	return route, found
}

// TestWhatIsNotCertainMayDecide adds to a table what may win over its one certain
// route.
func TestWhatIsNotCertainMayDecide(t *testing.T) {
	to := netip.MustParsePrefix("10.1.0.0/24")
	for _, test := range []struct {
		why      string
		more     VPCRoute
		complete bool
		routes   int
		open     bool
	}{
		{"A shorter prefix never wins.", VPCRoute{Destination: Of(netip.MustParsePrefix("0.0.0.0/0"))}, true, 1, false},
		{"A range that is not known may be longer.", VPCRoute{Destination: Unknown[netip.Prefix]()}, true, 2, false},
		{"A part of the destination may be meant.", VPCRoute{Destination: Of(netip.MustParsePrefix("10.1.0.0/25"))},
			true,
			2, false},
		{"The ranges of a prefix list count.", VPCRoute{PrefixList: refToList("10.1.0.0/20")}, true, 1, false},
		{"So do those that contain less.", VPCRoute{PrefixList: refToList("10.1.0.0/24")}, true, 1, false},
		{"A table may have routes that the stack does not show.",
			VPCRoute{Destination: Of(netip.MustParsePrefix("0.0.0.0/0"))},
			false, 1, true},
	} {
		vpc := &VPC{Range: Of(netip.MustParsePrefix("10.0.0.0/16")), MoreRanges: List[netip.Prefix]{Complete: true}}
		table := &RouteTable{VPC: Ref[VPC]{Candidates: []*VPC{vpc}}, RoutesComplete: test.complete}
		of := Ref[RouteTable]{Candidates: []*RouteTable{table}}
		stack := &Stack{}
		stack.AddVPCRoute(&VPCRoute{Table: of, Destination: Of(netip.MustParsePrefix("10.1.0.0/16"))})
		test.more.Table = of
		stack.AddVPCRoute(&test.more)
		got := stack.Next(table, to)
		if len(got.Routes) != test.routes || got.Open != test.open || got.None == True {
			t.Errorf("%s Got %+v", test.why, got)
		}
	}
}

func refToList(ranges ...string) Ref[PrefixList] {
	list := &PrefixList{Ranges: List[netip.Prefix]{Complete: true}}
	for _, r := range ranges {
		list.Ranges.Items = append(list.Ranges.Items, Of(netip.MustParsePrefix(r)))
	}
	return Ref[PrefixList]{Candidates: []*PrefixList{list}}
}

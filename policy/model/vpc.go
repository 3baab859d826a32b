package model

import "net/netip"

// VPC is a virtual network.
type VPC struct {
	Element
	// DNSSupport and DNSHostnames must be on for private names to work. The provider's defaults are true and false.
	DNSSupport, DNSHostnames Known[bool]
	// Range is the VPC's first IPv4 range.
	Range Known[netip.Prefix]
	// MoreRanges are the IPv4 ranges that the stack adds.
	MoreRanges List[netip.Prefix]
	// Range6 is the VPC's first IPv6 range. It is absent if the VPC has none.
	Range6 Known[netip.Prefix]
	// MoreRanges6 are the IPv6 ranges that the stack adds.
	MoreRanges6 List[netip.Prefix]
	// MainTable is the route table of the subnets without an association.
	MainTable Ref[RouteTable]
	// DefaultACL is the network ACL of the subnets without an association.
	DefaultACL Ref[NetworkACL]
	// IsNew is whether the stack creates the VPC, so that it has no internet gateway from elsewhere. It is Maybe if
	// the VPC exists, since the stack may only read it.
	IsNew Truth
}

// spans asks whether a range lies inside the ranges of the VPC. If only a part
// of it does, the answer is Maybe.
func (v *VPC) spans(inside netip.Prefix) Truth {
	covers := func(r netip.Prefix) Truth { return coverage(r, inside) }
	return askRange(v.Range, covers).Or(v.MoreRanges.Any(covers))
}

// Has asks whether an address lies in the VPC's ranges, to which the local routes of its tables lead.
func (v *VPC) Has(ip netip.Addr) Truth {
	first, more := v.Range, v.MoreRanges
	if ip.Is6() {
		first, more = v.Range6, v.MoreRanges6
	}
	has := func(r netip.Prefix) Truth { return TruthOf(r.Contains(ip)) }
	if first.IsAbsent() {
		return more.Any(has)
	}
	return askRange(first, has).Or(more.Any(has))
}

// VPCSpans asks whether an IPv4 range lies inside the ranges of a VPC. If the
// VPC is not in the stack, only its subnets in the stack can tell.
func (s *Stack) VPCSpans(vpc Ref[VPC], inside netip.Prefix) Truth {
	spans := vpc.Ask(func(v *VPC) Truth { return v.spans(inside) })
	if _, certain := vpc.Sole(); spans != Maybe || vpc.Value.IsUnknown() && !certain {
		return spans
	}
	for _, subnet := range s.Subnets {
		if subnet.VPC.Same(vpc) == True {
			spans = spans.Or(askRange(subnet.Range, func(r netip.Prefix) Truth { return coverage(r, inside) }))
		}
	}
	return spans
}

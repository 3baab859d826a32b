package model

import (
	"net/netip"
	"strings"
)

// VPC is a virtual network.
type VPC struct {
	Element
	// DNSSupport and DNSHostnames are what private names need; the provider's
	// defaults are true and false.
	DNSSupport, DNSHostnames Known[bool]
	// Range is its first IPv4 range, and MoreRanges are those added to it.
	Range      Known[netip.Prefix]
	MoreRanges []Known[netip.Prefix]
	// RangesComplete is false where it may have other ranges too.
	RangesComplete bool
}

// Spans asks whether a range lies in those of the VPC. Part of it is Maybe.
func (v *VPC) Spans(inside netip.Prefix) Truth {
	spans := False
	for _, r := range append([]Known[netip.Prefix]{v.Range}, v.MoreRanges...) {
		spans = spans.Or(askRange(r, func(r netip.Prefix) Truth { return coverage(r, inside) }))
	}
	if !v.RangesComplete {
		return spans.Or(Maybe)
	}
	return spans
}

// VPCSpans asks whether an IPv4 range lies in those of a VPC. Of one outside of
// the stack it knows the subnets at most.
func (s *Stack) VPCSpans(vpc Ref[VPC], inside netip.Prefix) Truth {
	spans := vpc.Ask(func(v *VPC) Truth { return v.Spans(inside) })
	for _, subnet := range s.Subnets {
		if spans == Maybe && subnet.VPC.Same(vpc) == True {
			spans = spans.Or(askRange(subnet.Range, func(r netip.Prefix) Truth { return coverage(r, inside) }))
		}
	}
	return spans
}

// coverage asks whether a range has every address of the other one. Part of
// them is Maybe: it may be the part that is in use.
func coverage(outer, inner netip.Prefix) Truth {
	switch {
	case holds(outer, inner):
		return True
	case outer.Overlaps(inner):
		return Maybe
	}
	return False
}

// holds reports that a range is the other one or has it inside.
func holds(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// Subnet is a subnet of a VPC.
type Subnet struct {
	Element
	// Zone identifies the availability zone. Two subnets of a stack are in one
	// zone if their Zones are equal, whether the stack gave names or ids.
	Zone Known[string]
	// Range is its IPv4 range, and Range6 its IPv6 range: absent without IPv6.
	Range, Range6 Known[netip.Prefix]
	VPC           Ref[VPC]
}

// Endpoint is a VPC endpoint.
type Endpoint struct {
	Element
	// Type is Interface, Gateway or GatewayLoadBalancer; the provider's default is Gateway.
	Type    Known[string]
	Service Known[string]
	VPC     Ref[VPC]
	Subnets Refs[Subnet]
	// Groups are its security groups. Empty: the default group of the VPC.
	Groups Refs[SecurityGroup]
	// PrivateDNS is whether it answers to the service's own names in the VPC.
	PrivateDNS Truth
	// Addresses are the IPv4 addresses of its network interfaces as far as they
	// are known; they are so before the deployment only where they are pinned.
	Addresses []Address
	// AddressesComplete is false while it has, or may have, others.
	AddressesComplete bool
}

// Address is the address that an endpoint has in one subnet.
type Address struct {
	IP     Known[string]
	Subnet Ref[Subnet]
}

// TypeInterface is the type of an endpoint that has network interfaces.
const TypeInterface = "Interface"

// executeAPI ends the name of the service through which a VPC calls API Gateway.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
const executeAPI = ".execute-api"

// IsExecuteAPI asks whether this is an endpoint for API Gateway.
func (e *Endpoint) IsExecuteAPI() Truth {
	service, known := e.Service.Get()
	if e.Service.IsUnknown() {
		return Maybe
	}
	return TruthOf(known && strings.HasSuffix(service, executeAPI))
}

// Holds asks whether the endpoint has the address. While its addresses are not
// all known, it may have any that lies in one of its subnets.
func (e *Endpoint) Holds(ip string) Truth {
	holds := False
	for _, a := range e.Addresses {
		holds = holds.Or(a.IP.Equals(ip))
	}
	if !e.AddressesComplete && e.reaches(ip) {
		return holds.Or(Maybe)
	}
	return holds
}

// reaches reports that an address may lie in one of the endpoint's subnets.
func (e *Endpoint) reaches(ip string) bool {
	address, err := netip.ParseAddr(ip)
	switch {
	case err != nil:
		return false // Of another kind of target.
	case !address.Is4():
		return true
	}
	outside := func(s *Subnet) Truth {
		within, known := s.Range.Get()
		if !known {
			return Maybe
		}
		return TruthOf(!within.Contains(address))
	}
	return e.Subnets.All(func(subnet Ref[Subnet]) Truth { return subnet.Ask(outside) }) != True
}

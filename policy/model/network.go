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

// reserved is how many of a subnet's first addresses AWS keeps, beside the last.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
const reserved = 4

// Offers asks whether an address is one that the subnet has to give.
func (s *Subnet) Offers(ip netip.Addr) Truth {
	block := s.Range
	if ip.Is6() {
		block = s.Range6
	}
	all, known := block.Get()
	if !known {
		return Maybe
	}
	first := all.Addr()
	for range reserved {
		if first == ip {
			return False
		}
		first = first.Next()
	}
	return TruthOf(all.Contains(ip) && all.Contains(ip.Next()))
}

// Endpoint is a VPC endpoint.
type Endpoint struct {
	Element
	// Type is Interface, Gateway or GatewayLoadBalancer; the provider's default is Gateway.
	Type    Known[string]
	Service Known[string]
	// EndpointService is what it connects to where that is no service of AWS.
	EndpointService Ref[EndpointService]
	VPC             Ref[VPC]
	Subnets         Refs[Subnet]
	// Groups are its security groups. Empty: the default group of the VPC.
	Groups Refs[SecurityGroup]
	// PrivateDNS is whether it answers to the service's own names in the VPC.
	PrivateDNS Truth
	// StatesPrivateDNS says that the program turns private DNS on or off here, and
	// not only in a setting of its own. It is Maybe once the endpoint exists, as
	// the provider then repeats here what the setting has done.
	StatesPrivateDNS Truth
	// Addresses are the IPv4 addresses of its network interfaces as far as they
	// are known; they are so before the deployment only where they are pinned.
	Addresses []Address
	// PinsComplete is false while the stack may pin others. Those that it leaves
	// to AWS are none of its pins.
	PinsComplete bool
	// AddressesComplete is false while it has, or may have, others.
	AddressesComplete bool
}

// PrivateDNSSetting turns the private DNS of an endpoint on or off beside it.
type PrivateDNSSetting struct {
	Element
	Endpoint Ref[Endpoint]
	On       Truth
}

// Address is the address that an endpoint has in one subnet.
type Address struct {
	IP     Known[string]
	Subnet Ref[Subnet]
	// Listed is whether the endpoint's list of subnets has that subnet.
	Listed Truth
}

// Types of an endpoint.
const (
	TypeInterface           = "Interface" // It has network interfaces.
	TypeGatewayLoadBalancer = "GatewayLoadBalancer"
)

// executeAPI ends the name of the service through which a VPC calls API Gateway.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html
const executeAPI = ".execute-api"

// endpointService begins the last label of the name of an endpoint service.
// https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html
const endpointService = ".vpce-svc-"

// IsExecuteAPI asks whether this is an endpoint for API Gateway.
func (e *Endpoint) IsExecuteAPI() Truth {
	return e.connectsTo(func(service string) bool { return strings.HasSuffix(service, executeAPI) }, False)
}

// IsForEndpointService asks whether it connects to what someone offers by an
// endpoint service, and not to a service of AWS.
func (e *Endpoint) IsForEndpointService() Truth {
	return e.connectsTo(func(service string) bool { return strings.Contains(service, endpointService) }, True)
}

// connectsTo asks a question about the service's name. Where that is not known
// yet, ofEndpointServices is the answer for every endpoint service.
func (e *Endpoint) connectsTo(question func(service string) bool, ofEndpointServices Truth) Truth {
	service, known := e.Service.Get()
	switch {
	case known:
		return TruthOf(question(service))
	case e.Service.IsAbsent():
		return False
	case len(e.EndpointService.Candidates) > 0 && !e.EndpointService.Open:
		return ofEndpointServices
	}
	return Maybe
}

// PrivateName is the name that it answers to in its VPC while private DNS is on,
// as far as it follows from the service: that of API Gateway in the region, or the
// one that an endpoint service has.
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
func (e *Endpoint) PrivateName() Known[string] {
	if service, certain := e.EndpointService.Sole(); certain {
		return service.PrivateName
	}
	name, _ := e.Service.Get()
	path, isAPI := strings.CutSuffix(name, executeAPI)
	if !isAPI {
		return Unknown[string]()
	}
	region := path[strings.LastIndex(path, ".")+1:]
	domain := executeAPI[1:] + "." + region + ".amazonaws.com"
	if strings.HasPrefix(region, "cn-") {
		domain += ".cn"
	}
	return Of(domain)
}

// SharesNames asks whether two endpoints would answer to the same private name.
func (e *Endpoint) SharesNames(o *Endpoint) Truth {
	if e.EndpointService.Same(o.EndpointService) == True {
		return True
	}
	mine, theirs := e.PrivateName(), o.PrivateName()
	name, known := mine.Get()
	switch {
	case mine.IsAbsent() || theirs.IsAbsent():
		return False
	case known && !theirs.IsUnknown():
		return theirs.Equals(name)
	}
	return e.sharesService(o)
}

// sharesService asks about two endpoints whose names do not follow from what they
// connect to. Endpoint services may have one name, services of AWS have not.
func (e *Endpoint) sharesService(o *Endpoint) Truth {
	mine, known := e.Service.Get()
	theirs, alsoKnown := o.Service.Get()
	both := e.IsForEndpointService().And(o.IsForEndpointService())
	neither := e.IsForEndpointService().Or(o.IsForEndpointService()).Not()
	switch {
	case known && alsoKnown && mine == theirs:
		return True
	case both.Or(neither) == False, known && alsoKnown && neither == True:
		return False
	}
	return Maybe
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

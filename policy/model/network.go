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
	// Range is its first IPv4 range.
	Range Known[netip.Prefix]
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
	if err != nil || !address.Is4() {
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

package model

import "net/netip"

// Subnet is a subnet of a VPC.
type Subnet struct {
	Element
	// Zone identifies the Availability Zone. Two subnets of a stack are in the same zone if their Zones are equal,
	// whether the program writes zone names or zone IDs.
	Zone Known[string]
	// Range is the IPv4 range.
	Range Known[netip.Prefix]
	// Range6 is the IPv6 range. It is absent if the subnet has none.
	Range6 Known[netip.Prefix]
	VPC    Ref[VPC]
	// IsRegional is whether the subnet is in an Availability Zone of the region, and not in a Local Zone, in a
	// Wavelength Zone or on an Outpost.
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
	IsRegional Truth
	// MapsPublicIPv4 is whether instances get a public IPv4 address if they do not say otherwise.
	// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html
	MapsPublicIPv4 Truth
	// AssociationsComplete is false if the subnet may have associations that the stack does not show, because the
	// stack may only read the subnet.
	AssociationsComplete bool
}

// reservedAddresses is how many of a subnet's first addresses AWS keeps. It
// also keeps the last one.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
const reservedAddresses = 4

// Offers asks whether a resource can have an address in the subnet: the address
// lies in the subnet's range, and AWS does not keep it.
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
	for range reservedAddresses {
		if first == ip {
			return False
		}
		first = first.Next()
	}
	return TruthOf(all.Contains(ip) && all.Contains(ip.Next()))
}

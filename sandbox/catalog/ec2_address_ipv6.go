package catalog

import (
	"encoding/binary"
	"net/netip"

	"private-api-blueprints/sandbox/cloud"
)

// documentation is the range from which VPCs get their IPv6 blocks. Nobody
// uses its addresses.
// https://www.rfc-editor.org/rfc/rfc3849
var documentation = netip.MustParsePrefix("2001:db8::/32")

// freeIPv6Block returns a /56 that no VPC has.
func freeIPv6Block(r *cloud.Request) string {
	taken := map[string]bool{}
	for _, vpc := range r.All(vpcType) {
		taken[vpc.Computed.String("ipv6CidrBlock")] = true
	}
	for {
		addr := documentation.Addr().As16()
		copy(addr[4:7], r.Random(3))
		if block := netip.PrefixFrom(netip.AddrFrom16(addr), 56).String(); !taken[block] {
			return block
		}
	}
}

// attach6 gives a network interface an IPv6 address unless it has one. It
// takes the wanted address, or a free one if that is empty.
func attach6(r *cloud.Request, eni *cloud.Interface, subnet *cloud.Object, wanted string) error {
	if eni.IPv6 != "" {
		return nil
	}
	block, err := netip.ParsePrefix(subnet.Inputs.String("ipv6CidrBlock"))
	if err != nil {
		return withoutIPv6.With(subnet.ID)
	}
	if wanted == "" {
		eni.IPv6 = freeAddress6(r, subnet, block)
		return nil
	}
	addr, err := netip.ParseAddr(wanted)
	switch {
	case err != nil || !block.Contains(addr):
		return cloud.NewRefusal("InvalidParameterValue",
			"Address %s does not fall within the subnet's address range %s",
			eniReference).With(wanted, block)
	case reserved6(addr):
		return cloud.NewRefusal("InvalidParameterValue", "Address %s is in subnet's reserved address range %s",
			subnetSizing).With(wanted, block)
	case takenAddresses6(r, subnet.ID)[addr]:
		return cloud.NewRefusal("InvalidIPAddress.InUse", "Address %s is in use.", ec2Errors).With(wanted)
	}
	eni.IPv6 = addr.String()
	return nil
}

var withoutIPv6 = cloud.NewRefusal("InvalidParameterValue", "The subnet %s has no IPv6 CIDR block", eniReference)

// reserved6 reports whether AWS keeps an address: the first four and the last
// of a /64.
func reserved6(addr netip.Addr) bool {
	bytes := addr.As16()
	host := binary.BigEndian.Uint64(bytes[8:])
	return host < 4 || host == 1<<64-1
}

func freeAddress6(r *cloud.Request, subnet *cloud.Object, block netip.Prefix) string {
	taken := takenAddresses6(r, subnet.ID)
	for {
		addr := block.Addr().As16()
		copy(addr[8:], r.Random(8))
		if free := netip.AddrFrom16(addr); !reserved6(free) && !taken[free] {
			return free.String()
		}
	}
}

// takenAddresses6 returns the IPv6 addresses in use in a subnet, including
// those of the request.
func takenAddresses6(r *cloud.Request, subnet string) map[netip.Addr]bool {
	taken := map[netip.Addr]bool{}
	for _, o := range presentObjects(r) {
		for _, eni := range o.Interfaces {
			if addr, err := netip.ParseAddr(eni.IPv6); err == nil && eni.Subnet == subnet {
				taken[addr] = true
			}
		}
	}
	return taken
}

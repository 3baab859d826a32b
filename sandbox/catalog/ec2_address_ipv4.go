package catalog

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"private-api-blueprints/sandbox/cloud"
)

// Pages that state these rules.
const (
	subnetSizing = "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"
	eniReference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html"
)

// placeInterface returns a network interface for an object in a subnet: the
// one that it had, or a new one if the wanted addresses differ. It chooses a
// free address if none is wanted. Family is ipv4, ipv6 or dualstack.
func placeInterface(r *cloud.Request, before []cloud.Interface, subnet *cloud.Object, want cloud.Interface,
	family string) (cloud.Interface, error) {
	if addr, err := netip.ParseAddr(want.IPv6); err == nil {
		want.IPv6 = addr.String() // In its canonical form.
	}
	at := slices.IndexFunc(before, func(i cloud.Interface) bool { return i.Subnet == subnet.ID && suits(i, want) })
	var eni cloud.Interface
	if at >= 0 {
		eni = before[at]
	} else {
		eni = cloud.Interface{ID: "eni-0" + r.Hex(16), Subnet: subnet.ID}
	}
	if family == "ipv6" {
		eni.IPv4 = ""
	} else if err := attach4(r, &eni, subnet, want.IPv4); err != nil {
		return eni, err
	}
	if family == "ipv4" {
		eni.IPv6 = ""
		return eni, nil
	}
	return eni, attach6(r, &eni, subnet, want.IPv6)
}

// suits reports whether an interface can have the wanted addresses. Addresses
// do not change, but a family can be added.
func suits(i cloud.Interface, want cloud.Interface) bool {
	return (want.IPv4 == "" || i.IPv4 == "" || i.IPv4 == want.IPv4) &&
		(want.IPv6 == "" || i.IPv6 == "" || i.IPv6 == want.IPv6)
}

// attach4 gives a network interface an IPv4 address unless it has one. It
// takes the wanted address, or a free one if that is empty.
func attach4(r *cloud.Request, eni *cloud.Interface, subnet *cloud.Object, wanted string) error {
	if eni.IPv4 != "" {
		return nil
	}
	block, err := netip.ParsePrefix(subnet.Inputs.String("cidrBlock"))
	if err != nil {
		return cloud.NewRefusal("InvalidSubnet.Conflict", "subnet %s has no IPv4 range", subnetSizing).With(subnet.ID)
	}
	if wanted == "" {
		eni.IPv4, err = freeAddress(r, subnet, block)
		return err
	}
	eni.IPv4 = wanted
	return checkAddress(r, subnet, block, wanted)
}

func checkAddress(r *cloud.Request, subnet *cloud.Object, block netip.Prefix, wanted string) error {
	addr, err := netip.ParseAddr(wanted)
	switch {
	case err != nil || !block.Contains(addr):
		return cloud.NewRefusal("InvalidParameterValue",
			"Address %s does not fall within the subnet's address range %s",
			eniReference).With(wanted, block)
	case reserved(block, addr):
		return cloud.NewRefusal("InvalidParameterValue", "Address %s is in subnet's reserved address range %s",
			subnetSizing).With(wanted, block)
	case takenAddresses(r, subnet.ID)[wanted]:
		return cloud.NewRefusal("InvalidIPAddress.InUse", "Address %s is in use.", ec2Errors).With(wanted)
	}
	return nil
}

// reserved reports whether AWS keeps an address: the first four and the last
// of a subnet.
func reserved(block netip.Prefix, addr netip.Addr) bool {
	offset := number(addr) - number(block.Masked().Addr())
	return offset < 4 || offset == size(block)-1
}

func freeAddress(r *cloud.Request, subnet *cloud.Object, block netip.Prefix) (string, error) {
	taken, total := takenAddresses(r, subnet.ID), size(block)
	start := binary.BigEndian.Uint32(r.Random(4)) % total
	for i := range total {
		addr := addressAt(number(block.Masked().Addr()) + (start+i)%total)
		if !reserved(block, addr) && !taken[addr.String()] {
			return addr.String(), nil
		}
	}
	return "", cloud.NewRefusal("InsufficientFreeAddressesInSubnet",
		"The specified subnet '%s' does not have enough free addresses to satisfy the request.",
		ec2Errors).With(subnet.ID)
}

// takenAddresses returns the IPv4 addresses in use in a subnet, including
// those of the request.
func takenAddresses(r *cloud.Request, subnet string) map[string]bool {
	taken := map[string]bool{}
	for _, o := range presentObjects(r) {
		for _, eni := range o.Interfaces {
			if eni.Subnet == subnet {
				taken[eni.IPv4] = true
			}
		}
	}
	return taken
}

func size(block netip.Prefix) uint32 { return 1 << (32 - block.Bits()) }

func number(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

func addressAt(n uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], n)
	return netip.AddrFrom4(b)
}

// freeAddressCount returns how many addresses of a subnet are free.
func freeAddressCount(r *cloud.Request, subnet *cloud.Object) int {
	block, err := netip.ParsePrefix(subnet.Inputs.String("cidrBlock"))
	if err != nil {
		return 0
	}
	return int(size(block)) - 5 - len(takenAddresses(r, subnet.ID))
}

// presentObjects returns everything in the account and the object of the
// request.
func presentObjects(r *cloud.Request) []*cloud.Object {
	if r.Object == nil {
		return r.Objects()
	}
	return append(slices.Clone(r.Objects()), r.Object)
}

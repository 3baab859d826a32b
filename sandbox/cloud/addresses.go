package cloud

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

// Where these rules are written.
const (
	subnetSizing = "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"
	eniReference = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html"
)

// place gives what stands in a subnet its interface there: the one that it
// had, unless other addresses are wanted, or a new one. What is not wanted by
// address is given one that is free. Family is ipv4, ipv6 or dualstack.
func (c *call) place(before []Interface, subnet *Object, want Interface, family string) (Interface, error) {
	if addr, err := netip.ParseAddr(want.IPv6); err == nil {
		want.IPv6 = addr.String() // however it was written
	}
	at := slices.IndexFunc(before, func(i Interface) bool { return i.Subnet == subnet.ID && i.suits(want) })
	var eni Interface
	if at >= 0 {
		eni = before[at]
	} else {
		eni = Interface{ID: "eni-0" + c.hex(16), Subnet: subnet.ID}
	}
	if family == "ipv6" {
		eni.IPv4 = ""
	} else if err := c.attach4(&eni, subnet, want.IPv4); err != nil {
		return eni, err
	}
	if family == "ipv4" {
		eni.IPv6 = ""
		return eni, nil
	}
	return eni, c.attach6(&eni, subnet, want.IPv6)
}

// suits tells whether an interface can have the wanted addresses: addresses do
// not change, but a family can be added.
func (i Interface) suits(want Interface) bool {
	return (want.IPv4 == "" || i.IPv4 == "" || i.IPv4 == want.IPv4) && (want.IPv6 == "" || i.IPv6 == "" || i.IPv6 == want.IPv6)
}

// attach4 gives a network interface an IPv4 address, unless it has one: the
// wanted one or, if that is empty, one that is free.
func (c *call) attach4(eni *Interface, subnet *Object, wanted string) error {
	if eni.IPv4 != "" {
		return nil
	}
	block, err := netip.ParsePrefix(subnet.Inputs.str("cidrBlock"))
	if err != nil {
		return Refusal{"InvalidSubnet.Conflict", "subnet %s has no IPv4 range", subnetSizing}.with(subnet.ID)
	}
	if wanted == "" {
		eni.IPv4, err = c.freeAddress(subnet, block)
		return err
	}
	eni.IPv4 = wanted
	return c.addressUsable(subnet, block, wanted)
}

func (c *call) addressUsable(subnet *Object, block netip.Prefix, wanted string) error {
	addr, err := netip.ParseAddr(wanted)
	switch {
	case err != nil || !block.Contains(addr):
		return Refusal{"InvalidParameterValue",
			"Address %s does not fall within the subnet's address range %s",
			eniReference}.with(wanted, block)
	case reserved(block, addr):
		return Refusal{"InvalidParameterValue", "Address %s is in subnet's reserved address range %s", subnetSizing}.with(wanted, block)
	case c.taken(subnet.ID)[wanted]:
		return Refusal{"InvalidIPAddress.InUse", "Address %s is in use.", ec2Errors}.with(wanted)
	}
	return nil
}

// reserved tells whether AWS keeps an address: the first four and the last.
func reserved(block netip.Prefix, addr netip.Addr) bool {
	offset := number(addr) - number(block.Masked().Addr())
	return offset < 4 || offset == size(block)-1
}

func (c *call) freeAddress(subnet *Object, block netip.Prefix) (string, error) {
	taken, total := c.taken(subnet.ID), size(block)
	start := binary.BigEndian.Uint32(c.random(4)) % total
	for i := range total {
		addr := addressAt(number(block.Masked().Addr()) + (start+i)%total)
		if !reserved(block, addr) && !taken[addr.String()] {
			return addr.String(), nil
		}
	}
	return "", Refusal{"InsufficientFreeAddressesInSubnet",
		"The specified subnet '%s' does not have enough free addresses to satisfy the request.",
		ec2Errors}.with(subnet.ID)
}

// taken gives the addresses in use in a subnet, those of the request included.
func (c *call) taken(subnet string) map[string]bool {
	taken := map[string]bool{}
	for _, o := range c.present() {
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

// free counts the addresses of a subnet that nothing uses.
func (c *call) free(subnet *Object) int {
	block, err := netip.ParsePrefix(subnet.Inputs.str("cidrBlock"))
	if err != nil {
		return 0
	}
	return int(size(block)) - 5 - len(c.taken(subnet.ID))
}

// present gives what is in the account and what the request is about.
func (c *call) present() []*Object {
	if c.obj == nil {
		return c.objects
	}
	return append(slices.Clone(c.objects), c.obj)
}

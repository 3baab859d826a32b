package network

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/live/inventory"
)

// clientAddrs returns the addresses of a client that chooses none.
func (t *topology) clientAddrs(from Place) []netip.Addr {
	switch s := t.subnets[from.Subnet]; {
	case from.Outside == OnPremises:
		return onPremisesClient
	case from.Outside == Service && from.Owner != "":
		return []netip.Addr{linkClient}
	case from.Outside == Service:
		return t.serviceClient()
	case from.Outside == Internet || s == nil:
		return internetClient
	default:
		var addrs []netip.Addr
		for _, block := range s.blocks {
			addrs = append(addrs, s.free(block))
		}
		return addrs
	}
}

// free returns the highest address of a subnet's range that nothing has. AWS keeps the last one of IPv4.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
func (s *subnet) free(block netip.Prefix) netip.Addr {
	addr := last(block)
	if addr.Is4() {
		addr = addr.Prev()
	}
	for s.vpc.nics[addr] != nil {
		addr = addr.Prev()
	}
	return addr
}

// last returns the last address of a range.
func last(block netip.Prefix) netip.Addr {
	bytes := block.Addr().AsSlice()
	for i := range bytes {
		if host := min(8, max(0, 8*(i+1)-block.Bits())); host > 0 {
			bytes[i] |= byte(1<<host - 1)
		}
	}
	addr, _ := netip.AddrFromSlice(bytes)
	return addr
}

// label returns what an object is called in a transcript: what it is, and its name.
func label(o *inventory.Object) string {
	kind := map[string]string{vpcType: "VPC", subnetType: "subnet", natGatewayType: "NAT gateway",
		endpointType: "endpoint", instanceType: "instance"}[o.Type]
	if o.Type == loadBalancerType {
		kind = map[string]string{"network": "nlb", "application": "alb"}[o.Out.String("loadBalancerType")]
	}
	return strings.TrimSpace(kind + " " + nameOf(o))
}

// label returns what the interface's object is called, with the Availability Zone.
func (c *nic) label() string { return label(c.owner) + " " + c.subnet.zone }

// nameOf returns the name of an object or its Name tag, otherwise its name in the program, otherwise its ID.
func nameOf(o *inventory.Object) string {
	for _, name := range []string{o.Out.Object("tagsAll").String("Name"), o.Out.String("name"), programName(o)} {
		if name != "" {
			return name
		}
	}
	return o.ID
}

// programName returns the name that a Pulumi program gives an object, the last part of its URN.
func programName(o *inventory.Object) string { return o.URN[strings.LastIndex(o.URN, ":")+1:] }

// placeTypes are the types of the objects in which a connection can begin.
var placeTypes = []string{vpcType, subnetType, instanceType, functionType}

// Parse returns the place that a text names: internet or on-premises, the latter with the VPC that the network
// is connected with; the ID, the Name tag, or the name in the program of a VPC, a subnet, an instance or a
// function; or an address. In a VPC it prefers a private subnet, with IPv6 if one has it, and outside of the failed
// zone. Addresses of the client and the IDs of its security groups may follow. The error names what exists.
func (n *Network) Parse(text string) (Place, error) {
	t, words := n.topology, strings.Fields(text)
	place, rest, err := t.parseHead(text, words)
	if err != nil {
		return Place{}, err
	}
	for _, word := range rest {
		addr, err := netip.ParseAddr(word)
		switch {
		case err == nil:
			place.Addrs = append(place.Addrs, addr.Unmap())
		case t.groups[word] != nil && place.Subnet != "" && place.Outside == "":
			place.Groups = append(place.Groups, word)
		default:
			return Place{}, fmt.Errorf("place = %q: want an IP address or a security group of the VPC instead of %q",
				text, word)
		}
	}
	return place, nil
}

// parseHead returns the place without the addresses and groups that are the rest of the words.
func (t *topology) parseHead(text string, words []string) (Place, []string, error) {
	if len(words) == 0 {
		return Place{}, nil, t.unknown(text)
	}
	switch head, rest := words[0], words[1:]; head {
	case string(Internet):
		return Place{Outside: Internet}, rest, nil
	case string(OnPremises):
		place := Place{Outside: OnPremises}
		if len(rest) == 0 {
			return place, nil, nil
		}
		if _, err := netip.ParseAddr(rest[0]); err == nil {
			return place, rest, nil
		}
		inside, err := t.object(text, rest[0])
		if err == nil && inside.Subnet == "" {
			err = fmt.Errorf("place = %q: want a VPC or a subnet after on-premises", text)
		}
		return Place{Outside: OnPremises, Subnet: inside.Subnet}, rest[1:], err
	default:
		if addr, err := netip.ParseAddr(head); err == nil {
			place, err := t.at(text, addr.Unmap())
			return place, rest, err
		}
		if len(t.named(text)) > 0 { // A name may have spaces.
			head, rest = text, nil
		}
		place, err := t.object(text, head)
		return place, rest, err
	}
}

// at returns the place that has an address: an object's interface, a client in a subnet, or one in the internet.
func (t *topology) at(text string, addr netip.Addr) (Place, error) {
	var found []Place
	for _, o := range t.inv.All(vpcType) {
		v := t.vpcs[o.ID]
		if c := v.nics[addr]; c != nil {
			found = append(found, c.place())
		} else if s := t.subnetOf(v, addr); s != nil {
			found = append(found, Place{Subnet: s.ID, Addrs: []netip.Addr{addr}})
		}
	}
	switch c := t.public[addr]; {
	case len(found) > 1:
		return Place{}, fmt.Errorf("place = %q: want a subnet and the address, because several VPCs have it", text)
	case len(found) == 1:
		return found[0], nil
	case c != nil:
		return c.place(), nil
	case private(addr):
		return Place{}, t.unknown(text)
	}
	return Place{Outside: Internet, Addrs: []netip.Addr{addr}}, nil
}

// place returns the place of an interface.
func (c *nic) place() Place {
	return Place{Subnet: c.subnet.ID, Addrs: slices.Clip(c.addrs), Groups: slices.Clip(c.groups), Owner: c.owner.ID}
}

// object returns the place of an object that a word names.
func (t *topology) object(text, word string) (Place, error) {
	switch found := t.named(word); {
	case len(found) == 0:
		return Place{}, t.unknown(text)
	case len(found) > 1:
		var ids []string
		for _, o := range found {
			ids = append(ids, o.ID)
		}
		return Place{}, fmt.Errorf("place = %q: want one of the IDs that have this name: %s", text,
			strings.Join(ids, ", "))
	default:
		return t.placeOf(text, found[0])
	}
}

// named returns the objects that have an ID or a name.
func (t *topology) named(name string) []*inventory.Object {
	var found []*inventory.Object
	for _, token := range placeTypes {
		for _, o := range t.inv.All(token) {
			names := []string{o.ID, o.Out.Object("tagsAll").String("Name"), o.Out.String("name"), programName(o)}
			if slices.Contains(names, name) {
				found = append(found, o)
			}
		}
	}
	return found
}

// placeOf returns the place of an object.
func (t *topology) placeOf(text string, o *inventory.Object) (Place, error) {
	switch o.Type {
	case subnetType:
		return Place{Subnet: o.ID}, nil
	case instanceType:
		for _, c := range t.nics[o.ID] {
			return c.place(), nil
		}
	case functionType:
		return t.placeOfFunction(o), nil
	case vpcType:
		if s := t.typical(t.vpcs[o.ID]); s != nil {
			return Place{Subnet: s.ID}, nil
		}
	}
	return Place{}, fmt.Errorf("place = %q: want a place with a subnet, which %s has not", text, o.ID)
}

// placeOfFunction returns the place of a function: its first subnet, or AWS's own network if it is in no VPC. It has
// IPv6 only if it asks for it.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
func (t *topology) placeOfFunction(o *inventory.Object) Place {
	config := o.Out.Object("vpcConfig")
	for _, id := range config.Strings("subnetIds") {
		if s := t.subnets[id]; s != nil {
			place := Place{Subnet: id, Groups: groupIDs(o), Owner: o.ID}
			for _, block := range s.blocks {
				if block.Addr().Is4() || config.Bool("ipv6AllowedForDualStack") {
					place.Addrs = append(place.Addrs, s.free(block))
				}
			}
			return place
		}
	}
	return Place{Outside: Service}
}

// typical returns the subnet of a VPC in which a client is that does not care, or nil.
func (t *topology) typical(v *vpc) *subnet {
	var best *subnet
	rank := func(s *subnet) int {
		target, _ := s.table.find(netip.IPv4Unspecified().Next())
		r := 2 * len(s.blocks)
		if t.inv.Find(internetGatewayType, target) == nil {
			r++
		}
		if t.failed == "" || s.zone != t.failed {
			r += 10 // More than all other reasons.
		}
		return r
	}
	for _, o := range t.inv.Where(subnetType, "vpcId", v.ID) {
		if s := t.subnets[o.ID]; best == nil || rank(s) > rank(best) {
			best = s
		}
	}
	return best
}

// unknown returns the error of a text that names no place.
func (t *topology) unknown(text string) error {
	var names []string
	for _, token := range placeTypes {
		for _, o := range t.inv.All(token) {
			name := o.ID
			if label := nameOf(o); label != o.ID {
				name = fmt.Sprintf("%s (%s)", label, o.ID)
			}
			names = append(names, name)
		}
	}
	return fmt.Errorf("place = %q: want internet, on-premises, an address, or one of %s", text,
		strings.Join(names, ", "))
}

package blueprints

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/addressplan"
)

// CreateNetworkSettings describes a VPC with a public and a private subnet in
// each of its zones, and dualstack ones where the blueprint uses them.
type CreateNetworkSettings struct {
	CidrBlock         netip.Prefix   `config:"cidrBlock"`
	AvailabilityZones []string       `config:"availabilityZones"` // Two at least.
	PublicSubnets     []netip.Prefix `config:"publicSubnets"`     // One range per zone; all lists, or none to divide the VPC evenly.
	PrivateSubnets    []netip.Prefix `config:"privateSubnets"`
	DualstackSubnets  []netip.Prefix `config:"dualstackSubnets"`
	NatGateways       string         `config:"natGateways"` // None (the default), Single or OnePerAz.
}

// ranges are the lists of a network to create, by tier.
func (s *CreateNetworkSettings) ranges(use networkUse) map[tier]*[]netip.Prefix {
	lists := map[tier]*[]netip.Prefix{privateTier: &s.PrivateSubnets, publicTier: &s.PublicSubnets}
	if slices.Contains(use.tiers, dualstackTier) {
		lists[dualstackTier] = &s.DualstackSubnets
	}
	return lists
}

func (s *CreateNetworkSettings) check(use networkUse, c checks) {
	if s.NatGateways == "" {
		s.NatGateways = "None"
	}
	c.choice("natGateways", s.NatGateways, "None", "Single", "OnePerAz")
	s.checkZones(c)
	s.checkRange(c)
	lists := s.ranges(use)
	if s.DualstackSubnets != nil && lists[dualstackTier] == nil {
		c.Add(c.at("dualstackSubnets"), s.DualstackSubnets, "want none here: nothing would be in them")
	}
	switch given := s.given(lists); {
	case given == len(lists):
		s.checkSubnets(lists, c)
	case given > 0:
		c.Add(c.at("publicSubnets"), nil, "want ranges for %s, or for none of them to divide the VPC evenly", strings.Join(rangeKeys(lists), " and "))
	case !c.Any(c.at("cidrBlock")) && !c.Any(c.at("availabilityZones")):
		s.divide(lists, c)
	}
}

func (s *CreateNetworkSettings) given(lists map[tier]*[]netip.Prefix) (count int) {
	for _, list := range lists {
		if *list != nil {
			count++
		}
	}
	return count
}

// tiersOf are the tiers of lists, in the order in which a VPC is divided.
func tiersOf(lists map[tier]*[]netip.Prefix) []tier {
	return slices.DeleteFunc(slices.Clone(tiersInOrder), func(t tier) bool { return lists[t] == nil })
}

func rangeKeys(lists map[tier]*[]netip.Prefix) (keys []string) {
	for _, t := range tiersOf(lists) {
		keys = append(keys, t.rangesKey())
	}
	return keys
}

func (s *CreateNetworkSettings) divide(lists map[tier]*[]netip.Prefix, c checks) {
	divided, err := addressplan.Divide(s.CidrBlock, len(s.AvailabilityZones), len(lists))
	if err != nil {
		c.Add(c.at("cidrBlock"), s.CidrBlock, "%v", err)
		return
	}
	for i, t := range tiersOf(lists) {
		*lists[t] = divided[i]
	}
}

func (s *CreateNetworkSettings) checkZones(c checks) {
	key := c.at("availabilityZones")
	if c.Any(key) {
		return
	}
	if len(s.AvailabilityZones) < 2 {
		c.Add(key, s.AvailabilityZones, "want two zones at least: with one, losing it takes the API away")
	}
	for i, zone := range s.AvailabilityZones {
		if slices.Index(s.AvailabilityZones, zone) != i {
			c.Add(fmt.Sprintf("%s[%d]", key, i), zone, "is there twice; want each zone once")
		}
	}
}

func (s *CreateNetworkSettings) checkRange(c checks) {
	key := c.at("cidrBlock")
	switch {
	case c.Any(key):
	case !s.CidrBlock.IsValid():
		c.Add(key, nil, "required: the VPC's IPv4 range, such as 10.0.0.0/16")
	case !acceptableRange(s.CidrBlock):
		c.Add(key, s.CidrBlock, "want an IPv4 range from /%d to /%d without host bits", addressplan.MinBits, addressplan.MaxBits)
	}
}

// checkSubnets requires one range per zone in each list, inside the VPC, and
// none that shares addresses with another.
func (s *CreateNetworkSettings) checkSubnets(lists map[tier]*[]netip.Prefix, c checks) {
	type placed struct {
		key  string
		cidr netip.Prefix
	}
	var all []placed
	for _, t := range tiersOf(lists) {
		ranges := *lists[t]
		if len(ranges) != len(s.AvailabilityZones) {
			c.Add(c.at(t.rangesKey()), ranges, "want one range per zone, %d in all", len(s.AvailabilityZones))
		}
		for i, cidr := range ranges {
			key := c.at(fmt.Sprintf("%s[%d]", t.rangesKey(), i))
			if c.Any(key) {
				continue
			}
			if !acceptableRange(cidr) || !c.Any(c.at("cidrBlock")) && !inside(cidr, s.CidrBlock) {
				c.Add(key, cidr, "want an IPv4 range inside the VPC's %s, /%d at the smallest, without host bits", s.CidrBlock, addressplan.MaxBits)
				continue
			}
			for _, other := range all {
				if other.cidr.Overlaps(cidr) {
					c.Add(key, cidr, "overlaps %s = %s; want ranges that share no address", other.key, other.cidr)
				}
			}
			all = append(all, placed{key, cidr})
		}
	}
}

func acceptableRange(cidr netip.Prefix) bool {
	return cidr.Addr().Is4() && cidr == cidr.Masked() && cidr.Bits() >= addressplan.MinBits && cidr.Bits() <= addressplan.MaxBits
}

func inside(inner, outer netip.Prefix) bool {
	return inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
}

// checkPlaces refuses zones of other regions, local zones among them, and zones
// in which the service cannot have an endpoint.
func (s *CreateNetworkSettings) checkPlaces(c checks, region string, service *components.ServiceDetail) {
	for i, zone := range s.AvailabilityZones {
		switch key := c.at(fmt.Sprintf("availabilityZones[%d]", i)); {
		case c.Any(key):
		case !regexp.MustCompile(`^` + region + `[a-z]$`).MatchString(zone):
			c.Add(key, zone, "want a zone of the stack's region, such as %sa", region)
		case service != nil && !service.SupportsZone(zone):
			c.Add(key, zone, "%s", noEndpoints(service))
		}
	}
}

// plan is empty where the ranges of the subnets are not all good.
func (s *CreateNetworkSettings) plan(use networkUse, c checks) *components.Network {
	network := &components.Network{}
	lists := s.ranges(use)
	for _, key := range append(rangeKeys(lists), "cidrBlock", "availabilityZones") {
		if c.Any(c.at(key)) {
			return network
		}
	}
	network.CidrBlocks = []netip.Prefix{s.CidrBlock}
	for t, list := range lists {
		for i, zone := range s.AvailabilityZones {
			subnets := subnetsOf(network, t)
			*subnets = append(*subnets, components.Subnet{CidrBlock: (*list)[i], AvailabilityZone: zone})
		}
	}
	return network
}

package config

import (
	"net/netip"
	"strings"

	"private-api-blueprints/internal/addressplan"
	"private-api-blueprints/internal/cidr"
	"private-api-blueprints/internal/settings"
)

// CreateNetwork describes a VPC with a public and a private subnet in each of
// its zones, and dualstack ones if the blueprint uses them.
type CreateNetwork struct {
	// CidrBlock is the IPv4 range of the VPC, from /16 to /28. A change replaces the
	// VPC and everything in it.
	CidrBlock netip.Prefix `config:"cidrBlock" required:"true" format:"vpcRange"`
	// AvailabilityZones are the zones of the VPC, at least two, in the region of
	// the stack. All lists of subnets and addresses follow their order.
	AvailabilityZones []string `config:"availabilityZones" required:"true" list:"zoneNames" format:"zoneName"`
	// PublicSubnets are the IPv4 ranges of the public subnets, one per zone. Set
	// the ranges of all tiers or of none.
	PublicSubnets []netip.Prefix `config:"publicSubnets" list:"publicRanges"`
	// PrivateSubnets are the IPv4 ranges of the private subnets, one per zone.
	PrivateSubnets []netip.Prefix `config:"privateSubnets" list:"privateRanges"`
	// DualstackSubnets are the IPv4 ranges of the dualstack subnets, one per zone.
	// They are private subnets with IPv6, whose IPv6 ranges AWS assigns.
	DualstackSubnets []netip.Prefix `config:"dualstackSubnets" list:"dualstackRanges" tier:"dualstack"`
	// NatGateways says which NAT gateways the private subnets get: none, one for the
	// VPC, or one per zone, which outlasts the loss of a zone. Each costs by the
	// hour and by traffic. Only your own clients in the private subnets need them,
	// and servers that are launched there.
	NatGateways string `config:"natGateways" default:"None" enum:"None,Single,OnePerAz"`
	// FlowLogs records the connections in the VPC in CloudWatch Logs. Without it there
	// are no records.
	// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html
	FlowLogs *FlowLogs `config:"flowLogs"`
	// S3Gateway gives the private subnets a gateway endpoint for Amazon S3, from which
	// servers that the stack launches install packages without a NAT gateway. It
	// admits requests to the repositories of Amazon Linux 2023 only, and refuses other
	// requests of these subnets to S3. It costs nothing.
	// https://docs.aws.amazon.com/emr/latest/ManagementGuide/private-subnet-iampolicy.html
	S3Gateway bool `config:"s3Gateway" default:"false"`
}

// subnetList is the ranges of the subnets of one tier.
type subnetList struct {
	tier   Tier
	ranges *[]netip.Prefix
}

// lists returns the lists of ranges that the VPC has, in the order in which it
// is divided.
func (s *CreateNetwork) lists(dualstack bool) []subnetList {
	lists := []subnetList{{Private, &s.PrivateSubnets}, {Public, &s.PublicSubnets}}
	if dualstack {
		lists = append(lists, subnetList{Dualstack, &s.DualstackSubnets})
	}
	return lists
}

// Ranges returns the ranges of the subnets of a tier, one per zone.
func (s *CreateNetwork) Ranges(t Tier) []netip.Prefix {
	for _, list := range s.lists(true) {
		if list.tier == t {
			return *list.ranges
		}
	}
	return nil
}

// check checks the VPC's own range.
func (s *CreateNetwork) check(c settings.Section) {
	if s.S3Gateway && s.NatGateways != "None" {
		c.Reject("s3Gateway", true, "want it only with natGateways: None: it would take all requests to S3 from the "+
			"NAT gateways, and admits the package repositories only")
	}
	if !acceptableRange(s.CidrBlock) {
		c.Reject("cidrBlock", s.CidrBlock, "want an IPv4 range from /%d to /%d without host bits",
			addressplan.MinBits, addressplan.MaxBits)
	}
}

// checkTiers checks the ranges of the subnets, or divides the VPC among them if
// none is given.
func (s *CreateNetwork) checkTiers(dualstack bool, c settings.Section) {
	if s.DualstackSubnets != nil && !dualstack {
		c.Reject("dualstackSubnets", s.DualstackSubnets, "want none here: the blueprint would place nothing in them")
	}
	lists, given, keys := s.lists(dualstack), 0, []string{}
	for _, list := range lists {
		keys = append(keys, list.tier.RangesKey())
		if *list.ranges != nil {
			given++
		}
	}
	switch {
	case given == len(lists):
		s.checkSubnets(lists, c)
	case given > 0:
		c.Reject("publicSubnets", nil, "want ranges for %s, or for none of them to divide the VPC evenly",
			strings.Join(keys, " and "))
	case !c.Any("cidrBlock", "availabilityZones"):
		s.divide(lists, c)
	}
}

// divide divides the VPC evenly among its subnets.
func (s *CreateNetwork) divide(lists []subnetList, c settings.Section) {
	divided, err := addressplan.Divide(s.CidrBlock, len(s.AvailabilityZones), len(lists))
	if err != nil {
		c.Reject("cidrBlock", s.CidrBlock, "%v", err)
		return
	}
	for i, list := range lists {
		*list.ranges = divided[i]
	}
}

// checkSubnets requires one range per zone in each list, inside the VPC. No two
// ranges may share an address.
func (s *CreateNetwork) checkSubnets(lists []subnetList, c settings.Section) {
	type placed struct {
		key  string
		cidr netip.Prefix
	}
	var all []placed
	for _, list := range lists {
		ranges := *list.ranges
		for i, subnet := range ranges {
			key := settings.Item(list.tier.RangesKey(), i)
			if c.Any(key) {
				continue
			}
			if !acceptableRange(subnet) || !c.Any("cidrBlock") && !cidr.Inside(subnet, s.CidrBlock) {
				c.Reject(key, subnet, "want an IPv4 range inside the VPC's %s, /%d or larger, without host bits",
					s.CidrBlock, addressplan.MaxBits)
				continue
			}
			for _, other := range all {
				if other.cidr.Overlaps(subnet) {
					c.Reject(key, subnet, "overlaps %s = %s; want ranges that share no address",
						c.At(other.key), other.cidr)
				}
			}
			all = append(all, placed{key, subnet})
		}
		if len(ranges) != len(s.AvailabilityZones) {
			c.Reject(list.tier.RangesKey(), ranges, "want one range per zone, %d in all", len(s.AvailabilityZones))
		}
	}
}

// acceptableRange reports whether AWS accepts a range for a VPC or a subnet.
func acceptableRange(cidr netip.Prefix) bool {
	return cidr.Addr().Is4() && cidr == cidr.Masked() &&
		cidr.Bits() >= addressplan.MinBits && cidr.Bits() <= addressplan.MaxBits
}

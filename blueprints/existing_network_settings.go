package blueprints

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
)

// ExistingNetworkSettings names a VPC and those of its subnets that the
// blueprint uses, two zones of them at least, the same zones in all lists.
type ExistingNetworkSettings struct {
	VpcId              string   `config:"vpcId"`
	PublicSubnetIds    []string `config:"publicSubnetIds"`
	PrivateSubnetIds   []string `config:"privateSubnetIds"`
	DualstackSubnetIds []string `config:"dualstackSubnetIds"` // Private ones with IPv6.
}

func (s *ExistingNetworkSettings) ids(t tier) []string {
	return map[tier][]string{publicTier: s.PublicSubnetIds, privateTier: s.PrivateSubnetIds, dualstackTier: s.DualstackSubnetIds}[t]
}

func (s *ExistingNetworkSettings) check(use networkUse, c checks) {
	c.text("vpcId", s.VpcId, vpcId)
	for _, t := range tiersInOrder {
		ids := s.ids(t)
		if used := slices.Contains(use.tiers, t); used && len(ids) < 2 && !c.Any(c.at(t.idsKey())) {
			c.Add(c.at(t.idsKey()), ids, "want the ids of two subnets at least, each in a zone of its own")
		}
		if !slices.Contains(use.tiers, t) && len(ids) > 0 {
			c.Add(c.at(t.idsKey()), ids, "want none here: nothing would be in them")
		}
		for i, id := range ids {
			c.text(fmt.Sprintf("%s[%d]", t.idsKey(), i), id, subnetId)
		}
	}
	for i, id := range s.PrivateSubnetIds {
		if slices.Contains(s.PublicSubnetIds, id) {
			c.Add(c.at(fmt.Sprintf("privateSubnetIds[%d]", i)), id, "is among publicSubnetIds too; want other subnets for the endpoint than for the load balancer")
		}
	}
}

// lookup is without subnets where the ids are not all good.
func (s *ExistingNetworkSettings) lookup(ctx *pulumi.Context, use networkUse, c checks) *components.Network {
	network := &components.Network{VpcId: pulumi.String(s.VpcId)}
	if c.Any(c.at("vpcId")) {
		return network
	}
	vpc, err := components.LookupVpc(ctx, s.VpcId, use.lookups...)
	if err != nil {
		c.Add(c.at("vpcId"), s.VpcId, "want a VPC of this account and region: %v", err)
		return network
	}
	if !vpc.EnableDnsSupport || !vpc.EnableDnsHostnames {
		c.Add(c.at("vpcId"), s.VpcId, "want a VPC with enableDnsSupport and enableDnsHostnames on (they are %t and %t): without them private names do not resolve in it",
			vpc.EnableDnsSupport, vpc.EnableDnsHostnames)
	}
	network.CidrBlocks = vpc.CidrBlocks
	found := map[tier][]components.Subnet{}
	for _, t := range use.tiers {
		found[t] = s.lookupSubnets(ctx, use, c, t)
	}
	for _, t := range use.tiers {
		if c.Any(c.at(t.idsKey())) {
			return network
		}
	}
	s.checkSameZones(use, found, c)
	for t, subnets := range found {
		*subnetsOf(network, t) = subnets
	}
	return network
}

// lookupSubnets returns the subnets in the order of their zones, in which those
// of all tiers correspond.
func (s *ExistingNetworkSettings) lookupSubnets(ctx *pulumi.Context, use networkUse, c checks, t tier) []components.Subnet {
	var found []components.Subnet
	for i, id := range s.ids(t) {
		key := c.at(fmt.Sprintf("%s[%d]", t.idsKey(), i))
		if c.Any(key) {
			continue
		}
		subnet, err := s.lookupSubnet(ctx, use, id)
		switch {
		case err != nil:
			c.Add(key, id, "%v", err)
		case slices.Contains(components.AvailabilityZones(found), subnet.AvailabilityZone):
			c.Add(key, id, "is in %s, as another subnet of the list is; want one subnet per zone", subnet.AvailabilityZone)
		case t == dualstackTier && subnet.Ipv6CidrBlock == nil:
			c.Add(key, id, "has no IPv6 range; want a dualstack subnet")
		default:
			found = append(found, *subnet)
		}
	}
	slices.SortFunc(found, func(a, b components.Subnet) int { return strings.Compare(a.AvailabilityZone, b.AvailabilityZone) })
	return found
}

func (s *ExistingNetworkSettings) lookupSubnet(ctx *pulumi.Context, use networkUse, id string) (*components.Subnet, error) {
	subnet, err := components.LookupSubnet(ctx, id, s.VpcId, use.lookups...)
	if err != nil || !use.peered {
		return subnet, err
	}
	table, err := components.LookupRouteTable(ctx, s.VpcId, id)
	if err != nil {
		return nil, fmt.Errorf("its route table: %w", err)
	}
	subnet.RouteTableId = pulumi.String(table)
	return subnet, nil
}

func (s *ExistingNetworkSettings) checkSameZones(use networkUse, found map[tier][]components.Subnet, c checks) {
	first := use.tiers[0]
	for _, t := range use.tiers[1:] {
		if zones, others := components.AvailabilityZones(found[t]), components.AvailabilityZones(found[first]); !slices.Equal(zones, others) {
			c.Add(c.at(t.idsKey()), nil, "are in zones %v and %s in %v; want the same zones, because a load balancer's node uses the endpoint's address in its own zone",
				zones, first.idsKey(), others)
		}
	}
}

func (s *ExistingNetworkSettings) checkPlaces(c checks, network *components.Network, service *components.ServiceDetail) {
	for _, subnet := range network.Private {
		if service != nil && !service.SupportsZone(subnet.AvailabilityZone) {
			c.Add(c.at("privateSubnetIds"), subnet.AvailabilityZone, "%s", noEndpoints(service))
		}
	}
}

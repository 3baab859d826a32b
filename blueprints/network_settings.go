package blueprints

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/addressplan"
	"private-api-blueprints/internal/settings"
)

// NetworkSettings is where a blueprint is deployed: exactly one of a VPC to
// create and one that exists.
type NetworkSettings struct {
	Create   *CreateNetworkSettings   `config:"create"`
	Existing *ExistingNetworkSettings `config:"existing"`
}

// CreateNetworkSettings describes a VPC with a public and a private subnet in
// each of its zones.
type CreateNetworkSettings struct {
	CidrBlock         netip.Prefix   `config:"cidrBlock"`
	AvailabilityZones []string       `config:"availabilityZones"` // Two at least.
	PublicSubnets     []netip.Prefix `config:"publicSubnets"`     // One range per zone; with PrivateSubnets, or divided evenly.
	PrivateSubnets    []netip.Prefix `config:"privateSubnets"`
	NatGateways       string         `config:"natGateways"` // None (the default), Single or OnePerAz.
}

// ExistingNetworkSettings names a VPC and its subnets, two zones of them at
// least, the same zones in both lists.
type ExistingNetworkSettings struct {
	VpcId            string   `config:"vpcId"`
	PublicSubnetIds  []string `config:"publicSubnetIds"`
	PrivateSubnetIds []string `config:"privateSubnetIds"`
}

const networkKey = namespace + ":network"

// check refuses what can be refused without asking AWS, and fills in the
// ranges that are left to be divided.
func (s *NetworkSettings) check(problems *settings.Problems) {
	switch {
	case problems.Any(networkKey) && s.Create == nil && s.Existing == nil: // Said already.
	case s.Create != nil && s.Existing != nil:
		problems.Add(networkKey, nil, "has both create and existing; want one of them")
	case s.Create != nil:
		s.Create.check(checks{problems, networkKey + ".create."})
	case s.Existing != nil:
		s.Existing.check(checks{problems, networkKey + ".existing."})
	default:
		problems.Add(networkKey, nil, "required: create (a new VPC) or existing (ids of a VPC and its subnets)")
	}
}

func (s *CreateNetworkSettings) check(c checks) {
	if s.NatGateways == "" {
		s.NatGateways = "None"
	}
	c.choice("natGateways", s.NatGateways, "None", "Single", "OnePerAz")
	s.checkZones(c)
	s.checkRange(c)
	switch given := []bool{s.PublicSubnets != nil, s.PrivateSubnets != nil}; {
	case given[0] != given[1]:
		c.Add(c.at("publicSubnets"), nil, "want both publicSubnets and privateSubnets, or neither to divide the VPC evenly")
	case given[0]:
		s.checkSubnets(c)
	case !c.Any(c.at("cidrBlock")) && !c.Any(c.at("availabilityZones")):
		public, private, err := addressplan.Subnets(s.CidrBlock, len(s.AvailabilityZones))
		if err != nil {
			c.Add(c.at("cidrBlock"), s.CidrBlock, "%v", err)
		}
		s.PublicSubnets, s.PrivateSubnets = public, private
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
func (s *CreateNetworkSettings) checkSubnets(c checks) {
	type placed struct {
		key  string
		cidr netip.Prefix
	}
	var all []placed
	for _, list := range []struct {
		key    string
		ranges []netip.Prefix
	}{{"publicSubnets", s.PublicSubnets}, {"privateSubnets", s.PrivateSubnets}} {
		if len(list.ranges) != len(s.AvailabilityZones) {
			c.Add(c.at(list.key), list.ranges, "want one range per zone, %d in all", len(s.AvailabilityZones))
		}
		for i, cidr := range list.ranges {
			key := c.at(fmt.Sprintf("%s[%d]", list.key, i))
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

func (s *ExistingNetworkSettings) check(c checks) {
	c.text("vpcId", s.VpcId, vpcId)
	for _, list := range []struct {
		key string
		ids []string
	}{{"publicSubnetIds", s.PublicSubnetIds}, {"privateSubnetIds", s.PrivateSubnetIds}} {
		if len(list.ids) < 2 && !c.Any(c.at(list.key)) {
			c.Add(c.at(list.key), list.ids, "want the ids of two subnets at least, each in a zone of its own")
		}
		for i, id := range list.ids {
			key := fmt.Sprintf("%s[%d]", list.key, i)
			c.text(key, id, subnetId)
			if list.key == "privateSubnetIds" && slices.Contains(s.PublicSubnetIds, id) {
				c.Add(c.at(key), id, "is among publicSubnetIds too; want other subnets for the endpoint than for the load balancer")
			}
		}
	}
}

// resolve asks AWS for what the settings refer to, and returns the subnets as
// they are or will be: without ids where they are to be created, and without
// subnets as far as the settings have problems.
func (s *NetworkSettings) resolve(ctx *pulumi.Context, region string, service *components.ExecuteApiService, problems *settings.Problems) *components.Network {
	switch {
	case s.Create != nil && s.Existing == nil:
		c := checks{problems, networkKey + ".create."}
		s.Create.checkPlaces(c, region, service)
		return s.Create.plan(c)
	case s.Existing != nil && s.Create == nil:
		c := checks{problems, networkKey + ".existing."}
		network := s.Existing.lookup(ctx, c)
		s.Existing.checkPlaces(c, network, service)
		return network
	}
	return &components.Network{}
}

// plan is empty where the ranges of the subnets are not all good.
func (s *CreateNetworkSettings) plan(c checks) *components.Network {
	network := &components.Network{}
	for _, key := range []string{"cidrBlock", "availabilityZones", "publicSubnets", "privateSubnets"} {
		if c.Any(c.at(key)) {
			return network
		}
	}
	for i, zone := range s.AvailabilityZones {
		network.Public = append(network.Public, components.Subnet{CidrBlock: s.PublicSubnets[i], AvailabilityZone: zone})
		network.Private = append(network.Private, components.Subnet{CidrBlock: s.PrivateSubnets[i], AvailabilityZone: zone})
	}
	return network
}

// checkPlaces refuses zones of other regions, local zones among them, and zones
// in which the service cannot have an endpoint.
func (s *CreateNetworkSettings) checkPlaces(c checks, region string, service *components.ExecuteApiService) {
	for i, zone := range s.AvailabilityZones {
		switch key := c.at(fmt.Sprintf("availabilityZones[%d]", i)); {
		case c.Any(key):
		case !regexp.MustCompile(`^` + region + `[a-z]$`).MatchString(zone):
			c.Add(key, zone, "want a zone of the stack's region, such as %sa", region)
		case !service.In(zone):
			c.Add(key, zone, "%s", noEndpoints(service))
		}
	}
}

func (s *ExistingNetworkSettings) checkPlaces(c checks, network *components.Network, service *components.ExecuteApiService) {
	for _, subnet := range network.Private {
		if !service.In(subnet.AvailabilityZone) {
			c.Add(c.at("privateSubnetIds"), subnet.AvailabilityZone, "%s", noEndpoints(service))
		}
	}
}

func noEndpoints(service *components.ExecuteApiService) string {
	return fmt.Sprintf("%s has no endpoints in this zone; want zones among %s", service.Name, strings.Join(service.AvailabilityZones, ", "))
}

// lookup is without subnets where the ids are not all good.
func (s *ExistingNetworkSettings) lookup(ctx *pulumi.Context, c checks) *components.Network {
	network := &components.Network{VpcId: pulumi.String(s.VpcId)}
	if c.Any(c.at("vpcId")) {
		return network
	}
	vpc, err := components.LookupVpc(ctx, s.VpcId)
	if err != nil {
		c.Add(c.at("vpcId"), s.VpcId, "want a VPC of this account and region: %v", err)
		return network
	}
	if !vpc.EnableDnsSupport || !vpc.EnableDnsHostnames {
		c.Add(c.at("vpcId"), s.VpcId, "want a VPC with enableDnsSupport and enableDnsHostnames on (they are %t and %t): without them private names do not resolve in it",
			vpc.EnableDnsSupport, vpc.EnableDnsHostnames)
	}
	public := s.lookupSubnets(ctx, c, "publicSubnetIds", s.PublicSubnetIds)
	private := s.lookupSubnets(ctx, c, "privateSubnetIds", s.PrivateSubnetIds)
	if c.Any(c.at("publicSubnetIds")) || c.Any(c.at("privateSubnetIds")) {
		return network
	}
	if zones, others := zonesOf(public), zonesOf(private); !slices.Equal(zones, others) {
		c.Add(c.at("publicSubnetIds"), nil, "are in zones %v and privateSubnetIds in %v; want the same zones, because a load balancer's node uses the endpoint's address in its own zone", zones, others)
	}
	network.Public, network.Private = public, private
	return network
}

// lookupSubnets returns the subnets in the order of their zones, in which the
// public and the private ones correspond.
func (s *ExistingNetworkSettings) lookupSubnets(ctx *pulumi.Context, c checks, key string, ids []string) []components.Subnet {
	var found []components.Subnet
	for i, id := range ids {
		if c.Any(c.at(fmt.Sprintf("%s[%d]", key, i))) {
			continue
		}
		subnet, err := components.LookupSubnet(ctx, id, s.VpcId)
		if err != nil {
			c.Add(c.at(fmt.Sprintf("%s[%d]", key, i)), id, "%v", err)
			continue
		}
		if other := slices.Index(zonesOf(found), subnet.AvailabilityZone); other >= 0 {
			c.Add(c.at(fmt.Sprintf("%s[%d]", key, i)), id, "is in %s, as another subnet of the list is; want one subnet per zone", subnet.AvailabilityZone)
			continue
		}
		found = append(found, *subnet)
	}
	slices.SortFunc(found, func(a, b components.Subnet) int { return strings.Compare(a.AvailabilityZone, b.AvailabilityZone) })
	return found
}

func zonesOf(subnets []components.Subnet) []string {
	zones := []string{}
	for _, subnet := range subnets {
		zones = append(zones, subnet.AvailabilityZone)
	}
	return zones
}

func acceptableRange(cidr netip.Prefix) bool {
	return cidr.Addr().Is4() && cidr == cidr.Masked() && cidr.Bits() >= addressplan.MinBits && cidr.Bits() <= addressplan.MaxBits
}

func inside(inner, outer netip.Prefix) bool {
	return inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
}

// register returns the existing network, or registers one.
func (s *NetworkSettings) register(ctx *pulumi.Context, name string, existing *components.Network, child pulumi.ResourceOption) (*components.Network, error) {
	if s.Create == nil {
		return existing, nil
	}
	vpc, err := components.NewVpc(ctx, name, &components.VpcArgs{
		CidrBlock:         s.Create.CidrBlock,
		AvailabilityZones: s.Create.AvailabilityZones,
		PublicSubnets:     s.Create.PublicSubnets,
		PrivateSubnets:    s.Create.PrivateSubnets,
		NatGateways:       s.Create.NatGateways,
	}, child)
	if err != nil {
		return nil, err
	}
	return &vpc.Network, nil
}

package blueprints

import (
	"net/netip"
	"regexp"
	"slices"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// network asks AWS about the network that settings describe. If the stack
// creates the network, the subnets have no IDs. If the settings have problems,
// subnets are missing.
func (l *lookup) network(c settings.Section, s *config.Network, use networkUse) *components.Network {
	switch {
	case s.Create != nil && s.Existing == nil:
		c = c.Group("create")
		l.checkZones(c, s.Create.AvailabilityZones, use.service)
		if logs := s.Create.FlowLogs; logs != nil {
			l.checkRegion(c.Group("flowLogs"), "kmsKeyArn", logs.KmsKeyArn, "a key")
		}
		planned := planNetwork(c, s.Create, s.Tiers)
		if len(planned.Private) > 0 {
			networkChange{l, s.Create, planned, use}.check(c)
		}
		return planned
	case s.Existing != nil && s.Create == nil:
		return existingNetwork{l, c.Group("existing"), s.Existing, s.Tiers, use}.find()
	}
	return &components.Network{}
}

// checkZones refuses zones of other regions, including local zones, and zones in
// which the service cannot have an endpoint.
func (l *lookup) checkZones(c settings.Section, zones []string, service *components.ServiceDetail) {
	region := l.environment.Region
	ofRegion := regexp.MustCompile(`^` + regexp.QuoteMeta(region) + `[a-z]$`)
	for i, zone := range zones {
		switch key := settings.Item("availabilityZones", i); {
		case !ofRegion.MatchString(zone):
			c.Reject(key, zone, "want a zone of the stack's region, such as %sa", region)
		case service != nil && !service.SupportsZone(zone):
			c.Reject(key, zone, "%s", noEndpoints(service))
		}
	}
}

// planNetwork returns the network that the stack creates. It is empty if the
// range of a subnet has a problem.
func planNetwork(c settings.Section, s *config.CreateNetwork, tiers []config.Tier) *components.Network {
	network := &components.Network{}
	planned := []config.Tier{config.Private, config.Public}
	if slices.Contains(tiers, config.Dualstack) {
		planned = append(planned, config.Dualstack)
	}
	for _, tier := range planned {
		if c.Any(tier.RangesKey(), "cidrBlock", "availabilityZones") {
			return network
		}
	}
	network.CidrBlocks = []netip.Prefix{s.CidrBlock}
	for _, tier := range planned {
		subnets := subnetsOf(network, tier)
		for i, zone := range s.AvailabilityZones {
			*subnets = append(*subnets, components.Subnet{CidrBlock: s.Ranges(tier)[i], AvailabilityZone: zone})
		}
	}
	return network
}

// checkApart refuses a network whose ranges overlap the network at another key,
// because AWS does not peer such networks.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
func checkApart(c settings.Section, network, other *components.Network, otherKey string) {
	for _, a := range other.CidrBlocks {
		for _, b := range network.CidrBlocks {
			if a.Overlaps(b) {
				c.RejectGroup(nil, "its VPC's range %s overlaps %s of %s; "+
					"want VPCs that share no address, because AWS does not peer others", b, a, otherKey)
			}
		}
	}
}

// newNetwork registers a network and returns it. It only reads the resources of
// a network that exists.
func (b builder) newNetwork(s *config.Network, found *components.Network) (*components.Network, error) {
	if s.Create == nil {
		args := &components.ExistingNetworkArgs{VpcId: s.Existing.VpcId, Subnets: allSubnets(found)}
		_, err := components.NewExistingNetwork(b.ctx, b.name, args, b.child)
		return found, err
	}
	vpc, err := components.NewVpc(b.ctx, b.name, &components.VpcArgs{
		CidrBlock:         s.Create.CidrBlock,
		AvailabilityZones: s.Create.AvailabilityZones,
		PublicSubnets:     s.Create.PublicSubnets,
		PrivateSubnets:    s.Create.PrivateSubnets,
		DualstackSubnets:  s.Create.DualstackSubnets,
		NatGateways:       components.NatGateways(s.Create.NatGateways),
		FlowLogs:          b.flowLogs(s.Create.FlowLogs),
	}, b.child)
	if err != nil {
		return nil, err
	}
	if s.Create.S3Gateway {
		gateway, err := components.NewS3Gateway(b.ctx, b.name, &components.S3GatewayArgs{
			Environment: b.environment, VpcId: vpc.Network.VpcId, Subnets: vpc.Network.Private,
		}, b.child)
		if err != nil {
			return nil, err
		}
		vpc.Network.S3PrefixListId = gateway.PrefixListId
	}
	return &vpc.Network, nil
}

// flowLogs returns the arguments of the flow logs that settings describe, or nil.
func (b builder) flowLogs(s *config.FlowLogs) *components.FlowLogsArgs {
	if s == nil {
		return nil
	}
	return &components.FlowLogsArgs{
		AccountId:     b.environment.AccountId,
		TrafficType:   s.TrafficType,
		RetentionDays: s.RetentionDays,
		KmsKeyArn:     s.KmsKeyArn,
	}
}

// allSubnets returns the subnets of all tiers without duplicates: a subnet may
// belong to two tiers.
func allSubnets(network *components.Network) []components.Subnet {
	var all []components.Subnet
	for _, subnet := range slices.Concat(network.Public, network.Private, network.Dualstack) {
		if !slices.ContainsFunc(all, func(other components.Subnet) bool { return other.Id == subnet.Id }) {
			all = append(all, subnet)
		}
	}
	return all
}

// newPeering registers a peering connection between two networks, with routes
// between the subnets on both sides.
func (b builder) newPeering(requester, accepter components.PeeringSide) (*components.Peering, error) {
	args := &components.PeeringArgs{Requester: requester, Accepter: accepter}
	return components.NewPeering(b.ctx, b.name, args, b.child)
}

package blueprints

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// NetworkSettings is where a blueprint is deployed: exactly one of a VPC to
// create and one that exists.
type NetworkSettings struct {
	Create   *CreateNetworkSettings   `config:"create"`
	Existing *ExistingNetworkSettings `config:"existing"`
}

// tier is a kind of subnets in a network.
type tier string

const (
	privateTier   tier = "private"
	publicTier    tier = "public"
	dualstackTier tier = "dualstack"
)

// networkUse is what a blueprint does with a network.
type networkUse struct {
	key    string // Of the settings.
	tiers  []tier // The subnets that it uses.
	peered bool   // Whether it adds routes.
	// lookups are options for asking AWS about it: the provider, if it belongs
	// to another account than the stack's.
	lookups []pulumi.InvokeOption
}

const networkKey = namespace + ":network"

// tiersInOrder is the order in which a VPC is divided. It decides the ranges of
// stacks that are up.
var tiersInOrder = []tier{privateTier, publicTier, dualstackTier}

func (t tier) rangesKey() string { return string(t) + "Subnets" }

func (t tier) idsKey() string { return string(t) + "SubnetIds" }

// check refuses what can be refused without asking AWS, and fills in the
// ranges that are left to be divided.
func (s *NetworkSettings) check(use networkUse, problems *settings.Problems) {
	switch {
	case problems.Any(use.key) && s.Create == nil && s.Existing == nil: // Said already.
	case s.Create != nil && s.Existing != nil:
		problems.Add(use.key, nil, "has both create and existing; want one of them")
	case s.Create != nil:
		s.Create.check(use, checks{problems, use.key + ".create."})
	case s.Existing != nil:
		s.Existing.check(use, checks{problems, use.key + ".existing."})
	default:
		problems.Add(use.key, nil, "required: create (a new VPC) or existing (ids of a VPC and its subnets)")
	}
}

// resolve asks AWS for what the settings refer to, and returns the subnets as
// they are or will be: without ids where they are to be created, and without
// subnets as far as the settings have problems. The service, if there is one,
// gets an endpoint in the private subnets.
func (s *NetworkSettings) resolve(ctx *pulumi.Context, use networkUse, region string, service *components.ServiceDetail, problems *settings.Problems) *components.Network {
	switch {
	case s.Create != nil && s.Existing == nil:
		c := checks{problems, use.key + ".create."}
		s.Create.checkPlaces(c, region, service)
		return s.Create.plan(use, c)
	case s.Existing != nil && s.Create == nil:
		c := checks{problems, use.key + ".existing."}
		network := s.Existing.lookup(ctx, use, c)
		s.Existing.checkPlaces(c, network, service)
		return network
	}
	return &components.Network{}
}

// subnetsOf is where a network has the subnets of a tier.
func subnetsOf(network *components.Network, t tier) *[]components.Subnet {
	return map[tier]*[]components.Subnet{publicTier: &network.Public, privateTier: &network.Private, dualstackTier: &network.Dualstack}[t]
}

// allSubnets are those of all tiers, each once: one may be of two.
func allSubnets(network *components.Network) []components.Subnet {
	var all []components.Subnet
	for _, subnet := range slices.Concat(network.Public, network.Private, network.Dualstack) {
		if !slices.ContainsFunc(all, func(other components.Subnet) bool { return other.Id == subnet.Id }) {
			all = append(all, subnet)
		}
	}
	return all
}

func noEndpoints(service *components.ServiceDetail) string {
	return fmt.Sprintf("%s has no endpoints in this zone; want zones among %s", service.Name, strings.Join(service.AvailabilityZones, ", "))
}

// register registers the network, one that exists as resources that are only
// read, and returns it.
func (s *NetworkSettings) register(ctx *pulumi.Context, name string, existing *components.Network, child pulumi.ResourceOption) (*components.Network, error) {
	if s.Create == nil {
		_, err := components.NewExistingNetwork(ctx, name, &components.ExistingNetworkArgs{VpcId: s.Existing.VpcId, Subnets: allSubnets(existing)}, child)
		return existing, err
	}
	vpc, err := components.NewVpc(ctx, name, &components.VpcArgs{
		CidrBlock:         s.Create.CidrBlock,
		AvailabilityZones: s.Create.AvailabilityZones,
		PublicSubnets:     s.Create.PublicSubnets,
		PrivateSubnets:    s.Create.PrivateSubnets,
		DualstackSubnets:  s.Create.DualstackSubnets,
		NatGateways:       components.NatGateways(s.Create.NatGateways),
	}, child)
	if err != nil {
		return nil, err
	}
	return &vpc.Network, nil
}

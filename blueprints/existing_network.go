package blueprints

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// existingNetwork asks AWS about a network that exists.
type existingNetwork struct {
	*lookup
	settings.Section
	*config.ExistingNetwork
	tiers []config.Tier
	use   networkUse
}

// find returns the network. If the VPC does not exist or a subnet is refused,
// the network has no subnets.
func (n existingNetwork) find() *components.Network {
	network := &components.Network{VpcId: pulumi.String(n.VpcId)}
	if n.Any("vpcId") || !n.lookupVpc(network) {
		return network
	}
	found := map[config.Tier][]components.Subnet{}
	for _, tier := range n.tiers {
		found[tier] = n.subnets(tier)
	}
	for _, tier := range n.tiers {
		if n.Any(tier.IdsKey()) {
			return network
		}
	}
	n.checkSameZones(found)
	n.checkSpace(found)
	n.checkProtected(found)
	for tier, subnets := range found {
		*subnetsOf(network, tier) = subnets
	}
	for _, subnet := range network.Private {
		if service := n.use.service; service != nil && !service.SupportsZone(subnet.AvailabilityZone) {
			n.Reject("privateSubnetIds", subnet.AvailabilityZone, "%s", noEndpoints(service))
		}
	}
	return network
}

// checkProtected refuses a change that takes a protected load balancer out of a subnet.
func (n existingNetwork) checkProtected(found map[config.Tier][]components.Subnet) {
	var kept []string
	for _, subnet := range found[n.use.front] {
		if id, isKnown := subnet.Id.(pulumi.String); isKnown {
			kept = append(kept, string(id))
		}
	}
	n.checkBalancer(n.Section, n.use.balancer, kept)
}

// lookupVpc reports whether the VPC exists, and fills in its ranges.
func (n existingNetwork) lookupVpc(network *components.Network) bool {
	vpc, err := components.LookupVpc(n.ctx, n.VpcId, n.options...)
	if err != nil {
		n.Reject("vpcId", n.VpcId, "want a VPC of this account and region: %v", err)
		return false
	}
	if !vpc.EnableDnsSupport || !vpc.EnableDnsHostnames {
		n.Reject("vpcId", n.VpcId, "want a VPC with enableDnsSupport and enableDnsHostnames on (they are %t and %t): "+
			"without them private names do not resolve in it", vpc.EnableDnsSupport, vpc.EnableDnsHostnames)
	}
	n.checkOwner(vpc.OwnerId)
	network.CidrBlocks = vpc.CidrBlocks
	return true
}

// checkOwner refuses a VPC that another account shares, if the stack needs something
// there that only the owner may make. Participants may create load balancers,
// instances and functions.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-share-limitations.html
func (n existingNetwork) checkOwner(owner string) {
	const rejection = "belongs to account %s, which shares it with account %s; want a VPC of the stack's account, " +
		"because only the owner may %s"
	switch account := n.environment.AccountId; {
	case owner == account:
	case n.use.service != nil:
		n.Reject("vpcId", n.VpcId, rejection, owner, account, "create endpoints in it")
	case n.use.peered:
		n.Reject("vpcId", n.VpcId, rejection, owner, account, "peer it and change its route tables")
	}
}

// subnets returns the subnets of a tier, sorted by zone. The lists of all tiers
// are therefore in the same order.
func (n existingNetwork) subnets(tier config.Tier) []components.Subnet {
	var found []components.Subnet
	for i, id := range n.Ids(tier) {
		key := settings.Item(tier.IdsKey(), i)
		if n.Any(key) {
			continue
		}
		subnet, err := n.subnet(tier, id)
		switch {
		case err != nil:
			n.Reject(key, id, "%v", err)
		case slices.Contains(components.AvailabilityZones(found), subnet.AvailabilityZone):
			n.Reject(key, id, "is in %s, like another subnet of the list; want one subnet per zone",
				subnet.AvailabilityZone)
		case tier == config.Dualstack && subnet.Ipv6CidrBlock == nil:
			n.Reject(key, id, "has no IPv6 range; want a dualstack subnet")
		default:
			found = append(found, *subnet)
		}
	}
	slices.SortFunc(found, func(a, b components.Subnet) int {
		return strings.Compare(a.AvailabilityZone, b.AvailabilityZone)
	})
	return found
}

// subnet returns a subnet of a tier, with its route table if the stack adds routes.
// It refuses a public subnet that no route leads out of: clients on the internet
// would time out.
func (n existingNetwork) subnet(tier config.Tier, id string) (*components.Subnet, error) {
	subnet, err := components.LookupSubnet(n.ctx, id, n.VpcId, n.options...)
	if err != nil || !n.use.peered && tier != config.Public {
		return subnet, err
	}
	table, err := components.LookupRouteTable(n.ctx, n.VpcId, id, n.options...)
	switch {
	case err != nil:
		return nil, fmt.Errorf("its route table: %w", err)
	case tier == config.Public && !table.InternetGateway:
		return nil, fmt.Errorf("its route table %s has no route to an internet gateway; want a public subnet", table.Id)
	}
	subnet.RouteTableId = pulumi.String(table.Id)
	return subnet, nil
}

// checkSpace warns of subnets with too few free addresses. It does so at preview
// only, and refuses nothing: a deployed stack has taken its addresses already, and
// the preview cannot tell them from those of others.
func (n existingNetwork) checkSpace(found map[config.Tier][]components.Subnet) {
	if !n.ctx.DryRun() {
		return
	}
	for _, text := range shortages(n.tiers, found, n.use.addresses) {
		n.warn(n.At("vpcId") + ": " + text)
	}
}

// checkSameZones refuses lists of subnets that are in different zones.
func (n existingNetwork) checkSameZones(found map[config.Tier][]components.Subnet) {
	first := n.tiers[0]
	want := components.AvailabilityZones(found[first])
	for _, tier := range n.tiers[1:] {
		if zones := components.AvailabilityZones(found[tier]); !slices.Equal(zones, want) {
			n.Reject(tier.IdsKey(), nil, "are in zones %v and %s in %v; want the same zones, "+
				"because a load balancer's node uses the endpoint's address in its own zone",
				zones, first.IdsKey(), want)
		}
	}
}

package blueprints

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// networkChange compares a network that settings describe with the one that the stack has deployed.
type networkChange struct {
	*lookup
	create  *config.CreateNetwork
	planned *components.Network
	use     networkUse
}

// subnetPlan is a subnet that the stack wants.
type subnetPlan struct {
	deployedSubnet
	key string // That of its range.
}

// wanted returns the subnets of a tier with the names of their resources.
func (n networkChange) wanted(t config.Tier) []subnetPlan {
	var list []subnetPlan
	for i, s := range *subnetsOf(n.planned, t) {
		subnet := deployedSubnet{zone: s.AvailabilityZone, cidr: s.CidrBlock, number: -1}
		p := subnetPlan{subnet, settings.Item(t.RangesKey(), i)}
		switch t {
		case config.Dualstack:
			p.name, p.number = fmt.Sprintf("%s-dualstack-%s", n.use.name, p.zone), i
		case config.Public:
			p.name = fmt.Sprintf("%s-vpc-public-%d", n.use.name, i+1)
		default:
			p.name = fmt.Sprintf("%s-vpc-private-%d", n.use.name, i+1)
		}
		list = append(list, p)
	}
	return list
}

// keepsVpc reports whether the deployed VPC stays. Otherwise all of the network is new, as it is in another region.
func (n networkChange) keepsVpc() bool {
	_, vpc := n.inState().find(vpcToken, n.use.name+"-vpc")
	return vpc.CidrBlock == n.create.CidrBlock.String() && !n.movesFrom(vpc)
}

// check refuses a subnet whose range overlaps that of a deployed one, unless it is the same. The engine creates a
// subnet before it deletes its predecessor, in which interfaces are until then, and AWS refuses that.
func (n networkChange) check(c settings.Section) {
	n.checkProtected(c)
	if !n.keepsVpc() {
		return
	}
	existing := n.inState().subnets(n.use.name)
	for _, tier := range []config.Tier{config.Private, config.Public, config.Dualstack} {
		for _, want := range n.wanted(tier) {
			if existing[want.name] == want.deployedSubnet {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(existing)) {
				have := existing[name]
				if have.cidr.Overlaps(want.cidr) || want.number >= 0 && have.number == want.number {
					n.reject(c, tier, want, have)
				}
			}
		}
	}
}

// checkProtected refuses a change that takes a protected load balancer out of a subnet.
func (n networkChange) checkProtected(c settings.Section) {
	wanted := map[string]deployedSubnet{}
	for _, want := range n.wanted(n.use.front) {
		wanted[want.name] = want.deployedSubnet
	}
	var kept []string
	for name, have := range n.inState().subnets(n.use.name) {
		if n.keepsVpc() && wanted[name] == have {
			_, outputs := n.inState().find(subnetToken, name)
			kept = append(kept, outputs.Id)
		}
	}
	n.checkBalancer(c, n.use.balancer, kept)
}

// reject refuses a subnet that overlaps a deployed one.
func (n networkChange) reject(c settings.Section, tier config.Tier, want subnetPlan, have deployedSubnet) {
	overlap := fmt.Sprintf("the %s subnet in %s cannot have %s while the stack's subnet %s has %s in %s", tier,
		want.zone, want.cidr, have.name, have.cidr, have.zone)
	const way = "or another cidrBlock too, which replaces the VPC and everything in it"
	if c.Given(tier.RangesKey()) {
		c.Reject(want.key, want.cidr, "%s; want a range that no subnet of the stack has yet, the deployed zones in "+
			"their order with their ranges, and new zones at the end, %s", overlap, way)
		return
	}
	c.Reject("availabilityZones", n.create.AvailabilityZones, "%s: the VPC is divided evenly among its zones; want "+
		"the deployed zones in their order, %s. If the VPC has room, set the ranges of the deployed subnets in %s and "+
		"so on, and add zones at the end with free ones", overlap, way, tier.RangesKey())
}

// checkPlaces refuses to move the load balancer of a dualstack network to other subnets.
func (n networkChange) checkPlaces(c settings.Section, balancer string) {
	urn, outputs := n.inState().find(loadBalancerToken, balancer+"-nlb")
	if urn == "" {
		return
	}
	stays, existing := n.keepsVpc(), n.inState().subnets(n.use.name)
	wanted := map[string]bool{}
	for _, want := range n.wanted(config.Dualstack) {
		wanted[want.name] = true
		stays = stays && existing[want.name] == want.deployedSubnet
	}
	for name, have := range existing {
		stays = stays && (have.number < 0 || wanted[name])
	}
	switch {
	case stays:
	case outputs.EnableDeletionProtection:
		c.RejectGroup(nil, "%s; the load balancer is protected: %s", components.FixedPlaces(urn),
			n.unprotectBalancer(resource.URN(urn)))
	default:
		c.RejectGroup(nil, "%s", components.FixedPlaces(urn))
	}
}

package blueprints

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// addressNeeds says how many free IPv4 addresses the stack needs in each subnet of a
// tier.
type addressNeeds map[config.Tier]int

// How many free addresses AWS wants in a subnet.
const (
	// nodeSpace is for the node of a load balancer that faces the internet or whose
	// address AWS chooses. An Application Load Balancer always needs them.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/availability-zones.html
	nodeSpace = 8
	// interfaceSpace is for an endpoint, a server, a function, or the node of an internal
	// Network Load Balancer at a given address.
	interfaceSpace = 1
)

// shortages returns a sentence for each subnet that has fewer free addresses than the
// stack needs there. A subnet may belong to two tiers.
func shortages(tiers []config.Tier, found map[config.Tier][]components.Subnet, needs addressNeeds) []string {
	var subnets []components.Subnet
	needed := map[pulumi.StringInput]int{}
	for _, tier := range tiers {
		for _, subnet := range found[tier] {
			if !slices.ContainsFunc(subnets, func(s components.Subnet) bool { return s.Id == subnet.Id }) {
				subnets = append(subnets, subnet)
			}
			needed[subnet.Id] += needs[tier]
		}
	}
	var texts []string
	for _, subnet := range subnets {
		if want := needed[subnet.Id]; subnet.FreeAddresses < want {
			texts = append(texts, fmt.Sprintf("%s has %d free IPv4 addresses, and a new stack needs %d there. "+
				"AWS refuses the deployment, unless this stack has taken its addresses already.",
				subnet.Id, subnet.FreeAddresses, want))
		}
	}
	return texts
}

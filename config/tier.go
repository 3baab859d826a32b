package config

// Tier is a kind of subnets in a network.
type Tier string

// The tiers of subnets.
const (
	Private   Tier = "private"
	Public    Tier = "public"    // Routed to an internet gateway.
	Dualstack Tier = "dualstack" // Private, with IPv6.
)

// tiersInOrder returns all tiers in the order in which a VPC is divided. The
// order decides the ranges of deployed stacks.
func tiersInOrder() []Tier { return []Tier{Private, Public, Dualstack} }

// RangesKey returns the key of the tier's ranges in a VPC to create.
func (t Tier) RangesKey() string { return string(t) + "Subnets" }

// IdsKey returns the key of the tier's subnets in a VPC that exists.
func (t Tier) IdsKey() string { return string(t) + "SubnetIds" }

// parseTiers returns the tiers that a tag lists.
func parseTiers(text string) []Tier {
	var tiers []Tier
	for _, tier := range splitList(text) {
		tiers = append(tiers, Tier(tier))
	}
	return tiers
}

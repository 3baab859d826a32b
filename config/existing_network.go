package config

import (
	"slices"

	"private-api-blueprints/internal/settings"
)

// ExistingNetwork names a VPC that exists, and those of its subnets that the
// blueprint uses: at least two zones, the same ones in all lists.
type ExistingNetwork struct {
	// VpcId is the ID of a VPC with DNS support and DNS hostnames on.
	VpcId string `config:"vpcId" required:"true" format:"vpcId"`
	// PublicSubnetIds are the IDs of public subnets, one per zone. All
	// lists must have the same zones.
	PublicSubnetIds []string `config:"publicSubnetIds" tier:"public" format:"subnetId" list:"subnetIds"`
	// PrivateSubnetIds are the IDs of private subnets, one per zone. All
	// lists must have the same zones.
	PrivateSubnetIds []string `config:"privateSubnetIds" tier:"private" format:"subnetId" list:"subnetIds"`
	// DualstackSubnetIds are the IDs of private subnets with IPv6, one per zone.
	// All lists must have the same zones.
	DualstackSubnetIds []string `config:"dualstackSubnetIds" tier:"dualstack" format:"subnetId" list:"subnetIds"`
}

// Ids returns the IDs of the subnets of a tier.
func (s *ExistingNetwork) Ids(t Tier) []string {
	switch t {
	case Public:
		return s.PublicSubnetIds
	case Private:
		return s.PrivateSubnetIds
	default:
		return s.DualstackSubnetIds
	}
}

// checkTiers requires subnets of the tiers in use, and of no other.
func (s *ExistingNetwork) checkTiers(tiers []Tier, c settings.Section) {
	for _, t := range tiersInOrder() {
		switch ids, used := s.Ids(t), slices.Contains(tiers, t); {
		case used && len(ids) < 2:
			c.Reject(t.IdsKey(), ids, "want the IDs of at least two subnets in different zones")
		case !used && len(ids) > 0:
			c.Reject(t.IdsKey(), ids, "want none here: the blueprint would place nothing in them")
		}
	}
	for i, id := range s.PrivateSubnetIds {
		if slices.Contains(s.PublicSubnetIds, id) {
			c.Reject(settings.Item("privateSubnetIds", i), id,
				"is among publicSubnetIds too; want other subnets for the endpoint than for the load balancer")
		}
	}
}

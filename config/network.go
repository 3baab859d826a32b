package config

import (
	"slices"

	"private-api-blueprints/internal/settings"
)

// Network says where a part of a blueprint is deployed: in a VPC to create, or
// in one that exists.
type Network struct {
	// Create describes a VPC that the stack creates, with a public and a private
	// subnet in each zone, and dualstack ones if the blueprint uses them.
	Create *CreateNetwork `config:"create" oneOf:"a new VPC"`
	// Existing names a VPC that exists, and those of its subnets that the
	// blueprint uses.
	//
	// The VPC and its subnets become part of the stack's state as resources that
	// are only read, so that `pulumi policy analyze` knows their zones and ranges.
	// A preview sends policies only the resources that a stack manages.
	Existing *ExistingNetwork `config:"existing" oneOf:"IDs of a VPC and its subnets"`

	// Tiers are the tiers of subnets that the blueprint uses in this network.
	Tiers []Tier
}

// Tier is a kind of subnets in a network.
type Tier string

// The tiers of subnets.
const (
	Private   Tier = "private"
	Public    Tier = "public"    // Routed to an internet gateway.
	Dualstack Tier = "dualstack" // Private, with IPv6.
)

// TiersInOrder returns all tiers in the order in which a VPC is divided. The
// order decides the ranges of deployed stacks.
func TiersInOrder() []Tier { return []Tier{Private, Public, Dualstack} }

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

// check checks the two kinds of networks against the tiers in use, unless both
// are given.
func (s *Network) check(c settings.Section) {
	switch {
	case s.Create != nil && s.Existing == nil:
		s.Create.checkTiers(slices.Contains(s.Tiers, Dualstack), c.Group("create"))
	case s.Existing != nil && s.Create == nil:
		s.Existing.checkTiers(s.Tiers, c.Group("existing"))
	}
}

// requireNat requires a way to the internet in a network to create, because
// servers are launched there.
func (s *Network) requireNat(c settings.Section) {
	if s.Create != nil && s.Create.NatGateways == "None" {
		c.Group("create").Reject("natGateways", "None",
			"want Single or OnePerAz: the servers install packages, and have no other way to the internet")
	}
}

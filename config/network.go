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

// zones returns in how many zones the network's dualstack subnets are.
func (s *Network) zones() int {
	switch {
	case s.Create != nil:
		return len(s.Create.AvailabilityZones)
	case s.Existing != nil:
		return len(s.Existing.DualstackSubnetIds)
	}
	return 0
}

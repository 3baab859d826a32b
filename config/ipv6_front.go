package config

import "private-api-blueprints/internal/settings"

// Ipv6Front is the configuration of ipv6-front: a private REST API that IPv6
// clients reach through an internal dualstack load balancer.
type Ipv6Front struct {
	Selection
	// Network is where the endpoint and the function are, in the private subnets.
	// Without frontNetwork the load balancer is there too, in the dualstack
	// subnets. With frontNetwork, leave out the keys of dualstack subnets here.
	Network Network `config:"network" tiers:"private,dualstack"`
	// FrontNetwork is where the load balancer and its clients are, in the dualstack
	// subnets, if that is another VPC. It cannot be added to or removed from a
	// deployed stack, because subnets would move.
	FrontNetwork *Network `config:"frontNetwork" tiers:"dualstack" computed:"that of network"`
	// Peered says whether network and frontNetwork, which both exist, are peered
	// already, with routes on both sides. Otherwise the stack peers them, and adds
	// routes to the tables of their subnets.
	Peered bool `config:"peered" default:"false"`
	// Endpoint describes the execute-api endpoint.
	Endpoint Endpoint `config:"endpoint"`
	// Api describes the private REST API.
	Api Api `config:"api"`
	Functions
	// Domain is the name that clients in the load balancer's VPC call.
	Domain Domain `config:"domain"`
	// Front describes the internal load balancer.
	Front DualstackFront `config:"front"`
	// Client describes a function that calls the API over IPv6.
	Client Client `config:"client"`
	// Alarms describes CloudWatch alarms. Without it there are none.
	Alarms *FrontAlarms `config:"alarms"`
}

// checkEarly narrows the tiers of the network if the load balancer is in another
// one.
func (s *Ipv6Front) checkEarly(settings.Section) {
	if s.FrontNetwork != nil {
		s.Network.Tiers = []Tier{Private}
	}
}

// check refuses `peered` unless both networks exist. It also refuses functions that
// the routes do not match, and a client that the API would turn away.
func (s *Ipv6Front) check(c settings.Section) {
	s.checkNames(c, &s.Api)
	exist := s.FrontNetwork != nil && s.FrontNetwork.Existing != nil && s.Network.Existing != nil
	if s.Peered && !exist {
		c.Reject("peered", true, "want it only if network and frontNetwork both exist")
	}
	s.Client.checkApi(&s.Api, c.Group("client"))
}

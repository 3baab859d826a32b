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
	FurtherApis
	Functions
	// Domain is the name that clients in the load balancer's VPC call.
	Domain AnyDomain `config:"domain"`
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

// check refuses `peered` unless both networks exist, functions that the routes do
// not match, a client that the API would turn away, and more ranges than security
// groups take.
func (s *Ipv6Front) check(c settings.Section) {
	s.CheckRoutes(c)
	s.checkRole(c, &s.Api)
	exist := s.FrontNetwork != nil && s.FrontNetwork.Existing != nil && s.Network.Existing != nil
	if s.Peered && !exist {
		c.Reject("peered", true, "want it only if network and frontNetwork both exist")
	}
	s.Domain.checkNetworks(s.NameNetwork(), c.Group("domain"))
	if s.Domain.EndpointType != "" { // Otherwise every name leads to every API.
		s.Domain.checkLed(c, &s.FurtherApis)
	}
	s.checkRules(c)
}

// AllApis returns all REST APIs of the stack, that of the group api first.
func (s *Ipv6Front) AllApis() []NamedApi { return s.With(&s.Api.RestApi) }

// CheckRoutes refuses functions that the routes do not match, base paths that hide
// routes, and a client that the API would turn away. It knows the routes of an OpenAPI
// document once the API has taken it.
func (s *Ipv6Front) CheckRoutes(c settings.Section) {
	s.checkNames(c, s.AllApis())
	s.Domain.checkPaths(c.Group("domain"), &s.Api.RestApi, &s.FurtherApis)
	s.Client.checkApi(&s.Api.RestApi, c.Group("client"))
}

// checkRules refuses more ranges than the security groups of the load balancer and
// the endpoint take. The load balancer's group also admits the clients' group. The
// endpoint's group admits the load balancer's, or its nodes in another network.
func (s *Ipv6Front) checkRules(c settings.Section) {
	front := inboundRules{most: s.RulesPerSecurityGroup, others: 1 + s.Front.rules()}
	front.check(c.Group("front"), "allowedCidrs", s.Front.AllowedCidrs)
	endpoint := inboundRules{most: s.RulesPerSecurityGroup, others: 1}
	if s.FrontNetwork != nil {
		endpoint.others = s.FrontNetwork.zones()
	}
	endpoint.check(c.Group("endpoint"), "clientCidrs", s.Endpoint.ClientCidrs)
}

// NameNetwork returns the network in which the name resolves: that of the load
// balancer.
func (s *Ipv6Front) NameNetwork() *Network {
	if s.FrontNetwork != nil {
		return s.FrontNetwork
	}
	return &s.Network
}

package config

import "private-api-blueprints/internal/settings"

// StaticIpApigw is the configuration of static-ip-apigw: a private REST API
// that the internet reaches at fixed IPv4 addresses, and the VPC by the same
// name.
type StaticIpApigw struct {
	Selection
	// Network is where everything is: the load balancer in the public subnets, the
	// endpoint in the private ones.
	Network Network `config:"network" tiers:"private,public"`
	// Endpoint describes the execute-api endpoint.
	Endpoint Endpoint `config:"endpoint"`
	// Api describes the private REST API.
	Api Api `config:"api"`
	FurtherApis
	Functions
	// Domain is the name that clients call, on the internet and in the VPC.
	Domain CustomDomain `config:"domain"`
	// Front describes the load balancer on the internet.
	Front Front `config:"front"`
	// Alarms describes CloudWatch alarms. Without it there are none.
	Alarms *FrontAlarms `config:"alarms"`
}

// check refuses functions that the routes do not match, and a private zone of a VPC
// that does not exist yet. It also refuses more ranges than the security groups of
// the load balancer and the endpoint take. The endpoint's group also admits the load
// balancer.
func (s *StaticIpApigw) check(c settings.Section) {
	s.CheckRoutes(c)
	s.checkRole(c, &s.Api)
	s.Domain.checkNetworks(&s.Network, c.Group("domain"))
	s.Domain.checkLed(c, &s.FurtherApis)
	front := inboundRules{most: s.RulesPerSecurityGroup, others: s.Front.rules()}
	front.check(c.Group("front"), "allowedCidrs", s.Front.AllowedCidrs)
	endpoint := inboundRules{most: s.RulesPerSecurityGroup, others: 1}
	endpoint.check(c.Group("endpoint"), "clientCidrs", s.Endpoint.ClientCidrs)
}

// AllApis returns all REST APIs of the stack, that of the group api first.
func (s *StaticIpApigw) AllApis() []NamedApi { return s.With(&s.Api.RestApi) }

// CheckRoutes refuses functions that the routes do not match, and base paths that
// hide routes. It knows the routes of an OpenAPI document once the API has taken it.
func (s *StaticIpApigw) CheckRoutes(c settings.Section) {
	s.checkNames(c, s.AllApis())
	s.Domain.checkPaths(c.Group("domain"), &s.Api.RestApi, &s.FurtherApis)
}

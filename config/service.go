package config

import (
	"slices"

	"private-api-blueprints/internal/settings"
)

// Service describes an endpoint service that this stack offers.
type Service struct {
	// Network is where the load balancer is, and the servers that it launches: in
	// the private subnets.
	Network Network `config:"network" tiers:"private"`
	// Domain is the name by which consumers call the service. The public zone gets
	// the TXT record that proves the name is yours, and no address.
	Domain ServiceDomain `config:"domain"`
	// Front describes the load balancer.
	Front ServiceFront `config:"front"`
	// Targets are the servers behind the load balancer.
	Targets Targets `config:"targets"`
	// AllowedPrincipals are those who may ask for an endpoint: ARNs of accounts
	// (ending in :root), roles and users, or `*` for everybody. Everybody without
	// acceptance is refused, because that makes the load balancer public.
	// https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
	AllowedPrincipals []string `config:"allowedPrincipals" required:"true" list:"principals" format:"principal"`
	// AcceptanceRequired makes every new endpoint wait until the owner of the
	// service accepts it. With both halves in one stack, the stack accepts.
	AcceptanceRequired bool `config:"acceptanceRequired" default:"true"`
	// Alarms describes CloudWatch alarms. Without it there are none.
	Alarms *ServiceAlarms `config:"alarms"`
}

// check refuses a service that is open to everybody, and servers that cannot
// install their packages.
func (s *Service) check(c settings.Section) {
	if i := slices.Index(s.AllowedPrincipals, "*"); i >= 0 && !s.AcceptanceRequired {
		c.Reject(settings.Item("allowedPrincipals", i), "*",
			"want ARNs, or acceptanceRequired: true: everybody on AWS could connect, which makes the load balancer "+
				"public (https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html)")
	}
	if s.Targets.Launch != nil {
		s.Targets.Launch.checkWay(&s.Network, c.Group("network"), c.Group("targets").Group("launch"))
	}
}

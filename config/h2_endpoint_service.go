package config

import (
	"slices"

	"private-api-blueprints/internal/settings"
)

// H2EndpointService is the configuration of h2-endpoint-service: a service that
// speaks HTTP/2 to other VPCs and accounts. Its halves may be in one stack, or
// in the stacks of two companies.
type H2EndpointService struct {
	Selection
	// Service is the half that offers the service. Leave it out if another stack
	// offers it.
	Service *Service `config:"service"`
	// Consumer is the half that uses the service. Leave it out if only other stacks
	// use it.
	Consumer *Consumer `config:"consumer"`
}

// check requires at least one half, and refuses more ranges than security groups
// take.
func (s *H2EndpointService) check(c settings.Section) {
	if s.Service == nil && s.Consumer == nil && !c.Any("consumer") {
		c.Reject("service", nil, "required: service (what this stack offers), consumer (what it uses), or both")
	}
	rules := inboundRules{most: s.RulesPerSecurityGroup}
	if s.Service != nil {
		service := c.Group("service")
		rules.check(service.Group("front"), "allowedCidrs", s.Service.Front.AllowedCidrs)
		checkTargets(service.Group("targets"), s.RulesPerSecurityGroup, s.Service.Targets.Ipv4Addresses)
	}
	if s.Consumer == nil {
		return
	}
	rules.check(c.Group("consumer"), "clientCidrs", s.Consumer.ClientCidrs)
	s.Consumer.checkService(s.Service != nil, c.Group("consumer"))
	if s.Service != nil {
		s.checkClients(c.Group("consumer"))
		s.checkName(c.Group("consumer"))
	}
}

// checkName refuses an endpoint that gets the service's name before AWS knows who owns
// the name.
func (s *H2EndpointService) checkName(c settings.Section) {
	if s.Consumer.PrivateDnsEnabled && !s.Service.Domain.proven() && !c.Any("privateDnsEnabled") {
		c.Reject("privateDnsEnabled", true, "want false until service.domain.verified is true: AWS refuses the name "+
			"to endpoints before it has found the TXT record")
	}
}

// checkClients refuses clients that the endpoint admits and the service does not.
func (s *H2EndpointService) checkClients(c settings.Section) {
	allowed := s.Service.Front.AllowedCidrs
	if len(allowed) == 0 {
		return
	}
	for i, clients := range s.Consumer.ClientCidrs {
		if !slices.ContainsFunc(allowed, clients.Overlaps) {
			c.Reject(settings.Item("clientCidrs", i), clients,
				"want a range with addresses of service.front.allowedCidrs %v", allowed)
		}
	}
}

// Absent says why the blueprint has no such group of keys.
func (s *H2EndpointService) Absent(key string) string {
	if key == "api" || key == "apis" || key == "functions" {
		return "want it without: this blueprint has no API; its consumers connect to servers, which tell their APIs " +
			"apart themselves"
	}
	return ""
}

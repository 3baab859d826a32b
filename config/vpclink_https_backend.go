package config

import "private-api-blueprints/internal/settings"

// VpclinkHttpsBackend is the configuration of vpclink-https-backend: a REST API
// on the internet that hands every request to an HTTPS server in a private
// network.
type VpclinkHttpsBackend struct {
	Selection
	// Network is where the load balancer is: in the private subnets.
	Network Network `config:"network" tiers:"private"`
	// Front describes the internal load balancer.
	Front LoadBalancer `config:"front"`
	// Api describes the regional REST API. It serves every path and method.
	Api Stage `config:"api"`
	// Backend describes the HTTPS server.
	Backend HttpsBackend `config:"backend"`
	// Alarms describes CloudWatch alarms. Without it there are none.
	Alarms *LinkAlarms `config:"alarms"`
}

// check refuses a private zone that no client in the VPC needs, and one of a VPC
// that does not exist yet.
func (s *VpclinkHttpsBackend) check(c settings.Section) {
	c = c.Group("backend")
	if s.Backend.PrivateZoneId != "" && !s.Backend.VpcClients {
		c.Reject("privateZoneId", s.Backend.PrivateZoneId, "want it only with vpcClients: true, whose name it holds")
	}
	s.Backend.checkNetwork(&s.Network, c)
}

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
	Api LinkApi `config:"api"`
	// Backend describes the HTTPS server.
	Backend HttpsBackend `config:"backend"`
	// Alarms describes CloudWatch alarms. Without it there are none.
	Alarms *LinkAlarms `config:"alarms"`
}

// check refuses a private zone that no client in the VPC needs, and one of a VPC
// that does not exist yet. It refuses more servers than a security group takes.
func (s *VpclinkHttpsBackend) check(c settings.Section) {
	c = c.Group("backend")
	checkTargets(c, s.RulesPerSecurityGroup, s.Backend.Ipv4Addresses)
	if s.Backend.PrivateZoneId != "" && !s.Backend.VpcClients {
		c.Reject("privateZoneId", s.Backend.PrivateZoneId, "want it only with vpcClients: true, whose name it holds")
	}
	s.Backend.checkNetwork(&s.Network, c)
}

// Absent says why the blueprint has no such group of keys.
func (s *VpclinkHttpsBackend) Absent(key string) string {
	switch key {
	case "apis", "function", "functions":
		return "want it without: the API passes every path to one server, which tells its APIs apart itself"
	case "domain":
		return "want it without: clients call the API by the name that AWS gives it, and the certificate in backend " +
			"is the server's; static-ip-apigw and ipv6-front have names"
	}
	return ""
}

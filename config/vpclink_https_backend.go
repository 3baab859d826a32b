package config

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

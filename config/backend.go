package config

import (
	"net/netip"
	"regexp"

	"private-api-blueprints/internal/settings"
)

// HttpsBackend describes an HTTPS server that the network of the load balancer
// reaches: at addresses that exist, or in a network that simulates a data
// center.
type HttpsBackend struct {
	// HostName is the fully qualified name in the server's certificate. API Gateway
	// does not resolve it. It sends it as the Host header, and checks the
	// certificate against it.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html
	HostName string `config:"hostName" required:"true" format:"domainName" example:"backend.example.com"`
	// Ipv4Addresses are the addresses of servers that exist: in the VPC, or private
	// ones (RFC 1918 or RFC 6598) behind Direct Connect, a VPN or a peering.
	Ipv4Addresses []netip.Addr `config:"ipv4Addresses" oneOf:"servers that exist" list:"backendAddresses" family:"ipv4"`
	// Simulated describes a network that stands for a data center: peered, with an
	// HTTPS load balancer and servers behind it.
	Simulated *Simulated `config:"simulated" oneOf:"a network to create for them, or one that exists"`
	// Port is the port that the servers listen on. The load balancer listens on
	// 443.
	Port int `config:"port" default:"443" range:"1..65535"`
	// TimeoutMilliseconds is how long API Gateway waits for an answer. More than
	// 29000 needs a raised quota.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
	TimeoutMilliseconds int `config:"timeoutMilliseconds" default:"29000" range:"50..300000"`
	// PrivateCa says which private CA has signed the certificate, and why, in
	// words. API Gateway accepts a CA that it does not know only if this is set. It
	// still checks the name, the dates and that there is a root CA.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html
	PrivateCa string `config:"privateCa" computed:"none: the certificate is verified" format:"privateCa"`
	// VpcClients lets clients in the VPC reach the server too, past the API and its
	// authorization: a private zone leads hostName to the load balancer, which admits
	// the VPC's ranges. The zone hides public records of the name and of names below
	// it.
	VpcClients bool `config:"vpcClients" default:"false"`
	PrivateZone
}

// Simulated describes a network that stands for a data center: peered, with an
// HTTPS load balancer and servers behind it.
type Simulated struct {
	// Network is the simulated data center. A new one needs natGateways or
	// s3Gateway, and a range that does not overlap the load balancer's network.
	Network Network `config:"network" tiers:"private"`
	Certificate
	Launch
}

// loadBalancerName matches names that AWS gives to load balancers. No
// certificate of a customer has them.
var loadBalancerName = regexp.MustCompile(`\.elb\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$`)

// checkEarly refuses names that the server's certificate cannot have.
func (s *HttpsBackend) checkEarly(c settings.Section) {
	_, err := netip.ParseAddr(s.HostName)
	if err == nil || loadBalancerName.MatchString(s.HostName) {
		c.Reject("hostName", s.HostName, "want the name in the backend's certificate, such as backend.example.com; "+
			"API Gateway would fail with "+
			"\"Host name '…' does not match the certificate subject provided by the peer\"")
	}
}

// check refuses settings that contradict each other.
func (s *HttpsBackend) check(c settings.Section) {
	if s.Simulated == nil {
		return
	}
	s.Simulated.checkName(c, "hostName", s.HostName)
	if s.Port != 443 {
		c.Reject("port", s.Port, "want 443, which the simulated load balancer listens on")
	}
	if s.PrivateCa != "" && s.Simulated.CreateCertificate {
		c.Reject("privateCa", s.PrivateCa,
			"want none: simulated.createCertificate creates a certificate of a public CA, which API Gateway knows")
	}
}

// check checks the certificate, and that the servers can install their
// packages.
func (s *Simulated) check(c settings.Section) {
	s.Certificate.check(c)
	s.Launch.check(c)
	s.Launch.checkWay(&s.Network, c.Group("network"), c)
}

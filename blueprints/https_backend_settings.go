package blueprints

import (
	"net/netip"
	"regexp"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// HttpsBackendSettings describes an HTTPS server that the network of the load
// balancer reaches: exactly one of addresses that exist and a network to
// simulate one in.
type HttpsBackendSettings struct {
	HostName            string             `config:"hostName"`      // The name in the server's certificate.
	Ipv4Addresses       []netip.Addr       `config:"ipv4Addresses"` // In the VPC, or behind Direct Connect, a VPN or a peering.
	Port                int                `config:"port"`          // Of the addresses; the load balancer's is 443.
	Simulated           *SimulatedSettings `config:"simulated"`
	TimeoutMilliseconds int                `config:"timeoutMilliseconds"`
	// PrivateCa says which private CA has signed the certificate, and why. Only
	// with it API Gateway accepts a CA that it does not know. A certificate of
	// another name is refused all the same.
	PrivateCa string `config:"privateCa"`
}

// SimulatedSettings describes a network that stands for a data center: peered,
// with an HTTPS load balancer and servers behind it.
type SimulatedSettings struct {
	Network NetworkSettings `config:"network"`
	CertificateSettings
	LaunchSettings
}

const (
	backendKey   = namespace + ":backend"
	simulatedKey = backendKey + ".simulated"
)

var (
	simulatedNetwork = networkUse{key: simulatedKey + ".network", tiers: []tier{privateTier}, peered: true}
	// Names that AWS gives to load balancers: no certificate of a customer has
	// them.
	loadBalancerName = regexp.MustCompile(`\.elb\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$`)
)

func defaultHttpsBackend() HttpsBackendSettings {
	return HttpsBackendSettings{Port: 443, TimeoutMilliseconds: 29000}
}

func (s *HttpsBackendSettings) check(problems *settings.Problems) {
	c := checks{problems, backendKey + "."}
	s.checkHostName(c)
	c.between("port", s.Port, 1, 65535)
	c.between("timeoutMilliseconds", s.TimeoutMilliseconds, 50, 300000)
	if s.PrivateCa != "" {
		c.text("privateCa", s.PrivateCa, privateCa)
	}
	switch {
	case s.Simulated != nil && s.Ipv4Addresses != nil:
		c.Add(backendKey, nil, "has both ipv4Addresses and simulated; want one of them")
	case s.Simulated == nil && len(s.Ipv4Addresses) == 0 && !c.Any(c.at("simulated")) && !c.Any(c.at("ipv4Addresses")):
		c.Add(backendKey, nil, "required: ipv4Addresses (servers that exist) or simulated (a network to create for them, or one that exists)")
	}
	if s.Simulated != nil {
		s.checkSimulated(c)
	}
}

// checkHostName refuses what no certificate of the server can have.
func (s *HttpsBackendSettings) checkHostName(c checks) {
	_, err := netip.ParseAddr(s.HostName)
	if err == nil || loadBalancerName.MatchString(s.HostName) {
		c.Add(c.at("hostName"), s.HostName, "want the name in the backend's certificate, such as backend.example.com; "+
			"API Gateway would fail with \"Host name '…' does not match the certificate subject provided by the peer\"")
		return
	}
	c.text("hostName", s.HostName, domainName)
}

func (s *HttpsBackendSettings) checkSimulated(c checks) {
	if s.Port != 443 && !c.Any(c.at("port")) {
		c.Add(c.at("port"), s.Port, "want 443, which the simulated load balancer listens on")
	}
	if s.PrivateCa != "" && s.Simulated.CreateCertificate {
		c.Add(c.at("privateCa"), s.PrivateCa, "want none: the certificate that simulated.createCertificate makes is of a public CA, which API Gateway knows")
	}
	s.Simulated.check(checks{c.Problems, simulatedKey + "."})
}

func (s *SimulatedSettings) check(c checks) {
	s.Network.check(simulatedNetwork, c.Problems)
	s.LaunchSettings.checkWayOut(&s.Network, checks{c.Problems, simulatedNetwork.key + "."})
	s.CertificateSettings.check(c, false)
	s.LaunchSettings.check(c)
}

// resolve asks AWS for what the settings refer to, and returns the simulated
// network, if there is one, as NetworkSettings.resolve does. It refuses
// addresses that AWS would not take for targets of a load balancer in the
// network in.
func (s *HttpsBackendSettings) resolve(ctx *pulumi.Context, environment *components.Environment, in *components.Network, problems *settings.Problems) *components.Network {
	checkTargets(s.Ipv4Addresses, in, checks{problems, backendKey + "."})
	if s.Simulated == nil {
		return nil
	}
	c := checks{problems, simulatedKey + "."}
	s.Simulated.CertificateSettings.resolve(ctx, environment, c, named{backendKey + ".hostName", s.HostName})
	network := s.Simulated.Network.resolve(ctx, simulatedNetwork, environment.Region, nil, problems)
	checkApart(in, network, simulatedNetwork, problems)
	return network
}

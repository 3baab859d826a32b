package blueprints

import (
	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// resolvedVpclinkHttpsBackend is configuration that has been checked, and what
// AWS says about it.
type resolvedVpclinkHttpsBackend struct {
	*config.VpclinkHttpsBackend
	network   *components.Network // The load balancer's, as it is or, without IDs, as it will be.
	simulated *components.Network // The simulated data center's; nil for addresses that exist.
}

// vpclinkHttpsBackend asks AWS for what the settings name. The error is AWS not
// answering at all.
func (l *lookup) vpclinkHttpsBackend(s *config.VpclinkHttpsBackend) (*resolvedVpclinkHttpsBackend, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	peered := s.Backend.Simulated != nil // The stack adds routes between the two networks.
	args := &resolvedVpclinkHttpsBackend{VpclinkHttpsBackend: s}
	args.network = l.network(l.section("network"), &s.Network, networkUse{peered: peered})
	checkTargetAddresses(l.section("backend"), s.Backend.Ipv4Addresses, args.network)
	if simulated := s.Backend.Simulated; simulated != nil {
		c := l.section("backend", "simulated")
		name := certificateName{l.section("backend"), "hostName", s.Backend.HostName}
		l.checkCertificate(c, &simulated.Certificate, name)
		args.simulated = l.network(c.Group("network"), &simulated.Network, networkUse{peered: peered})
		checkApart(c.Group("network"), args.simulated, args.network, l.section().At("network"))
	}
	return args, nil
}

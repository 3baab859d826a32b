package blueprints

import (
	"net/netip"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// resolvedVpclinkHttpsBackend holds the checked configuration of the blueprint,
// and what AWS says about it.
type resolvedVpclinkHttpsBackend struct {
	*config.VpclinkHttpsBackend
	network   *components.Network // The load balancer's network. Has no IDs if the stack creates it.
	simulated *components.Network // The simulated data center's network; nil if the server exists.
}

// vpclinkHttpsBackend asks AWS about the resources that the settings name. It
// returns an error only if AWS does not answer.
func (l *lookup) vpclinkHttpsBackend(s *config.VpclinkHttpsBackend) (*resolvedVpclinkHttpsBackend, error) {
	if err := l.open(); err != nil {
		return nil, err
	}
	l.checkStage(l.section("api"), &s.Api.Stage)
	l.checkAuthorizer(l.section("api", "authorizer"), &s.Api.Stage)
	proxy := builder{environment: l.environment}.proxyOf(&s.Api.Stage, nil)
	l.warnOfLongPolicy(l.section("api").Path(), proxy.PublicPolicySize(l.environment))
	if s.Alarms != nil {
		l.checkTopic(l.section("alarms"), &s.Alarms.AlarmTopic)
	}
	peered := s.Backend.Simulated != nil // The stack adds routes between the two networks.
	args := &resolvedVpclinkHttpsBackend{VpclinkHttpsBackend: s}
	name := l.prefix(linkPrefix)
	use := networkUse{
		name: name, balancer: name, front: config.Private, peered: peered,
		addresses: addressNeeds{config.Private: nodeSpace},
	}
	args.network = l.network(l.section("network"), &s.Network, use)
	checkTargetAddresses(l.section("backend"), s.Backend.Ipv4Addresses, args.network)
	if s.Backend.VpcClients {
		l.checkPrivateZone(l.section("backend"), &s.Backend.PrivateZone, s.Backend.HostName, &s.Network)
	}
	if simulated := s.Backend.Simulated; simulated != nil {
		c := l.section("backend", "simulated")
		host := certificateName{l.section("backend"), "hostName", s.Backend.HostName}
		l.checkLaunch(c, &simulated.Launch)
		l.checkCertificate(c, &simulated.Certificate, host)
		use.addresses = addressNeeds{config.Private: nodeSpace + launchNeeds(&simulated.Launch)}
		use.name, use.balancer = name+simulatedPart, ""
		args.simulated = l.network(c.Group("network"), &simulated.Network, use)
		checkApart(c.Group("network"), args.simulated, args.network, l.section().At("network"))
	}
	return args, nil
}

// vpcClients returns the ranges of clients in the VPC that may connect to the load
// balancer past the API.
func (args *resolvedVpclinkHttpsBackend) vpcClients(network *components.Network) []netip.Prefix {
	if !args.Backend.VpcClients {
		return nil
	}
	return network.CidrBlocks
}

package blueprints

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// resolvedService holds the checked settings of an endpoint service, and what
// AWS says about its network and targets.
type resolvedService struct {
	*config.Service
	network *components.Network // Has no IDs if the stack creates it.
	zoneIds []string            // The IDs of the load balancer's zones, which are the same in every account.
	targets *components.Targets // Nil if the stack launches them.
}

// service asks AWS about the resources that the settings of a service name. It
// returns an error only if AWS does not answer.
func (l *lookup) service(s *config.Service) (*resolvedService, error) {
	space := nodeSpace
	if s.Targets.Launch != nil {
		space += launchNeeds(s.Targets.Launch)
	}
	name := l.prefix(h2Prefix)
	network := l.network(l.section("service", "network"), &s.Network,
		networkUse{
			name: name, balancer: name, front: config.Private, addresses: addressNeeds{config.Private: space},
		})
	ids, err := components.LookupZoneIds(l.ctx, l.options...)
	if err != nil {
		return nil, err
	}
	found := &resolvedService{Service: s, network: network}
	for _, zone := range components.AvailabilityZones(network.Private) {
		found.zoneIds = append(found.zoneIds, ids[zone])
	}
	l.checkDomain(l.section("service", "domain"), &s.Domain.Domain)
	l.checkAccessLogs(l.section("service", "front", "accessLogs"), &s.Front.AccessLogs)
	if s.Alarms != nil {
		l.checkTopic(l.section("service", "alarms"), &s.Alarms.AlarmTopic)
	}
	if s.Targets.Launch != nil {
		l.checkLaunch(l.section("service", "targets", "launch"), s.Targets.Launch)
	}
	targets := existingTargets{
		lookup: l, Section: l.section("service", "targets"), Targets: &s.Targets,
		network: network, crossZone: s.Front.CrossZone,
	}
	found.targets = targets.find()
	return found, nil
}

// seenBy returns the service as a consumer sees it. The consumer's account may
// have other names for its zones.
func (s *resolvedService) seenBy(consumer *lookup) (*components.ServiceDetail, error) {
	ids, err := components.LookupZoneIds(consumer.ctx, consumer.options...)
	if err != nil {
		return nil, err
	}
	detail := &components.ServiceDetail{Name: consumer.section("service").Path()}
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		if slices.Contains(s.zoneIds, ids[name]) {
			detail.AvailabilityZones = append(detail.AvailabilityZones, name)
		}
	}
	return detail, nil
}

// offeredService is an endpoint service that the stack offers.
type offeredService struct {
	*components.EndpointService
	balancer *components.NetworkLoadBalancer
	targets  []components.Target
}

// newService registers an endpoint service with everything behind it.
func (b builder) newService(s *resolvedService) (*offeredService, error) {
	network, err := b.newNetwork(&s.Network, s.network)
	if err != nil {
		return nil, err
	}
	balancer, err := b.newServiceBalancer(s, network)
	if err != nil {
		return nil, err
	}
	targets := s.targets
	if targets == nil {
		if targets, err = b.part("-web").newServers(s, network, balancer); err != nil {
			return nil, err
		}
	}
	listener, err := b.newServiceListener(s, balancer, targets)
	if err != nil {
		return nil, err
	}
	service, err := components.NewEndpointService(b.ctx, b.name, &components.EndpointServiceArgs{
		Listener:           listener,
		PrivateDnsName:     s.Domain.Name,
		PublicZoneId:       s.Domain.PublicZoneId,
		ZoneProvider:       b.zoneProvider,
		Verified:           s.Domain.Verified,
		AllowedPrincipals:  s.AllowedPrincipals,
		AcceptanceRequired: s.AcceptanceRequired,
	}, b.child)
	offered := &offeredService{service, balancer, targets.List}
	if err != nil || s.Alarms == nil {
		return offered, err
	}
	return offered, b.newAlarms(&s.Alarms.AlarmTopic, &components.AlarmsArgs{
		Listener: alarmedTls(&s.Alarms.LoadBalancerAlarms, &s.Alarms.TlsAlarms, listener.Metrics),
	})
}

// newServiceBalancer registers the load balancer and the bucket for its logs.
func (b builder) newServiceBalancer(
	s *resolvedService, network *components.Network,
) (*components.NetworkLoadBalancer, error) {
	logs, err := b.newAccessLogs(&s.Front.AccessLogs)
	if err != nil {
		return nil, err
	}
	return components.NewNetworkLoadBalancer(b.ctx, b.name, &components.NetworkLoadBalancerArgs{
		VpcId:              network.VpcId,
		Nodes:              components.NodesIn(network.Private),
		Internal:           true,
		PrivateLink:        true,
		Consumers:          components.RangePeers(s.Front.AllowedCidrs),
		AccessLogBucket:    logs.Name,
		CrossZone:          s.Front.CrossZone,
		DeletionProtection: s.Front.DeletionProtection,
	}, b.child)
}

// newServiceListener registers the listener and its certificate.
func (b builder) newServiceListener(
	s *resolvedService, balancer *components.NetworkLoadBalancer, targets *components.Targets,
) (*components.Listener, error) {
	certificate, err := b.newCertificate(&s.Domain.Certificate, s.Domain.Name)
	if err != nil {
		return nil, err
	}
	return components.NewListener(b.ctx, b.name, &components.ListenerArgs{
		LoadBalancer: balancer,
		Tls: &components.ListenerTls{
			CertificateArn: certificate,
			SslPolicy:      s.Front.SslPolicy,
			AlpnPolicy:     components.AlpnPolicy(s.Front.AlpnPolicy),
		},
		Targets: *targets,
	}, b.child)
}

// newServers registers web servers, and returns them as targets.
func (b builder) newServers(
	s *resolvedService, network *components.Network, balancer *components.NetworkLoadBalancer,
) (*components.Targets, error) {
	gate, err := b.gateOf(s.Targets.Launch, "")
	if err != nil {
		return nil, err
	}
	servers, err := components.NewWebServers(b.ctx, b.name, &components.WebServersArgs{
		VpcId:         network.VpcId,
		Subnets:       network.Private,
		ServerName:    s.Domain.Name,
		InstanceType:  s.Targets.Launch.InstanceType,
		ProxyProtocol: s.Targets.ProxyProtocol,
		Clients:       []components.Peer{{Name: "nlb", SecurityGroupId: balancer.SecurityGroupId}},
		Gate:          gate,

		S3PrefixListId:   network.S3PrefixListId,
		SessionPartition: b.sessionPartition(s.Targets.Launch),
	}, b.child)
	if err != nil {
		return nil, err
	}
	return &components.Targets{
		Type: components.TargetInstance, Port: s.Targets.Port, ProxyProtocol: s.Targets.ProxyProtocol,
		List: servers.Targets, Peers: []components.Peer{{Name: "web", SecurityGroupId: servers.SecurityGroupId}},
		DependsOn: servers.Serve,
	}, nil
}

// forConsumers returns what consumers must know to use the service.
func (s *resolvedService) forConsumers(serviceName pulumi.StringInput) pulumi.Map {
	return pulumi.Map{
		"serviceName":         serviceName,
		"privateDnsName":      pulumi.String(s.Domain.Name),
		"acceptanceRequired":  pulumi.Bool(s.AcceptanceRequired),
		"availabilityZoneIds": pulumi.ToStringArray(s.zoneIds),
	}
}

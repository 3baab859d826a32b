package blueprints

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// vpclinkHttpsBackend is a REST API on the internet that passes every request
// to an HTTPS server in a private network, encrypted all the way:
//
//	client ── {api}.execute-api…, internet ──▶ regional REST API
//	                                             │ HTTP_PROXY https://{hostName}/…, certificate checked
//	                                           VPC link
//	                                             │ PrivateLink
//	VPC, if asked for ── private DNS ────────▶ internal NLB (TCP 443, TLS passes through)
//	                                             │ Direct Connect, VPN or peering; the targets only
//	                                           HTTPS server with a certificate for {hostName}
//
// The server exists at configured addresses, or the stack simulates it: an
// Application Load Balancer in a second, peered VPC, with web servers behind it.
type vpclinkHttpsBackend struct {
	pulumi.ResourceState

	network *components.Network
	targets components.Targets
	ready   []pulumi.Resource // What must exist before requests arrive.
	link    *components.VpcLink
	api     *components.RegionalRestApi
	url     pulumi.StringOutput
	// sessions has commands that start sessions on the simulated servers.
	sessions pulumi.StringArray
	curl     pulumi.StringOutput // A command that calls the API.
}

// deployVpclinkHttpsBackend looks up what the settings name, registers the
// blueprint and exports its outputs.
func deployVpclinkHttpsBackend(l *lookup, s *config.VpclinkHttpsBackend) error {
	args, err := l.vpclinkHttpsBackend(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newVpclinkHttpsBackend(l, l.prefix(linkPrefix), args)
	if err != nil {
		return err
	}
	l.outputs.export("url", bp.url)
	l.outputs.export("curl", bp.curl)
	l.outputs.export("loadBalancerDnsName", bp.link.DnsName)
	l.outputs.export("vpcLinkId", bp.link.Id)
	l.outputs.export("apiId", bp.api.ApiId)
	l.outputs.export("accessLogGroups", pulumi.StringArray{bp.api.AccessLogGroup})
	l.outputs.export("queries", insightsQueries())
	if args.simulated != nil {
		addresses := pulumi.StringArray{}
		for _, target := range bp.targets.List {
			addresses = append(addresses, target.Id)
		}
		l.outputs.export("simulatedAddresses", addresses)
	}
	if len(bp.sessions) > 0 {
		l.outputs.export("startSession", bp.sessions)
	}
	return nil
}

// newVpclinkHttpsBackend registers the blueprint. name is the prefix of
// resource names.
func newVpclinkHttpsBackend(l *lookup, name string, args *resolvedVpclinkHttpsBackend) (*vpclinkHttpsBackend, error) {
	bp := &vpclinkHttpsBackend{}
	promises := inputOf(args.promises(l.environment, name))
	inputs := pulumi.Map{
		"hostName":  pulumi.String(args.Backend.HostName),
		"privateCa": pulumi.String(args.Backend.PrivateCa),
		"promises":  promises,
	}
	b, err := newBuilder(l, typeToken("VpclinkHttpsBackend"), name, inputs, bp)
	if err != nil {
		return nil, err
	}
	err = runSteps(b, args, bp.registerNetwork, bp.registerTargets, bp.registerLink,
		bp.registerApi, bp.registerName, bp.registerCaller, bp.registerAlarms)
	if err != nil {
		return nil, err
	}
	return bp, l.ctx.RegisterResourceOutputs(bp, pulumi.Map{"url": bp.url, "curl": bp.curl, "promises": promises})
}

// registerNetwork registers the network of the load balancer.
func (bp *vpclinkHttpsBackend) registerNetwork(b builder, args *resolvedVpclinkHttpsBackend) (err error) {
	bp.network, err = b.newNetwork(&args.Network, args.network)
	return err
}

// registerTargets fills in the targets of the VPC link. It registers the
// simulated backend if the settings have one.
func (bp *vpclinkHttpsBackend) registerTargets(b builder, args *resolvedVpclinkHttpsBackend) error {
	s := args.Backend.Simulated
	if s == nil {
		bp.targets = components.AddressTargets(args.Backend.Ipv4Addresses, args.Backend.Port, bp.network.CidrBlocks)
		return nil
	}
	remote, err := b.part(simulatedPart).newNetwork(&s.Network, args.simulated)
	if err != nil {
		return err
	}
	peering, err := b.newPeering(
		components.PeeringSide{Network: bp.network, Subnets: bp.network.Private},
		components.PeeringSide{Network: remote, Subnets: remote.Private},
	)
	if err != nil {
		return err
	}
	server, err := bp.newServer(b.part("-simulated"), args, remote)
	if err != nil {
		return err
	}
	bp.targets, bp.ready = server.Targets, []pulumi.Resource{peering, server}
	return nil
}

// newServer registers the load balancer and the web servers that simulate a
// server in a data center.
func (bp *vpclinkHttpsBackend) newServer(
	b builder, args *resolvedVpclinkHttpsBackend, remote *components.Network,
) (*components.SimulatedHttpsBackend, error) {
	s, hostName := args.Backend.Simulated, args.Backend.HostName
	certificate, err := b.newCertificate(&s.Certificate, hostName)
	if err != nil {
		return nil, err
	}
	gate, err := b.gateOf(&s.Launch, args.Api.LogKmsKeyArn)
	if err != nil {
		return nil, err
	}
	server, err := components.NewSimulatedHttpsBackend(b.ctx, b.name, &components.SimulatedHttpsBackendArgs{
		VpcId:          remote.VpcId,
		Subnets:        remote.Private,
		ServerName:     hostName,
		InstanceType:   s.InstanceType,
		Clients:        components.RangePeers(rangesOf(bp.network.Private)),
		CertificateArn: certificate,
		SslPolicy:      config.DefaultSslPolicy,
		Gate:           gate,

		S3PrefixListId:   remote.S3PrefixListId,
		SessionPartition: b.sessionPartition(&s.Launch),
	}, b.child)
	if err == nil && s.SessionManager {
		bp.sessions = b.sessions(server.Servers)
	}
	return server, err
}

// rangesOf returns the ranges of subnets. A load balancer's connections come
// from them, because it does not preserve its clients' addresses.
func rangesOf(subnets []components.Subnet) []netip.Prefix {
	ranges := make([]netip.Prefix, len(subnets))
	for i, subnet := range subnets {
		ranges[i] = subnet.CidrBlock
	}
	return ranges
}

// registerLink registers the VPC link with its load balancer. The VPC link itself
// needs no rule.
func (bp *vpclinkHttpsBackend) registerLink(b builder, args *resolvedVpclinkHttpsBackend) (err error) {
	bp.link, err = components.NewVpcLink(b.ctx, b.name, &components.VpcLinkArgs{
		VpcId:              bp.network.VpcId,
		Subnets:            bp.network.Private,
		Targets:            bp.targets,
		Clients:            components.RangePeers(args.vpcClients(bp.network)),
		CrossZone:          args.Front.CrossZone,
		DeletionProtection: args.Front.DeletionProtection,
	}, b.child)
	return err
}

// registerApi registers the API with its stage.
func (bp *vpclinkHttpsBackend) registerApi(b builder, args *resolvedVpclinkHttpsBackend) error {
	logRole, err := b.newLogRole(&args.Api.LogRole)
	if err != nil {
		return err
	}
	bp.api, err = components.NewRegionalRestApi(b.ctx, b.name, &components.RegionalRestApiArgs{
		RoutesArgs: b.proxyOf(&args.Api.Stage, bp.backend(args)),
		Stage:      stageOf(&args.Api.Stage, logRole),
	}, b.child)
	return err
}

// backend returns what the API passes requests on to.
func (bp *vpclinkHttpsBackend) backend(args *resolvedVpclinkHttpsBackend) *components.HttpsBackend {
	return &components.HttpsBackend{
		Link:                bp.link,
		HostName:            args.Backend.HostName,
		TimeoutMilliseconds: args.Backend.TimeoutMilliseconds,
		PrivateCa:           args.Backend.PrivateCa != "",
		DependsOn:           bp.ready,
	}
}

// registerName registers the private name that leads clients in the VPC to the
// load balancer, if the settings ask for it.
func (bp *vpclinkHttpsBackend) registerName(b builder, args *resolvedVpclinkHttpsBackend) error {
	if !args.Backend.VpcClients {
		return nil
	}
	_, err := components.NewPrivateAlias(b.ctx, b.name+"-dns", &components.PrivateAliasArgs{
		DomainName:  args.Backend.HostName,
		Zone:        b.vpcZone(&args.Backend.PrivateZone, bp.network.VpcId),
		Target:      components.AliasTarget{DnsName: bp.link.DnsName, HostedZoneId: bp.link.HostedZoneId},
		RecordTypes: []components.RecordType{components.RecordA},
		DependsOn:   []pulumi.Resource{bp.link},
	}, b.child)
	return err
}

// registerCaller fills in the URL and the command that calls it. It registers
// an API key if callers need one.
func (bp *vpclinkHttpsBackend) registerCaller(b builder, args *resolvedVpclinkHttpsBackend) error {
	route := args.Api.Route(components.ProxyPath, "GET")
	caller, err := b.newCaller(&args.Api.Stage, bp.api.ApiId, bp.api.StageName, route)
	if err != nil {
		return err
	}
	bp.url = pulumi.Sprintf("%s/", bp.api.InvokeUrl)
	bp.curl = caller.curl(route, bp.url)
	return nil
}

// registerAlarms registers the alarms, if the settings ask for them.
func (bp *vpclinkHttpsBackend) registerAlarms(b builder, args *resolvedVpclinkHttpsBackend) error {
	s := args.Alarms
	if s == nil {
		return nil
	}
	return b.newAlarms(&s.AlarmTopic, &components.AlarmsArgs{
		Stages:   []components.AlarmedStage{alarmedStage(&s.ApiAlarms, "", bp.api.Metrics)},
		Listener: &components.AlarmedListener{Metrics: bp.link.Metrics, BlockedFlows: s.BlockedFlows},
	})
}

package blueprints

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
)

// VpclinkHttpsBackendArgs is configuration that has been checked, and what AWS
// answered about it.
type VpclinkHttpsBackendArgs struct {
	Settings    VpclinkHttpsBackendSettings
	Environment components.Environment
	Network     *components.Network // The load balancer's, as it is or, without ids, as it will be.
	Simulated   *components.Network // The same of the simulated one; nil for addresses that exist.
}

// VpclinkHttpsBackend is a REST API on the internet that hands every request to
// an HTTPS server in a private network, encrypted on the whole way:
//
//	client ── {api}.execute-api…, internet ──▶ regional REST API
//	                                             │ HTTP_PROXY https://{hostName}/…, certificate checked
//	                                           VPC link
//	                                             │ PrivateLink
//	VPC ── private DNS: {hostName} ──────────▶ internal NLB (TCP 443, TLS passes through)
//	                                             │ Direct Connect, VPN or peering; the targets only
//	                                           HTTPS server with a certificate for {hostName}
//
// The server is at addresses that exist, or simulated: an Application Load
// Balancer in a second, peered VPC, with web servers behind it.
//
// The README says what it costs, and which rules of the policy pack guard it.
type VpclinkHttpsBackend struct {
	pulumi.ResourceState

	Url                 pulumi.StringOutput
	Curl                pulumi.StringOutput // A command that calls the API.
	LoadBalancerDnsName pulumi.StringOutput
	VpcLinkId           pulumi.StringOutput
	ApiId               pulumi.StringOutput
	SimulatedAddresses  pulumi.StringArray // The simulated server's, one per zone; nil without one.
}

const vpclinkHttpsBackendType = "private-api-blueprints:blueprints:VpclinkHttpsBackend"

// NewVpclinkHttpsBackend registers the blueprint. Physical names begin with
// name.
func NewVpclinkHttpsBackend(ctx *pulumi.Context, name string, args *VpclinkHttpsBackendArgs, opts ...pulumi.ResourceOption) (*VpclinkHttpsBackend, error) {
	bp := &VpclinkHttpsBackend{}
	s := &args.Settings
	inputs := pulumi.Map{"hostName": pulumi.String(s.Backend.HostName), "privateCa": pulumi.String(s.Backend.PrivateCa)}
	if err := ctx.RegisterComponentResourceV2(vpclinkHttpsBackendType, name, inputs, bp, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(bp)
	network, err := s.Network.register(ctx, name, args.Network, child)
	if err != nil {
		return nil, err
	}
	targets, ready, err := args.newTargets(ctx, name, network, child)
	if err != nil {
		return nil, err
	}
	link, err := components.NewVpcLink(ctx, name, args.link(network, targets), child)
	if err != nil {
		return nil, err
	}
	api, err := args.newApi(ctx, name, link, ready, child)
	if err != nil {
		return nil, err
	}
	if _, err := components.NewPrivateAlias(ctx, name+"-dns", &components.PrivateAliasArgs{
		DomainName:  s.Backend.HostName,
		VpcId:       network.VpcId,
		Target:      components.AliasTarget{DnsName: link.DnsName, HostedZoneId: link.HostedZoneId},
		RecordTypes: []components.RecordType{components.RecordA},
		DependsOn:   []pulumi.Resource{link},
	}, child); err != nil {
		return nil, err
	}
	key, err := s.Api.registerKey(ctx, name, api.ApiId, api.StageName, child)
	if err != nil {
		return nil, err
	}
	if args.Simulated != nil {
		for _, target := range targets.List {
			bp.SimulatedAddresses = append(bp.SimulatedAddresses, target.Id)
		}
	}
	bp.LoadBalancerDnsName, bp.VpcLinkId, bp.ApiId = link.DnsName, link.Id, api.ApiId
	bp.Url = pulumi.Sprintf("%s/", api.InvokeUrl)
	bp.Curl = s.Api.curl("", bp.Url, args.Environment.Region, key)
	return bp, ctx.RegisterResourceOutputs(bp, pulumi.Map{"url": bp.Url, "curl": bp.Curl})
}

// link returns the arguments of the link. Its load balancer also admits clients
// in the VPC, who use it through the private name.
func (args *VpclinkHttpsBackendArgs) link(network *components.Network, targets components.Targets) *components.VpcLinkArgs {
	return &components.VpcLinkArgs{
		VpcId:              network.VpcId,
		Subnets:            network.Private,
		Targets:            targets,
		Clients:            components.RangePeers(network.CidrBlocks),
		CrossZone:          args.Settings.Front.CrossZone,
		DeletionProtection: args.Settings.Front.DeletionProtection,
	}
}

// newTargets returns the server's addresses, and registers what it takes to
// simulate one. Requests are not to arrive before what else it returns is there.
func (args *VpclinkHttpsBackendArgs) newTargets(ctx *pulumi.Context, name string, network *components.Network, child pulumi.ResourceOption) (components.Targets, []pulumi.Resource, error) {
	backend := &args.Settings.Backend
	if backend.Simulated == nil {
		return components.AddressTargets(backend.Ipv4Addresses, backend.Port, network.CidrBlocks), nil, nil
	}
	none := components.Targets{}
	remote, err := backend.Simulated.Network.register(ctx, name+"-simulated", args.Simulated, child)
	if err != nil {
		return none, nil, err
	}
	peering, err := components.NewPeering(ctx, name, &components.PeeringArgs{
		Requester: components.PeeringSide{Network: network, Subnets: network.Private},
		Accepter:  components.PeeringSide{Network: remote, Subnets: remote.Private},
	}, child)
	if err != nil {
		return none, nil, err
	}
	certificate, err := backend.Simulated.certificateOf(ctx, name+"-simulated", backend.HostName, child)
	if err != nil {
		return none, nil, err
	}
	server, err := components.NewSimulatedHttpsBackend(ctx, name+"-simulated", &components.SimulatedHttpsBackendArgs{
		VpcId:          remote.VpcId,
		Subnets:        remote.Private,
		ServerName:     backend.HostName,
		InstanceType:   backend.Simulated.InstanceType,
		Clients:        components.RangePeers(rangesOf(network.Private)),
		CertificateArn: certificate,
		SslPolicy:      defaultSslPolicy,
	}, child)
	if err != nil {
		return none, nil, err
	}
	return server.Targets, []pulumi.Resource{peering, server}, nil
}

// rangesOf are the ranges of subnets: what a load balancer's connections come
// from, since it does not preserve its clients' addresses.
func rangesOf(subnets []components.Subnet) []netip.Prefix {
	ranges := make([]netip.Prefix, len(subnets))
	for i, subnet := range subnets {
		ranges[i] = subnet.CidrBlock
	}
	return ranges
}

// newApi registers the API and what it logs with.
func (args *VpclinkHttpsBackendArgs) newApi(ctx *pulumi.Context, name string, link *components.VpcLink, ready []pulumi.Resource, child pulumi.ResourceOption) (*components.RegionalRestApi, error) {
	s := &args.Settings
	stage, err := s.Api.stage(ctx, args.Environment.Partition)
	if err != nil {
		return nil, err
	}
	return components.NewRegionalRestApi(ctx, name, &components.RegionalRestApiArgs{
		Route: s.Api.route(components.ProxyPath, "ANY"),
		Backend: &components.HttpsBackend{
			Link:                link,
			HostName:            s.Backend.HostName,
			TimeoutMilliseconds: s.Backend.TimeoutMilliseconds,
			PrivateCa:           s.Backend.PrivateCa != "",
			DependsOn:           ready,
		},
		Stage: stage,
	}, child)
}

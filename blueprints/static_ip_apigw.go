package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
)

// StaticIpApigwArgs is configuration that has been checked, and what AWS
// answered about it.
type StaticIpApigwArgs struct {
	Settings StaticIpApigwSettings
	Place
}

// StaticIpApigw is a private REST API that the internet reaches at fixed IPv4
// addresses, and the VPC by the same name at the endpoint itself:
//
//	client ── public DNS: A ──▶ Elastic IP per zone
//	                              │ 443, allowed ranges only
//	                            NLB (TLS, ALPN None, access logs)
//	                              │ TLS 443, its security group only
//	VPC ── private DNS: A ────▶ execute-api endpoint (pinned IPv4 per zone)
//	                              │ Host: the custom domain
//	                            private REST API (aws:SourceVpc) ──▶ hello
//
// A client resolves the name in the public zone to the Elastic IPs, passes the
// load balancer's security group, and finds the API by its Host header.
//
// The README says what it costs, and which rules of the policy pack guard it.
type StaticIpApigw struct {
	pulumi.ResourceState

	Url                 pulumi.StringOutput
	Curl                pulumi.StringOutput // A command that calls the API.
	StaticAddresses     pulumi.StringArrayOutput
	LoadBalancerDnsName pulumi.StringOutput
	EndpointId          pulumi.StringOutput
	ApiId               pulumi.StringOutput
}

const staticIpApigwType = "private-api-blueprints:blueprints:StaticIpApigw"

// NewStaticIpApigw registers the blueprint. Physical names begin with name.
func NewStaticIpApigw(ctx *pulumi.Context, name string, args *StaticIpApigwArgs, opts ...pulumi.ResourceOption) (*StaticIpApigw, error) {
	bp := &StaticIpApigw{}
	s := &args.Settings
	inputs := pulumi.Map{"domainName": pulumi.String(s.Domain.Name), "endpointType": pulumi.String(s.Domain.EndpointType)}
	if err := ctx.RegisterComponentResourceV2(staticIpApigwType, name, inputs, bp, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(bp)
	network, endpoint, err := args.register(ctx, name, &s.Network, &s.Endpoint, child)
	if err != nil {
		return nil, err
	}
	function, err := s.Function.register(ctx, name+"-hello", args.Environment.Partition, nil, child)
	if err != nil {
		return nil, err
	}
	api, err := args.newPrivateApi(ctx, name, &s.Api, network, endpoint, function, child)
	if err != nil {
		return nil, err
	}
	certificate, err := s.Domain.certificate(ctx, name, child)
	if err != nil {
		return nil, err
	}
	domain, err := s.Domain.register(ctx, name, &components.CustomDomainArgs{
		Environment: args.Environment, DomainName: s.Domain.Name, CertificateArn: certificate, RestApiId: api.ApiId, StageName: api.StageName,
	}, endpoint, child)
	if err != nil {
		return nil, err
	}
	addresses, err := components.NewStaticAddresses(ctx, name, &components.StaticAddressesArgs{AvailabilityZones: components.AvailabilityZones(network.Public)}, child)
	if err != nil {
		return nil, err
	}
	front, err := args.newFront(ctx, name, network, endpoint, addresses, certificate, child)
	if err != nil {
		return nil, err
	}
	if _, err := components.NewSplitHorizon(ctx, name+"-dns", &components.SplitHorizonArgs{
		DomainName:   s.Domain.Name,
		PublicZoneId: s.Domain.PublicZoneId,
		VpcId:        network.VpcId,
		Public:       components.AliasTarget{DnsName: front.DnsName, HostedZoneId: front.HostedZoneId},
		Private:      components.AliasTarget{DnsName: endpoint.DnsName, HostedZoneId: endpoint.HostedZoneId},
		DependsOn:    []pulumi.Resource{front, domain},
	}, child); err != nil {
		return nil, err
	}
	key, err := s.Api.registerKey(ctx, name, api.ApiId, api.StageName, child)
	if err != nil {
		return nil, err
	}
	bp.StaticAddresses = addresses.PublicIps
	bp.LoadBalancerDnsName = front.DnsName
	bp.EndpointId, bp.ApiId = endpoint.EndpointId, api.ApiId
	bp.Url = pulumi.Sprintf("https://%s/%s", s.Domain.Name, s.Api.Path)
	bp.Curl = s.Api.curl(bp.Url, args.Environment.Region, key)
	return bp, ctx.RegisterResourceOutputs(bp, pulumi.Map{"url": bp.Url, "curl": bp.Curl, "staticAddresses": bp.StaticAddresses})
}

// newFront registers the load balancer and the bucket of its logs.
func (args *StaticIpApigwArgs) newFront(ctx *pulumi.Context, name string, network *components.Network, endpoint *components.ExecuteApiEndpoint, addresses *components.StaticAddresses, certificate pulumi.StringInput, child pulumi.ResourceOption) (*components.EndpointFront, error) {
	s := &args.Settings.Front
	logs, err := s.newLogs(ctx, name, args.Environment, child)
	if err != nil {
		return nil, err
	}
	nodes := make([]components.Node, len(network.Public))
	for i, subnet := range network.Public {
		nodes[i] = components.Node{Subnet: subnet, AllocationId: addresses.AllocationIds[i]}
	}
	return components.NewEndpointFront(ctx, name, &components.EndpointFrontArgs{
		LoadBalancer: components.NetworkLoadBalancerArgs{
			VpcId:              network.VpcId,
			Nodes:              nodes,
			Clients:            components.RangePeers(s.AllowedCidrs),
			AccessLogBucket:    logs.Name,
			CrossZone:          s.CrossZone,
			DeletionProtection: s.DeletionProtection,
		},
		Endpoint:       endpoint,
		CertificateArn: certificate,
		SslPolicy:      s.SslPolicy,
	}, child)
}

package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// staticIpApigw is a private REST API. Clients on the internet reach it at fixed
// IPv4 addresses. Clients in the VPC use the same name, which leads them to the
// endpoint itself:
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
type staticIpApigw struct {
	pulumi.ResourceState

	network     *components.Network
	endpoint    *components.ExecuteApiEndpoint
	apis        *stackApis
	certificate pulumi.StringInput // The certificate's ARN.
	domains     *customDomains
	addresses   *components.StaticAddresses
	front       *components.EndpointFront
	url         pulumi.StringOutput
	curls       pulumi.StringArray // Commands that call the APIs, one for each route at each name and path.
}

// deployStaticIpApigw looks up what the settings name, registers the blueprint
// and exports its outputs.
func deployStaticIpApigw(l *lookup, s *config.StaticIpApigw) error {
	args, err := l.staticIpApigw(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newStaticIpApigw(l, l.prefix(staticIpPrefix), args)
	if err != nil {
		return err
	}
	if args.Domain.EndpointType == "private" {
		l.warn(privateDomainAdvice)
		l.outputs.export("advice", pulumi.String(privateDomainAdvice))
	}
	l.outputs.export("url", bp.url)
	l.outputs.export("staticAddresses", bp.addresses.PublicIps)
	l.outputs.export("curl", bp.curls[0])
	if len(bp.curls) > 1 {
		l.outputs.export("curlRoutes", bp.curls)
	}
	if records := missingRecords(&args.Domain.FrontDomain, bp.front); len(records) > 0 {
		l.outputs.export("dnsRecords", records)
	}
	l.outputs.export("loadBalancerDnsName", bp.front.DnsName)
	l.outputs.export("endpointId", bp.endpoint.EndpointId)
	l.outputs.export("apiId", bp.apis.first().ApiId)
	if len(args.Apis) > 0 {
		l.outputs.export("apiIds", bp.apis.ids())
	}
	if groups := bp.apis.accessLogGroups(); len(groups) > 0 {
		l.outputs.export("accessLogGroups", groups)
		l.outputs.export("queries", insightsQueries())
	}
	if len(bp.apis.allowInvoke) > 0 {
		l.outputs.export("allowInvoke", bp.apis.allowInvoke)
	}
	return nil
}

// newStaticIpApigw registers the blueprint. name is the prefix of resource
// names.
func newStaticIpApigw(l *lookup, name string, args *resolvedStaticIpApigw) (*staticIpApigw, error) {
	bp := &staticIpApigw{}
	promises := inputOf(args.promises(l.environment, name))
	inputs := pulumi.Map{
		"domainName":   pulumi.String(args.Domain.Name),
		"endpointType": pulumi.String(args.Domain.EndpointType),
		"promises":     promises,
	}
	b, err := newBuilder(l, typeToken("StaticIpApigw"), name, inputs, bp)
	if err != nil {
		return nil, err
	}
	err = runSteps(b, args,
		bp.registerApis, bp.registerDomains, bp.registerFront, bp.registerNames, bp.registerCaller,
		bp.registerAlarms)
	if err != nil {
		return nil, err
	}
	outputs := pulumi.Map{
		"url": bp.url, "curl": bp.curls[0], "staticAddresses": bp.addresses.PublicIps, "promises": promises,
	}
	return bp, l.ctx.RegisterResourceOutputs(bp, outputs)
}

// registerApis registers the network, the endpoint, the APIs and their functions.
func (bp *staticIpApigw) registerApis(b builder, args *resolvedStaticIpApigw) (err error) {
	if bp.network, err = b.newNetwork(&args.Network, args.place.network); err != nil {
		return err
	}
	if bp.endpoint, err = b.newEndpoint(&args.Endpoint, args.place, bp.network); err != nil {
		return err
	}
	bp.apis, err = b.newPrivateApis(privateApis{
		apis: args.AllApis(), functions: &args.Functions, logRole: &args.Api.LogRole,
		endpoint: bp.endpoint, vpcId: bp.network.VpcId,
	})
	return err
}

// registerDomains registers the certificate and the custom domain names.
func (bp *staticIpApigw) registerDomains(b builder, args *resolvedStaticIpApigw) (err error) {
	if bp.certificate, err = b.newFrontCertificate(&args.Domain.FrontDomain); err != nil {
		return err
	}
	bp.domains = &customDomains{
		domain: &args.Domain.FrontDomain, endpointType: args.Domain.EndpointType,
		apis: bp.apis, endpoint: bp.endpoint, certificate: bp.certificate,
	}
	return bp.domains.register(b)
}

// registerFront registers the static addresses, the load balancer and the
// bucket of its logs. Before the load balancer forwards anything, the endpoint
// has its policy.
func (bp *staticIpApigw) registerFront(b builder, args *resolvedStaticIpApigw) (err error) {
	addresses := &components.StaticAddressesArgs{AvailabilityZones: components.AvailabilityZones(bp.network.Public)}
	bp.addresses, err = components.NewStaticAddresses(b.ctx, b.name, addresses, b.child)
	if err != nil {
		return err
	}
	s := &args.Front
	logs, err := b.newAccessLogs(&s.AccessLogs)
	if err != nil {
		return err
	}
	arns := append(bp.apis.invokeArns(), bp.domains.invokeArns...)
	closed, err := b.newEndpointPolicy(&args.Endpoint, bp.endpoint, arns...)
	if err != nil {
		return err
	}
	nodes := make([]components.Node, len(bp.network.Public))
	for i, subnet := range bp.network.Public {
		nodes[i] = components.Node{Subnet: subnet, AllocationId: bp.addresses.AllocationIds[i]}
	}
	bp.front, err = components.NewEndpointFront(b.ctx, b.name, &components.EndpointFrontArgs{
		LoadBalancer: components.NetworkLoadBalancerArgs{
			VpcId:              bp.network.VpcId,
			Nodes:              nodes,
			Clients:            components.RangePeers(s.AllowedCidrs),
			PathMtuDiscovery:   s.PathMtuDiscovery,
			AccessLogBucket:    logs.Name,
			CrossZone:          s.CrossZone,
			DeletionProtection: s.DeletionProtection,
		},
		Endpoint:       bp.endpoint,
		CertificateArn: bp.certificate,
		SslPolicy:      s.SslPolicy,
		DependsOn:      closed,

		FurtherCertificateArns: args.Domain.CertificateArns(),
	}, b.child)
	return err
}

// registerNames registers the two records of each name: the public one leads to the
// load balancer, the private one to the endpoint.
func (bp *staticIpApigw) registerNames(b builder, args *resolvedStaticIpApigw) error {
	for _, name := range args.Domain.AllNames() {
		at := b.part(namePart(&args.Domain.FrontDomain, name.Name) + "-dns")
		_, err := components.NewSplitHorizon(b.ctx, at.name, &components.SplitHorizonArgs{
			DomainName:   name.Name,
			PublicZoneId: name.PublicZoneId,
			ZoneProvider: b.zoneProvider,
			Inside:       b.vpcZone(&name.PrivateZone, bp.network.VpcId),
			Public:       components.AliasTarget{DnsName: bp.front.DnsName, HostedZoneId: bp.front.HostedZoneId},
			Private:      components.AliasTarget{DnsName: bp.endpoint.DnsName, HostedZoneId: bp.endpoint.HostedZoneId},
			DependsOn:    []pulumi.Resource{bp.front, bp.domains.byName[name.Name]},
		}, b.child)
		if err != nil {
			return err
		}
	}
	return nil
}

// registerCaller fills in the URL and the commands that call the APIs, and registers
// the API keys that callers may need.
func (bp *staticIpApigw) registerCaller(b builder, args *resolvedStaticIpApigw) error {
	callers, err := b.newCallers(bp.apis)
	if err != nil {
		return err
	}
	bp.url = pulumi.Sprintf("https://%s/%s", args.Domain.Name, args.Api.AllRoutes()[0].Example())
	bp.curls = commands(args.paths(b.name), callers, "")
	return nil
}

// registerAlarms registers the alarms, if the settings ask for them.
func (bp *staticIpApigw) registerAlarms(b builder, args *resolvedStaticIpApigw) error {
	return b.newFrontAlarms(args.Alarms, bp.apis, bp.front)
}

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
	api         *components.PrivateRestApi
	certificate pulumi.StringInput // The certificate's ARN.
	domain      pulumi.Resource
	invokeArns  []pulumi.StringInput // What clients may call through the endpoint.
	addresses   *components.StaticAddresses
	front       *components.EndpointFront
	allowInvoke pulumi.StringArray // Commands for the owner of a function of another account.
	url         pulumi.StringOutput
	curls       pulumi.StringArray // Commands that call the API, one for each route.
}

// deployStaticIpApigw looks up what the settings name, registers the blueprint
// and exports its outputs.
func deployStaticIpApigw(l *lookup, s *config.StaticIpApigw) error {
	args, err := l.staticIpApigw(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newStaticIpApigw(l, l.prefix("static-ip"), args)
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
	if args.Domain.PublicZoneId == "" {
		name, kind := pulumi.String(args.Domain.Name), pulumi.String("CNAME")
		l.outputs.export("dnsRecords", dnsRecords(name, kind, bp.front.DnsName))
	}
	l.outputs.export("loadBalancerDnsName", bp.front.DnsName)
	l.outputs.export("endpointId", bp.endpoint.EndpointId)
	l.outputs.export("apiId", bp.api.ApiId)
	if args.Api.Existing == nil {
		l.outputs.export("accessLogGroups", pulumi.StringArray{bp.api.AccessLogGroup})
		l.outputs.export("queries", insightsQueries())
	}
	if len(bp.allowInvoke) > 0 {
		l.outputs.export("allowInvoke", bp.allowInvoke)
	}
	return nil
}

// privateDomainAdvice says what a private custom domain name may do on AWS.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html
const privateDomainAdvice = "domain.endpointType is private: API Gateway answers 403 until the name is associated " +
	"with the endpoint, which takes about 15 minutes after the deployment. Nobody has tried a private name behind a " +
	"load balancer yet: AWS does not say which server name the load balancer sends to the endpoint. If 403 stays, " +
	"take endpointType: regional."

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
		bp.registerApi, bp.registerDomain, bp.registerFront, bp.registerNames, bp.registerCaller,
		bp.registerAlarms)
	if err != nil {
		return nil, err
	}
	outputs := pulumi.Map{
		"url": bp.url, "curl": bp.curls[0], "staticAddresses": bp.addresses.PublicIps, "promises": promises,
	}
	return bp, l.ctx.RegisterResourceOutputs(bp, outputs)
}

// registerApi registers the network, the endpoint, the API and its function.
func (bp *staticIpApigw) registerApi(b builder, args *resolvedStaticIpApigw) (err error) {
	if bp.network, err = b.newNetwork(&args.Network, args.place.network); err != nil {
		return err
	}
	if bp.endpoint, err = b.newEndpoint(&args.Endpoint, args.place, bp.network); err != nil {
		return err
	}
	if existing := args.Api.Existing; existing != nil {
		bp.api, err = b.newExistingApi(existing)
		if err != nil {
			return err
		}
		bp.invokeArns = []pulumi.StringInput{bp.api.InvokeArn}
		return nil
	}
	backends, err := b.newBackends(&args.Functions, &args.Api, nil)
	if err != nil {
		return err
	}
	stage, err := b.newStage(&args.Api.Stage)
	if err != nil {
		return err
	}
	bp.api, err = b.newPrivateApi(&args.Api, stage, bp.endpoint, bp.network.VpcId, backends)
	if err != nil {
		return err
	}
	bp.allowInvoke = backends.allowInvoke(invokable{bp.api.ApiId, bp.api.InvokeArn})
	bp.invokeArns = []pulumi.StringInput{bp.api.InvokeArn}
	return nil
}

// registerDomain registers the certificate and the custom domain name, regional
// or private as configured.
func (bp *staticIpApigw) registerDomain(b builder, args *resolvedStaticIpApigw) (err error) {
	bp.certificate, err = b.newCertificate(&args.Domain.Certificate, args.Domain.Name)
	if err != nil {
		return err
	}
	further, err := bp.newFurtherApis(b, args.Domain.Apis)
	if err != nil {
		return err
	}
	domain := &components.CustomDomainArgs{
		Environment:    b.environment,
		DomainName:     args.Domain.Name,
		CertificateArn: bp.certificate,
		RestApiId:      bp.api.ApiId,
		StageName:      bp.api.StageName,
		Further:        further,
	}
	if args.Domain.EndpointType == "regional" {
		bp.domain, err = components.NewRegionalDomain(b.ctx, b.name, domain, b.child)
		return err
	}
	private, err := components.NewPrivateDomain(b.ctx, b.name, domain, bp.endpoint.EndpointId, b.child)
	if err != nil {
		return err
	}
	bp.domain, bp.invokeArns = private, append(bp.invokeArns, private.InvokeArn)
	return nil
}

// newFurtherApis registers the further APIs behind the name, which exist.
func (bp *staticIpApigw) newFurtherApis(b builder, apis []config.MappedApi) ([]components.MappedApi, error) {
	var further []components.MappedApi
	for _, mapped := range apis {
		api, err := b.part("-base-" + mapped.BasePath).newExistingApi(&mapped.ExistingApi)
		if err != nil {
			return nil, err
		}
		bp.invokeArns = append(bp.invokeArns, api.InvokeArn)
		further = append(further, components.MappedApi{
			BasePath: mapped.BasePath, RestApiId: api.ApiId, StageName: api.StageName,
		})
	}
	return further, nil
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
	closed, err := b.newEndpointPolicy(&args.Endpoint, bp.endpoint, bp.invokeArns...)
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
	}, b.child)
	return err
}

// registerNames registers the two DNS names: the public one leads to the load
// balancer, the private one to the endpoint.
func (bp *staticIpApigw) registerNames(b builder, args *resolvedStaticIpApigw) error {
	_, err := components.NewSplitHorizon(b.ctx, b.name+"-dns", &components.SplitHorizonArgs{
		DomainName:   args.Domain.Name,
		PublicZoneId: args.Domain.PublicZoneId,
		ZoneProvider: b.zoneProvider,
		Inside:       b.vpcZone(&args.Domain.PrivateZone, bp.network.VpcId),
		Public:       components.AliasTarget{DnsName: bp.front.DnsName, HostedZoneId: bp.front.HostedZoneId},
		Private:      components.AliasTarget{DnsName: bp.endpoint.DnsName, HostedZoneId: bp.endpoint.HostedZoneId},
		DependsOn:    []pulumi.Resource{bp.front, bp.domain},
	}, b.child)
	return err
}

// registerCaller fills in the URL and the command that calls it, and registers
// the API key that callers may need.
func (bp *staticIpApigw) registerCaller(b builder, args *resolvedStaticIpApigw) error {
	caller, err := b.newCaller(&args.Api.Stage, bp.api.ApiId, bp.api.StageName, args.Api.AllRoutes()...)
	if err != nil {
		return err
	}
	url := func(path string) pulumi.StringOutput { return pulumi.Sprintf("https://%s/%s", args.Domain.Name, path) }
	bp.url = url(args.Api.AllRoutes()[0].Example())
	bp.curls = caller.curls(&args.Api, url)
	return nil
}

// registerAlarms registers the alarms, if the settings ask for them.
func (bp *staticIpApigw) registerAlarms(b builder, args *resolvedStaticIpApigw) error {
	return b.newFrontAlarms(args.Alarms, bp.api, bp.front)
}

package blueprints

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/addressplan"
)

// ipv6Front is a private REST API that IPv6 clients reach:
//
//	IPv6 client ── private DNS: AAAA ──▶ internal dualstack NLB (TLS, ALPN None, fixed IPv6 and IPv4 per zone)
//	                                       │ from here on IPv4: TLS 443; in one VPC, or over a peering
//	                                     execute-api endpoint (fixed IPv4 per zone)
//	                                       │ Host: the API's own name
//	                                     private REST API (aws:SourceVpc) ──▶ hello, in private subnets
type ipv6Front struct {
	pulumi.ResourceState

	network  *components.Network // The network of the endpoint and the function.
	endpoint *components.ExecuteApiEndpoint
	apis     *stackApis
	domains  *customDomains // Nil if clients name an API in the Host header.

	frontNetwork *components.Network // The network of the load balancer and its clients.
	peering      *components.Peering // Nil if the stack creates none.
	nodes        []components.Node   // The load balancer's nodes.
	clients      *components.SecurityGroup
	clientRole   *components.FunctionRole // The role of the test client; nil if there is none.
	logs         *components.AccessLogBucket
	front        *components.EndpointFront

	url          pulumi.StringOutput
	curls        pulumi.StringArray  // Commands that call the APIs over IPv6, one for each route.
	invokeClient pulumi.StringOutput // A command that runs the test client; set only if there is one.
}

// deployIpv6Front looks up what the settings name, registers the blueprint and
// exports its outputs.
func deployIpv6Front(l *lookup, s *config.Ipv6Front) error {
	args, err := l.ipv6Front(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newIpv6Front(l, l.prefix(ipv6Prefix), args)
	if err != nil {
		return err
	}
	if args.Domain.EndpointType == "private" {
		l.warn(privateDomainAdvice)
	}
	bp.export(l, args)
	return nil
}

// export exports the blueprint's outputs.
func (bp *ipv6Front) export(l *lookup, args *resolvedIpv6Front) {
	l.outputs.export("url", bp.url)
	digs := pulumi.StringArray{pulumi.Sprintf("dig %s AAAA", bp.front.DnsName)}
	for _, name := range args.Domain.AllNames() {
		digs = append(digs, pulumi.Sprintf("dig %s AAAA", name.Name))
	}
	l.outputs.export("dig", append(digs, pulumi.Sprintf("dig %s A", bp.front.DnsName)))
	l.outputs.export("curl", bp.curls[0])
	if len(bp.curls) > 1 {
		l.outputs.export("curlRoutes", bp.curls)
	}
	logs := pulumi.StringArray{pulumi.Sprintf("aws s3 ls --recursive s3://%s/", bp.logs.Name)}
	for _, api := range bp.apis.all {
		if api.Existing == nil {
			tail := pulumi.Sprintf("aws logs tail --region %s %s", l.environment.Region, api.AccessLogGroup)
			logs = append(logs, tail)
		}
	}
	l.outputs.export("logs", logs)
	l.outputs.export("clientSecurityGroupId", bp.clients.Id)
	l.outputs.export("clientVpcId", bp.frontNetwork.VpcId)
	subnetIds, addresses := pulumi.StringArray{}, pulumi.StringArray{}
	for _, node := range bp.nodes {
		subnetIds, addresses = append(subnetIds, node.Subnet.Id), append(addresses, node.Ipv6)
	}
	l.outputs.export("clientSubnetIds", subnetIds)
	l.outputs.export("loadBalancerDnsName", bp.front.DnsName)
	l.outputs.export("loadBalancerIpv6Addresses", addresses)
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
	advice := args.advice()
	if args.Domain.EndpointType == "private" {
		advice += " " + privateDomainAdvice
	}
	l.outputs.export("advice", pulumi.String(advice))
	if args.Client.Create {
		l.outputs.export("invokeClient", bp.invokeClient)
	}
}

// newIpv6Front registers the blueprint. name is the prefix of resource names.
func newIpv6Front(l *lookup, name string, args *resolvedIpv6Front) (*ipv6Front, error) {
	bp := &ipv6Front{}
	promises := inputOf(args.promises(l.environment, name))
	inputs := pulumi.Map{"domainName": pulumi.String(args.Domain.Name), "promises": promises}
	b, err := newBuilder(l, typeToken("Ipv6Front"), name, inputs, bp)
	if err != nil {
		return nil, err
	}
	err = runSteps(b, args, bp.registerNetworks, bp.registerApis, bp.registerFront,
		bp.registerNames, bp.registerCaller, bp.registerClient, bp.registerAlarms)
	if err != nil {
		return nil, err
	}
	return bp, l.ctx.RegisterResourceOutputs(bp, pulumi.Map{"url": bp.url, "curl": bp.curls[0], "promises": promises})
}

// registerNetworks registers the endpoint and its network. If the load balancer
// has another network, it registers that network too, and the peering unless it
// exists.
func (bp *ipv6Front) registerNetworks(b builder, args *resolvedIpv6Front) (err error) {
	if bp.network, err = b.newNetwork(&args.Network, args.place.network); err != nil {
		return err
	}
	if bp.endpoint, err = b.newEndpoint(&args.Endpoint, args.place, bp.network); err != nil {
		return err
	}
	bp.frontNetwork = bp.network
	if args.FrontNetwork == nil {
		return nil
	}
	bp.frontNetwork, err = b.part(frontPart).newNetwork(args.FrontNetwork, args.frontNetwork)
	if err != nil || args.Peered {
		return err
	}
	bp.peering, err = b.newPeering(
		components.PeeringSide{Network: bp.frontNetwork, Subnets: bp.frontNetwork.Dualstack},
		components.PeeringSide{Network: bp.network, Subnets: bp.network.Private},
	)
	return err
}

// registerApis registers the APIs and their functions.
func (bp *ipv6Front) registerApis(b builder, args *resolvedIpv6Front) (err error) {
	bp.apis, err = b.newPrivateApis(privateApis{
		apis: args.AllApis(), functions: &args.Functions, logRole: &args.Api.LogRole,
		endpoint: bp.endpoint, vpcId: bp.network.VpcId, network: bp.newFunctionNetwork,
	})
	return err
}

// newFunctionNetwork registers the role and the security group of a function in
// the private subnets. The group lets the function connect to nothing.
func (bp *ipv6Front) newFunctionNetwork(b builder, description string) (*components.FunctionNetwork, error) {
	role, err := b.newVpcFunctionRole()
	if err != nil {
		return nil, err
	}
	group, err := components.NewSecurityGroup(b.ctx, b.name, &components.SecurityGroupArgs{
		VpcId: bp.network.VpcId, Description: description,
		DependsOn: []pulumi.Resource{role.Policy},
	}, b.child)
	if err != nil {
		return nil, err
	}
	return &components.FunctionNetwork{
		Subnets: bp.network.Private, SecurityGroupId: group.Id, Role: role, DependsOn: []pulumi.Resource{bp.endpoint},
	}, nil
}

// registerFront registers the load balancer, its certificate, the bucket for
// its logs, and the security group of its clients.
func (bp *ipv6Front) registerFront(b builder, args *resolvedIpv6Front) (err error) {
	bp.nodes = args.nodes(bp.frontNetwork)
	if err := bp.registerClients(b, args); err != nil {
		return err
	}
	s := &args.Front
	clients := components.RangePeers(s.AllowedCidrs)
	clients = append(clients, components.Peer{Name: "clients", SecurityGroupId: bp.clients.Id})
	if bp.logs, err = b.newAccessLogs(&s.AccessLogs); err != nil {
		return err
	}
	certificate, closed, err := bp.registerDomains(b, args)
	if err != nil {
		return err
	}
	bp.front, err = components.NewEndpointFront(b.ctx, b.name, &components.EndpointFrontArgs{
		LoadBalancer: components.NetworkLoadBalancerArgs{
			VpcId:              bp.frontNetwork.VpcId,
			Nodes:              bp.nodes,
			Internal:           true,
			Dualstack:          true,
			Clients:            clients,
			PathMtuDiscovery:   s.PathMtuDiscovery,
			AccessLogBucket:    bp.logs.Name,
			CrossZone:          s.CrossZone,
			DeletionProtection: s.DeletionProtection,
		},
		Endpoint:       bp.endpoint,
		Peered:         args.FrontNetwork != nil,
		CertificateArn: certificate,
		SslPolicy:      s.SslPolicy,
		DependsOn:      closed,

		FurtherCertificateArns: args.Domain.CertificateArns(),
	}, b.child)
	return err
}

// registerDomains registers the certificate, the custom domain names if the settings ask
// for them, and the policy of the endpoint. It returns the ARN of the certificate, and
// what must exist before clients get through.
func (bp *ipv6Front) registerDomains(
	b builder, args *resolvedIpv6Front,
) (certificate pulumi.StringInput, closed []pulumi.Resource, err error) {
	if certificate, err = b.newFrontCertificate(&args.Domain.FrontDomain); err != nil {
		return nil, nil, err
	}
	arns := bp.apis.invokeArns()
	if args.Domain.EndpointType != "" {
		bp.domains = &customDomains{
			domain: &args.Domain.FrontDomain, endpointType: args.Domain.EndpointType,
			apis: bp.apis, endpoint: bp.endpoint, certificate: certificate,
		}
		if err := bp.domains.register(b); err != nil {
			return nil, nil, err
		}
		arns = append(arns, bp.domains.invokeArns...)
	}
	closed, err = b.newEndpointPolicy(&args.Endpoint, bp.endpoint, arns...)
	return certificate, closed, err
}

// registerClients registers the security group of the load balancer's clients, and
// the role of the test client, which must outlive the group.
func (bp *ipv6Front) registerClients(b builder, args *resolvedIpv6Front) (err error) {
	group := &components.SecurityGroupArgs{
		VpcId: bp.frontNetwork.VpcId, Description: "Clients of the NLB: HTTPS over IPv6 to it",
	}
	for _, node := range bp.nodes {
		group.Egress = append(group.Egress, node.Ipv6Peer())
	}
	if args.Client.Create {
		if bp.clientRole, err = b.part("-client").newVpcFunctionRole(); err != nil {
			return err
		}
		group.DependsOn = []pulumi.Resource{bp.clientRole.Policy}
	}
	bp.clients, err = components.NewSecurityGroup(b.ctx, b.name+"-clients", group, b.child)
	return err
}

// nodes returns the load balancer's nodes with their fixed addresses.
func (args *resolvedIpv6Front) nodes(network *components.Network) []components.Node {
	nodes := make([]components.Node, len(network.Dualstack))
	for i, subnet := range network.Dualstack {
		nodes[i] = components.Node{Subnet: subnet, Ipv4: args.ipv4Addresses[i]}
		if addresses := args.Front.Ipv6Addresses; addresses != nil {
			nodes[i].Ipv6 = pulumi.String(addresses[i].String())
		} else {
			nodes[i].Ipv6 = subnet.Ipv6CidrBlock.ToStringOutput().ApplyT(pinIpv6).(pulumi.StringOutput)
		}
	}
	return nodes
}

// pinIpv6 returns the default IPv6 address of a node in a subnet.
func pinIpv6(subnet string) (string, error) {
	cidr, err := netip.ParsePrefix(subnet)
	if err != nil {
		return "", fmt.Errorf("the subnet's IPv6 range: %w", err)
	}
	return addressplan.Pin6(cidr).String(), nil
}

// registerNames registers the names that lead clients in the front network to the
// load balancer. A name waits for everything that requests pass through.
func (bp *ipv6Front) registerNames(b builder, args *resolvedIpv6Front) error {
	ready := append([]pulumi.Resource{bp.front, bp.endpoint}, bp.apis.resources()...)
	if bp.peering != nil {
		ready = append([]pulumi.Resource{bp.peering}, ready...)
	}
	for _, name := range args.Domain.AllNames() {
		after := ready
		if bp.domains != nil {
			after = append(slices.Clone(ready), bp.domains.byName[name.Name])
		}
		at := b.part(namePart(&args.Domain.FrontDomain, name.Name) + "-dns")
		_, err := components.NewPrivateAlias(b.ctx, at.name, &components.PrivateAliasArgs{
			DomainName:  name.Name,
			Zone:        b.vpcZone(&name.PrivateZone, bp.frontNetwork.VpcId),
			Target:      components.AliasTarget{DnsName: bp.front.DnsName, HostedZoneId: bp.front.HostedZoneId},
			RecordTypes: []components.RecordType{components.RecordA, components.RecordAaaa},
			DependsOn:   after,
		}, b.child)
		if err != nil {
			return err
		}
	}
	return nil
}

// registerCaller fills in the URL and the commands that call the APIs. It registers
// the API keys that callers need.
func (bp *ipv6Front) registerCaller(b builder, args *resolvedIpv6Front) error {
	callers, err := b.newCallers(bp.apis)
	if err != nil {
		return err
	}
	if bp.domains != nil {
		bp.url = pulumi.Sprintf("https://%s/%s", args.Domain.Name, args.Api.AllRoutes()[0].Example())
		paths := frontPaths(&args.Domain.FrontDomain, servedApis(args.AllApis(), &args.Functions, b.name))
		bp.curls = commands(paths, callers, "-v -6 ")
		return nil
	}
	for _, name := range args.Domain.AllNames() {
		for _, api := range bp.apis.all {
			bp.curls = append(bp.curls, callers[api.Name].curls(api.RestApi, func(path string) pulumi.StringOutput {
				url := pulumi.Sprintf("https://%s/%s/%s", name.Name, api.PrivateRestApi.StageName, path)
				return pulumi.Sprintf("-v -6 %s -H \"Host: %s\"", url, b.ownHost(api))
			})...)
		}
	}
	bp.url = pulumi.Sprintf("https://%s/%s/%s", args.Domain.Name, bp.apis.first().PrivateRestApi.StageName,
		args.Api.AllRoutes()[0].Example())
	return nil
}

// ownHost returns an API's own host name. Without a custom domain name, the endpoint
// finds the API by it.
func (b builder) ownHost(api stackApi) pulumi.StringOutput {
	return pulumi.Sprintf("%s.execute-api.%s.%s", api.ApiId, b.environment.Region, b.environment.DnsSuffix)
}

// registerClient registers the test client in the load balancer's network, if
// the configuration asks for it.
func (bp *ipv6Front) registerClient(b builder, args *resolvedIpv6Front) error {
	if !args.Client.Create {
		return nil
	}
	network := &components.FunctionNetwork{
		Subnets: bp.frontNetwork.Dualstack, SecurityGroupId: bp.clients.Id, Ipv6: true,
		Role: bp.clientRole, DependsOn: []pulumi.Resource{bp.front},
	}
	environment := map[string]pulumi.StringInput{"URL": bp.url}
	if bp.domains == nil {
		environment["HOST"] = b.ownHost(bp.apis.first())
	}
	client, err := b.part("-client").newClient(testClient{
		args.Client.Archive, args.Client.Architecture, clientTimeoutSeconds, args.Function.LogRetentionDays,
		args.Api.LogKmsKeyArn,
	}, network, environment)
	if err != nil {
		return err
	}
	bp.invokeClient = b.invokeClient(client)
	return nil
}

// registerAlarms registers the alarms, if the settings ask for them.
func (bp *ipv6Front) registerAlarms(b builder, args *resolvedIpv6Front) error {
	return b.newFrontAlarms(args.Alarms, bp.apis, bp.front)
}

package blueprints

import (
	"fmt"
	"net/netip"

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
	api      *components.PrivateRestApi

	frontNetwork *components.Network // The network of the load balancer and its clients.
	peering      *components.Peering // Nil if the stack creates none.
	nodes        []components.Node   // The load balancer's nodes.
	clients      *components.SecurityGroup
	clientRole   *components.FunctionRole // The role of the test client; nil if there is none.
	logs         *components.AccessLogBucket
	front        *components.EndpointFront

	url          pulumi.StringOutput
	curls        pulumi.StringArray  // Commands that call the API over IPv6, one for each route.
	allowInvoke  pulumi.StringArray  // Commands for the owner of a function of another account.
	invokeClient pulumi.StringOutput // A command that runs the test client; set only if there is one.
}

// deployIpv6Front looks up what the settings name, registers the blueprint and
// exports its outputs.
func deployIpv6Front(l *lookup, s *config.Ipv6Front) error {
	args, err := l.ipv6Front(s)
	if err := l.close(err); err != nil {
		return err
	}
	bp, err := newIpv6Front(l, l.prefix("ipv6"), args)
	if err != nil {
		return err
	}
	bp.export(l, args)
	return nil
}

// export exports the blueprint's outputs.
func (bp *ipv6Front) export(l *lookup, args *resolvedIpv6Front) {
	l.outputs.export("url", bp.url)
	l.outputs.export("dig", pulumi.StringArray{
		pulumi.Sprintf("dig %s AAAA", bp.front.DnsName),
		pulumi.Sprintf("dig %s AAAA", args.Domain.Name),
		pulumi.Sprintf("dig %s A", bp.front.DnsName),
	})
	l.outputs.export("curl", bp.curls[0])
	if len(bp.curls) > 1 {
		l.outputs.export("curlRoutes", bp.curls)
	}
	logs := pulumi.StringArray{pulumi.Sprintf("aws s3 ls --recursive s3://%s/", bp.logs.Name)}
	if args.Api.Existing == nil {
		logs = append(logs, pulumi.Sprintf("aws logs tail --region %s %s", l.environment.Region, bp.api.AccessLogGroup))
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
	l.outputs.export("apiId", bp.api.ApiId)
	if args.Api.Existing == nil {
		l.outputs.export("accessLogGroups", pulumi.StringArray{bp.api.AccessLogGroup})
		l.outputs.export("queries", insightsQueries())
	}
	if len(bp.allowInvoke) > 0 {
		l.outputs.export("allowInvoke", bp.allowInvoke)
	}
	l.outputs.export("advice", pulumi.String(args.advice()))
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
	err = runSteps(b, args, bp.registerNetworks, bp.registerApi, bp.registerFront,
		bp.registerName, bp.registerCaller, bp.registerClient, bp.registerAlarms)
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
	bp.frontNetwork, err = b.part("-front").newNetwork(args.FrontNetwork, args.frontNetwork)
	if err != nil || args.Peered {
		return err
	}
	bp.peering, err = b.newPeering(
		components.PeeringSide{Network: bp.frontNetwork, Subnets: bp.frontNetwork.Dualstack},
		components.PeeringSide{Network: bp.network, Subnets: bp.network.Private},
	)
	return err
}

// registerApi registers the API and its function.
func (bp *ipv6Front) registerApi(b builder, args *resolvedIpv6Front) error {
	if existing := args.Api.Existing; existing != nil {
		var err error
		bp.api, err = b.newExistingApi(existing)
		return err
	}
	backends, err := b.newBackends(&args.Functions, &args.Api, bp.newFunctionNetwork)
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
	return nil
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
	certificate, err := b.newCertificate(&args.Domain.Certificate, args.Domain.Name)
	if err != nil {
		return err
	}
	closed, err := b.newEndpointPolicy(&args.Endpoint, bp.endpoint, bp.api.InvokeArn)
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
	}, b.child)
	return err
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

// registerName registers the name that leads clients in the front network to
// the load balancer. The name waits for everything that their requests pass
// through.
func (bp *ipv6Front) registerName(b builder, args *resolvedIpv6Front) error {
	ready := []pulumi.Resource{bp.front, bp.endpoint, bp.api}
	if bp.peering != nil {
		ready = append([]pulumi.Resource{bp.peering}, ready...)
	}
	_, err := components.NewPrivateAlias(b.ctx, b.name+"-dns", &components.PrivateAliasArgs{
		DomainName:  args.Domain.Name,
		Zone:        b.vpcZone(&args.Domain.PrivateZone, bp.frontNetwork.VpcId),
		Target:      components.AliasTarget{DnsName: bp.front.DnsName, HostedZoneId: bp.front.HostedZoneId},
		RecordTypes: []components.RecordType{components.RecordA, components.RecordAaaa},
		DependsOn:   ready,
	}, b.child)
	return err
}

// registerCaller fills in the URL and the command that calls it. It registers
// an API key if callers need one.
func (bp *ipv6Front) registerCaller(b builder, args *resolvedIpv6Front) error {
	caller, err := b.newCaller(&args.Api.Stage, bp.api.ApiId, bp.api.StageName, args.Api.AllRoutes()...)
	if err != nil {
		return err
	}
	url := func(path string) pulumi.StringOutput {
		return pulumi.Sprintf("https://%s/%s/%s", args.Domain.Name, bp.api.StageName, path)
	}
	bp.url = url(args.Api.AllRoutes()[0].Example())
	bp.curls = caller.curls(&args.Api, func(path string) pulumi.StringOutput {
		return pulumi.Sprintf("-v -6 %s -H \"Host: %s\"", url(path), bp.host(b))
	})
	return nil
}

// host returns the API's own host name. The endpoint finds the API by this
// name.
func (bp *ipv6Front) host(b builder) pulumi.StringOutput {
	return pulumi.Sprintf("%s.execute-api.%s.%s", bp.api.ApiId, b.environment.Region, b.environment.DnsSuffix)
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
	environment := map[string]pulumi.StringInput{"URL": bp.url, "HOST": bp.host(b)}
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
	return b.newFrontAlarms(args.Alarms, bp.api, bp.front)
}

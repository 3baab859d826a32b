package blueprints

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/addressplan"
)

// Ipv6FrontArgs is configuration that has been checked, and what AWS answered
// about it.
type Ipv6FrontArgs struct {
	Settings     Ipv6FrontSettings
	Place                            // Of the endpoint and the function.
	FrontNetwork *components.Network // Of the load balancer and its clients: the same, or as it is or will be.
}

// Ipv6Front is a private REST API that IPv6 clients reach:
//
//	IPv6 client ── private DNS: AAAA ──▶ internal dualstack NLB (TLS, ALPN None, fixed IPv6 and IPv4 per zone)
//	                                       │ from here on IPv4: TLS 443; in one VPC, or over a peering with routes on both sides
//	                                     execute-api endpoint (fixed IPv4 per zone)
//	                                       │ Host: the API's own name
//	                                     private REST API (aws:SourceVpc) ──▶ hello, in private subnets
//
// The README says what it costs, and which rules of the policy pack guard it.
type Ipv6Front struct {
	pulumi.ResourceState

	Url                   pulumi.StringOutput
	Dig                   pulumi.StringArrayOutput // Commands that show the name's addresses.
	Curl                  pulumi.StringOutput      // A command that calls the API over IPv6.
	InvokeClient          pulumi.StringOutput      // A command that has the test client call it; set with one only.
	Logs                  pulumi.StringArrayOutput // Commands that show the load balancer's and the API's access logs.
	ClientSecurityGroupId pulumi.StringOutput      // Lets whoever has it call the API over IPv6.
	ClientVpcId           pulumi.StringOutput      // Where the name resolves.
	ClientSubnetIds       pulumi.StringArrayOutput // Dualstack ones there.
	LoadBalancerDnsName   pulumi.StringOutput
	Ipv6Addresses         pulumi.StringArrayOutput // Of the load balancer.
	EndpointId            pulumi.StringOutput
	ApiId                 pulumi.StringOutput
}

const ipv6FrontType = "private-api-blueprints:blueprints:Ipv6Front"

// NewIpv6Front registers the blueprint. Physical names begin with name.
func NewIpv6Front(ctx *pulumi.Context, name string, args *Ipv6FrontArgs, opts ...pulumi.ResourceOption) (*Ipv6Front, error) {
	bp := &Ipv6Front{}
	s := &args.Settings
	if err := ctx.RegisterComponentResourceV2(ipv6FrontType, name, pulumi.Map{"domainName": pulumi.String(s.Domain.Name)}, bp, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(bp)
	network, endpoint, err := args.register(ctx, name, &s.Network, &s.Endpoint, child)
	if err != nil {
		return nil, err
	}
	front, ready, err := args.frontNetwork(ctx, name, network, child)
	if err != nil {
		return nil, err
	}
	api, err := args.newApi(ctx, name, network, endpoint, child)
	if err != nil {
		return nil, err
	}
	nodes := args.nodes(front)
	clients, err := components.NewSecurityGroup(ctx, name+"-clients", &components.SecurityGroupArgs{
		VpcId: front.VpcId, Description: "Clients of the NLB: HTTPS over IPv6 to it", Egress: ipv6Peers(nodes),
	}, child)
	if err != nil {
		return nil, err
	}
	logs, err := s.Front.newLogs(ctx, name, args.Environment, child)
	if err != nil {
		return nil, err
	}
	balancer, err := args.newFront(ctx, name, front, nodes, clients, endpoint, logs, child)
	if err != nil {
		return nil, err
	}
	if err := args.newName(ctx, name, front, balancer, append(ready, balancer, endpoint, api), child); err != nil {
		return nil, err
	}
	bp.EndpointId, bp.ApiId = endpoint.EndpointId, api.ApiId
	bp.ClientSecurityGroupId, bp.LoadBalancerDnsName = clients.Id, balancer.DnsName
	bp.Ipv6Addresses = ipv6Addresses(nodes)
	bp.ClientVpcId, bp.ClientSubnetIds = front.VpcId.ToStringOutput(), subnetIds(front.Dualstack)
	bp.Logs = pulumi.StringArray{
		pulumi.Sprintf("aws s3 ls --recursive s3://%s/", logs.Name),
		pulumi.Sprintf("aws logs tail --region %s %s", args.Environment.Region, api.AccessLogGroup),
	}.ToStringArrayOutput()
	if err := bp.describeCalls(ctx, name, args, api, child); err != nil {
		return nil, err
	}
	if s.Client.Create {
		if err := bp.newClient(ctx, name+"-client", args, front, balancer, child); err != nil {
			return nil, err
		}
	}
	return bp, ctx.RegisterResourceOutputs(bp, pulumi.Map{"url": bp.Url, "curl": bp.Curl})
}

// frontNetwork registers the load balancer's network and its peering with the
// endpoint's, unless they are one. It returns too what has to be there before
// clients come.
func (args *Ipv6FrontArgs) frontNetwork(ctx *pulumi.Context, name string, network *components.Network, child pulumi.ResourceOption) (*components.Network, []pulumi.Resource, error) {
	if args.Settings.FrontNetwork == nil {
		return network, nil, nil
	}
	front, err := args.Settings.FrontNetwork.register(ctx, name+"-front", args.FrontNetwork, child)
	if err != nil || args.Settings.Peered {
		return front, nil, err
	}
	peering, err := components.NewPeering(ctx, name, &components.PeeringArgs{
		Requester: components.PeeringSide{Network: front, Subnets: front.Dualstack},
		Accepter:  components.PeeringSide{Network: network, Subnets: network.Private},
	}, child)
	return front, []pulumi.Resource{peering}, err
}

// newApi registers the API, and the function in private subnets, from which it
// calls nothing.
func (args *Ipv6FrontArgs) newApi(ctx *pulumi.Context, name string, network *components.Network, endpoint *components.ExecuteApiEndpoint, child pulumi.ResourceOption) (*components.PrivateRestApi, error) {
	s := &args.Settings
	group, err := components.NewSecurityGroup(ctx, name+"-hello", &components.SecurityGroupArgs{VpcId: network.VpcId, Description: "The hello function: connects to nothing"}, child)
	if err != nil {
		return nil, err
	}
	function, err := s.Function.register(ctx, name+"-hello", args.Environment.Partition, &components.FunctionNetwork{
		Subnets: network.Private, SecurityGroupId: group.Id, DependsOn: []pulumi.Resource{endpoint},
	}, child)
	if err != nil {
		return nil, err
	}
	return args.newPrivateApi(ctx, name, &s.Api, network, endpoint, function, child)
}

// nodes are the load balancer's, at their fixed addresses.
func (args *Ipv6FrontArgs) nodes(front *components.Network) []components.Node {
	s := &args.Settings.Front
	nodes := make([]components.Node, len(front.Dualstack))
	for i, subnet := range front.Dualstack {
		nodes[i] = components.Node{Subnet: subnet, Ipv4: s.Ipv4Addresses[i]}
		if s.Ipv6Addresses != nil {
			nodes[i].Ipv6 = pulumi.String(s.Ipv6Addresses[i].String())
		} else {
			nodes[i].Ipv6 = subnet.Ipv6CidrBlock.ToStringOutput().ApplyT(pinIpv6).(pulumi.StringOutput)
		}
	}
	return nodes
}

func pinIpv6(subnet string) (string, error) {
	cidr, err := netip.ParsePrefix(subnet)
	if err != nil {
		return "", fmt.Errorf("the subnet's IPv6 range: %w", err)
	}
	return addressplan.Pin6(cidr).String(), nil
}

func ipv6Peers(nodes []components.Node) []components.Peer {
	peers := make([]components.Peer, len(nodes))
	for i, node := range nodes {
		peers[i] = node.Ipv6Peer()
	}
	return peers
}

func ipv6Addresses(nodes []components.Node) pulumi.StringArrayOutput {
	addresses := pulumi.StringArray{}
	for _, node := range nodes {
		addresses = append(addresses, node.Ipv6)
	}
	return addresses.ToStringArrayOutput()
}

// newFront registers the load balancer and its certificate.
func (args *Ipv6FrontArgs) newFront(ctx *pulumi.Context, name string, network *components.Network, nodes []components.Node, clients *components.SecurityGroup, endpoint *components.ExecuteApiEndpoint, logs *components.AccessLogBucket, child pulumi.ResourceOption) (*components.EndpointFront, error) {
	s := &args.Settings.Front
	certificate, err := args.Settings.Domain.certificate(ctx, name, child)
	if err != nil {
		return nil, err
	}
	return components.NewEndpointFront(ctx, name, &components.EndpointFrontArgs{
		LoadBalancer: components.NetworkLoadBalancerArgs{
			VpcId:              network.VpcId,
			Nodes:              nodes,
			Internal:           true,
			Dualstack:          true,
			Clients:            append(components.RangePeers(s.AllowedCidrs), components.Peer{Name: "clients", SecurityGroupId: clients.Id}),
			AccessLogBucket:    logs.Name,
			CrossZone:          s.CrossZone,
			DeletionProtection: s.DeletionProtection,
		},
		Endpoint:       endpoint,
		Peered:         args.Settings.FrontNetwork != nil,
		CertificateArn: certificate,
		SslPolicy:      s.SslPolicy,
	}, child)
}

// newName registers the name that leads clients in the front VPC to the load
// balancer.
func (args *Ipv6FrontArgs) newName(ctx *pulumi.Context, name string, front *components.Network, balancer *components.EndpointFront, ready []pulumi.Resource, child pulumi.ResourceOption) error {
	_, err := components.NewPrivateAlias(ctx, name+"-dns", &components.PrivateAliasArgs{
		DomainName:  args.Settings.Domain.Name,
		VpcId:       front.VpcId,
		Target:      components.AliasTarget{DnsName: balancer.DnsName, HostedZoneId: balancer.HostedZoneId},
		RecordTypes: []components.RecordType{components.RecordA, components.RecordAaaa},
		DependsOn:   ready,
	}, child)
	return err
}

// host is the API's own name, by which the endpoint finds it.
func (args *Ipv6FrontArgs) host(apiId pulumi.StringInput) pulumi.StringOutput {
	return pulumi.Sprintf("%s.execute-api.%s.%s", apiId, args.Environment.Region, args.Environment.DnsSuffix)
}

// describeCalls fills in the commands that show the name and call the API, and
// registers the key that they may need.
func (bp *Ipv6Front) describeCalls(ctx *pulumi.Context, name string, args *Ipv6FrontArgs, api *components.PrivateRestApi, child pulumi.ResourceOption) error {
	s := &args.Settings
	key, err := s.Api.registerKey(ctx, name, api.ApiId, api.StageName, child)
	if err != nil {
		return err
	}
	bp.Url = pulumi.Sprintf("https://%s/%s/%s", s.Domain.Name, api.StageName, s.Api.Path)
	bp.Curl = s.Api.curl(pulumi.Sprintf("-v -6 %s -H \"Host: %s\"", bp.Url, args.host(api.ApiId)), args.Environment.Region, key)
	bp.Dig = pulumi.StringArray{
		pulumi.Sprintf("dig %s AAAA", bp.LoadBalancerDnsName),
		pulumi.Sprintf("dig %s AAAA", s.Domain.Name),
		pulumi.Sprintf("dig %s A", bp.LoadBalancerDnsName),
	}.ToStringArrayOutput()
	return nil
}

// newClient registers the test client, beside the load balancer.
func (bp *Ipv6Front) newClient(ctx *pulumi.Context, name string, args *Ipv6FrontArgs, front *components.Network, balancer *components.EndpointFront, child pulumi.ResourceOption) error {
	network := &components.FunctionNetwork{
		Subnets: front.Dualstack, SecurityGroupId: bp.ClientSecurityGroupId, Ipv6: true, DependsOn: []pulumi.Resource{balancer},
	}
	client, err := args.Settings.Client.register(ctx, name, args.Environment.Partition, args.Settings.Function.LogRetentionDays, network, bp.Url, args.host(bp.ApiId), child)
	if err != nil {
		return err
	}
	bp.InvokeClient = pulumi.Sprintf("aws lambda invoke --region %s --function-name %s /dev/stdout", args.Environment.Region, client.Name)
	return nil
}

func subnetIds(subnets []components.Subnet) pulumi.StringArrayOutput {
	ids := pulumi.StringArray{}
	for _, subnet := range subnets {
		ids = append(ids, subnet.Id)
	}
	return ids.ToStringArrayOutput()
}

// advice tells what AWS has offered since the pattern was drawn.
// https://aws.amazon.com/about-aws/whats-new/2025/03/amazon-api-gateway-dual-stack-ipv4-ipv6-endpoints/
func (args *Ipv6FrontArgs) advice() string {
	service := args.Service
	if !slices.Contains(service.SupportedIpAddressTypes, "ipv6") {
		return fmt.Sprintf("%s has no IPv6 endpoints (it has %s), so IPv6 clients need this load balancer.", service.Name, strings.Join(service.SupportedIpAddressTypes, ", "))
	}
	return fmt.Sprintf("%s has IPv6 endpoints of its own: clients that need no name and certificate of yours, no fixed IPv6 address and no access log of a load balancer "+
		"can call a VPC endpoint with ipAddressType dualstack directly.", service.Name)
}

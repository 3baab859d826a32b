package components

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NetworkLoadBalancerArgs describes a Network Load Balancer whose clients
// connect to port 443.
type NetworkLoadBalancerArgs struct {
	VpcId     pulumi.StringInput
	Nodes     []Node // One per zone.
	Internal  bool   // False for one that faces the internet.
	Dualstack bool   // Whether clients also use IPv6. Every node's subnet then has an IPv6 range.
	Clients   []Peer // Who may connect.
	// PathMtuDiscovery admits the messages by which the way to Clients says that a
	// packet is too big for it. The endpoints of Consumers send no such messages, and
	// limit the size of segments instead.
	// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html
	PathMtuDiscovery bool
	// PrivateLink says that an endpoint service or a VPC link brings connections.
	// Unless there are Consumers, AWS does not apply the security group's inbound
	// rules to them. A VPC link's connections come from addresses of AWS, which no
	// rule can name.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
	PrivateLink bool
	// Consumers are the clients that may connect through an endpoint service, by their
	// private addresses; nil for all clients of its endpoints.
	Consumers          []Peer
	AccessLogBucket    pulumi.StringInput // Nil for none. Only TLS listeners write access logs.
	CrossZone          bool
	DeletionProtection bool
}

// NetworkLoadBalancer is a Network Load Balancer and its security group. A
// Listener makes it forward connections. It costs by the hour and per unit of
// traffic.
type NetworkLoadBalancer struct {
	pulumi.ResourceState

	Arn             pulumi.StringOutput
	DnsName         pulumi.StringOutput
	HostedZoneId    pulumi.StringOutput // The zone of DnsName, for alias records.
	SecurityGroupId pulumi.StringOutput
	VpcId           pulumi.StringInput

	arnSuffix         pulumi.StringOutput // How CloudWatch names it.
	availabilityZones []string            // Those of its nodes.
	crossZone         bool                // Whether a node uses the targets of every zone.

	// replaceWith holds the load balancer if its successor is created before it
	// is deleted. Its target groups are then replaced with it, because a target
	// group serves one load balancer only.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
	replaceWith []pulumi.Resource
}

const networkLoadBalancerType = typePrefix + "NetworkLoadBalancer"

// NewNetworkLoadBalancer registers the load balancer and its security group. A
// load balancer created without a group can never get one.
func NewNetworkLoadBalancer(
	ctx *pulumi.Context, name string, args *NetworkLoadBalancerArgs, opts ...pulumi.ResourceOption,
) (*NetworkLoadBalancer, error) {
	c := &NetworkLoadBalancer{VpcId: args.VpcId}
	inputs := pulumi.Map{"internal": pulumi.Bool(args.Internal), "dualstack": pulumi.Bool(args.Dualstack)}
	if err := ctx.RegisterComponentResourceV2(networkLoadBalancerType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	group, err := newSecurityGroup(s, &SecurityGroupArgs{
		VpcId:       args.VpcId,
		Description: "NLB: HTTPS from its clients, to its targets only",
		Ingress:     slices.Concat(args.Clients, args.Consumers),
	})
	if err != nil {
		return nil, failed("NetworkLoadBalancer", name, "security group", err)
	}
	if args.PathMtuDiscovery {
		if err := allowPathMtuDiscovery(s, group.ID(), args.Dualstack); err != nil {
			return nil, failed("NetworkLoadBalancer", name, "security group", err)
		}
	}
	var places pulumi.StringInput
	if args.Dualstack {
		places = placesOf(args.Nodes)
	}
	options := append(args.options(places), s.child)
	balancer, err := lb.NewLoadBalancer(ctx, name+"-nlb", args.loadBalancer(group.ID(), places), options...)
	if err != nil {
		return nil, failed("NetworkLoadBalancer", name, "load balancer", err)
	}
	c.Arn, c.DnsName, c.HostedZoneId = balancer.Arn, balancer.DnsName, balancer.ZoneId
	c.arnSuffix, c.crossZone = balancer.ArnSuffix, args.CrossZone
	for _, node := range args.Nodes {
		c.availabilityZones = append(c.availabilityZones, node.Subnet.AvailabilityZone)
	}
	if places != nil {
		c.DnsName = checkPlaces(balancer, places)
	}
	c.SecurityGroupId = group.ID().ToStringOutput()
	if !hasFixedAddresses(args.Nodes) {
		c.replaceWith = []pulumi.Resource{balancer}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"dnsName": c.DnsName})
}

// options returns the load balancer's resource options, except the parent.
//
// A fixed address is in use until the old load balancer is deleted, so a
// successor with it cannot be created first. A load balancer without fixed
// addresses may serve an endpoint service or a VPC link. It can only be deleted
// once its successor exists.
// https://github.com/hashicorp/terraform-provider-aws/issues/15031
// https://github.com/hashicorp/terraform-provider-aws/issues/5701
//
// If AWS protects the load balancer from deletion, so does the engine.
// Otherwise the engine would first delete the listener, and AWS would then
// refuse to delete the load balancer.
func (args *NetworkLoadBalancerArgs) options(places pulumi.StringInput) []pulumi.ResourceOption {
	options := []pulumi.ResourceOption{
		pulumi.DeleteBeforeReplace(hasFixedAddresses(args.Nodes)),
		pulumi.Protect(args.DeletionProtection),
	}
	if places != nil {
		options = append(options, pulumi.IgnoreChanges([]string{"subnetMappings", "subnets", "tags." + placesTag}))
	}
	return options
}

// loadBalancer returns the load balancer's arguments. The places may be nil.
func (args *NetworkLoadBalancerArgs) loadBalancer(groupId, places pulumi.StringInput) *lb.LoadBalancerArgs {
	addressType, privateLinkRules := "ipv4", "on"
	if args.Dualstack {
		addressType = "dualstack"
	}
	if args.PrivateLink && len(args.Consumers) == 0 {
		privateLinkRules = "off"
	}
	balancer := &lb.LoadBalancerArgs{
		LoadBalancerType:             pulumi.String("network"),
		Internal:                     pulumi.Bool(args.Internal),
		IpAddressType:                pulumi.String(addressType),
		SecurityGroups:               pulumi.StringArray{groupId},
		EnableCrossZoneLoadBalancing: pulumi.Bool(args.CrossZone),
		EnableDeletionProtection:     pulumi.Bool(args.DeletionProtection),
		EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: pulumi.String(privateLinkRules),
	}
	mappings := lb.LoadBalancerSubnetMappingArray{}
	for _, node := range args.Nodes {
		mappings = append(mappings, node.mapping())
	}
	balancer.SubnetMappings = mappings
	if places != nil {
		balancer.Tags = pulumi.StringMap{placesTag: places}
	}
	if args.AccessLogBucket != nil {
		balancer.AccessLogs = &lb.LoadBalancerAccessLogsArgs{
			Bucket:  args.AccessLogBucket,
			Enabled: pulumi.Bool(true),
		}
	}
	return balancer
}

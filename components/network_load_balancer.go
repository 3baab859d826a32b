package components

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NetworkLoadBalancerArgs describes a Network Load Balancer that listens on port 443.
type NetworkLoadBalancerArgs struct {
	VpcId     pulumi.StringInput
	Nodes     []Node // One per zone.
	Internal  bool   // Else it faces the internet.
	Dualstack bool   // Whether clients use IPv6 too; every node's subnet then has an IPv6 range.
	Clients   []Peer // Who may connect.
	// PrivateLink says that an endpoint service or a VPC link brings the
	// connections. Their source addresses are AWS's, so that no rule of the
	// security group would admit them.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
	PrivateLink        bool
	AccessLogBucket    pulumi.StringInput // Nil for none: only TLS listeners write access logs.
	CrossZone          bool
	DeletionProtection bool
}

// Node is a load balancer in one zone, at addresses that AWS chooses unless
// they are given here.
type Node struct {
	Subnet       Subnet
	AllocationId pulumi.StringInput // An Elastic IP; of one that faces the internet.
	Ipv4         netip.Addr         // A private address; of an internal one.
	Ipv6         pulumi.StringInput // Of a dualstack one.
}

// Ipv6Peer is the node's IPv6 address, as its clients' security groups let
// them out to it.
func (n Node) Ipv6Peer() Peer {
	return Peer{Name: n.Subnet.AvailabilityZone, CidrIpv6: pulumi.Sprintf("%s/128", n.Ipv6)}
}

// NetworkLoadBalancer is a Network Load Balancer and its security group.
type NetworkLoadBalancer struct {
	pulumi.ResourceState

	Arn             pulumi.StringOutput
	DnsName         pulumi.StringOutput
	HostedZoneId    pulumi.StringOutput // Of DnsName, for alias records.
	SecurityGroupId pulumi.StringOutput
	VpcId           pulumi.StringInput

	// beside is the load balancer where a new one is created beside it. A target
	// group serves one load balancer only, so the new one needs one of its own.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
	beside []pulumi.Resource
}

var networkLoadBalancerType = typeToken("NetworkLoadBalancer")

// NewNetworkLoadBalancer registers the load balancer. It always has a security
// group: one created without a group can never get one.
func NewNetworkLoadBalancer(ctx *pulumi.Context, name string, args *NetworkLoadBalancerArgs, opts ...pulumi.ResourceOption) (*NetworkLoadBalancer, error) {
	c := &NetworkLoadBalancer{VpcId: args.VpcId}
	inputs := pulumi.Map{"internal": pulumi.Bool(args.Internal), "dualstack": pulumi.Bool(args.Dualstack)}
	if err := ctx.RegisterComponentResourceV2(networkLoadBalancerType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	group, err := newSecurityGroup(ctx, name, "NLB: HTTPS from its clients, to its targets only", args.VpcId, args.Clients, nil, child)
	if err != nil {
		return nil, failed("NetworkLoadBalancer", name, "security group", err)
	}
	// A fixed address is in use until the old load balancer is gone, so a new
	// one cannot be created beside it. One without, which an endpoint service or
	// a VPC link may hold, can only go when the new one is there.
	// https://github.com/hashicorp/terraform-provider-aws/issues/15031
	// https://github.com/hashicorp/terraform-provider-aws/issues/5701
	// Where AWS protects it from deletion, so must the engine: it would first
	// delete the listener, and then be refused.
	places := args.places()
	options := []pulumi.ResourceOption{child, pulumi.DeleteBeforeReplace(args.fixed()), pulumi.Protect(args.DeletionProtection)}
	if places != nil {
		options = append(options, pulumi.IgnoreChanges([]string{"subnetMappings", "subnets", "tags"}))
	}
	balancer, err := lb.NewLoadBalancer(ctx, name+"-nlb", args.loadBalancer(group.ID(), places), options...)
	if err != nil {
		return nil, failed("NetworkLoadBalancer", name, "load balancer", err)
	}
	c.Arn, c.DnsName, c.HostedZoneId = balancer.Arn, balancer.DnsName, balancer.ZoneId
	if places != nil {
		c.DnsName = checkPlaces(balancer, places)
	}
	c.SecurityGroupId = group.ID().ToStringOutput()
	if !args.fixed() {
		c.beside = []pulumi.Resource{balancer}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"dnsName": c.DnsName})
}

// fixed tells whether the load balancer holds addresses that are not its own.
func (args *NetworkLoadBalancerArgs) fixed() bool {
	for _, node := range args.Nodes {
		if node.AllocationId != nil || node.Ipv4.IsValid() || node.Ipv6 != nil {
			return true
		}
	}
	return false
}

// placesTag is the tag that keeps where a load balancer was put.
const placesTag = "Places"

// places is a digest of the nodes' subnets and addresses where these are fixed
// and the provider cannot compare them, else nil. It does not read IPv6
// addresses back, and would find them changed, and replace the load balancer,
// at every update.
// https://github.com/hashicorp/terraform-provider-aws/issues/49531
func (args *NetworkLoadBalancerArgs) places() pulumi.StringInput {
	if !args.Dualstack || !args.fixed() {
		return nil
	}
	places := pulumi.StringArray{}
	for _, node := range args.Nodes {
		places = append(places, pulumi.Sprintf("%s %s %s", node.Subnet.Id, node.Ipv4.String(), node.Ipv6))
	}
	return pulumi.Sprintf("%s", places.ToStringArrayOutput()).ApplyT(digest).(pulumi.StringOutput)
}

// checkPlaces compares what the load balancer was created with, which its tag
// keeps, with what it should have now.
func checkPlaces(balancer *lb.LoadBalancer, places pulumi.StringInput) pulumi.StringOutput {
	return pulumi.All(balancer.DnsName, balancer.Tags, places, balancer.URN()).ApplyT(func(known []any) (string, error) {
		dnsName, tags, want, urn := known[0].(string), known[1].(map[string]string), known[2].(string), known[3].(pulumi.URN)
		if tags[placesTag] != want {
			return "", fmt.Errorf("the load balancer's subnets or addresses were changed in the configuration, and it has its own for life; "+
				"to have it made anew, delete it first: pulumi destroy --target-dependents --target %s", urn)
		}
		return dnsName, nil
	}).(pulumi.StringOutput)
}

func (args *NetworkLoadBalancerArgs) loadBalancer(groupId, places pulumi.StringInput) *lb.LoadBalancerArgs {
	family, privateLinkRules := "ipv4", "on"
	if args.Dualstack {
		family = "dualstack"
	}
	if args.PrivateLink {
		privateLinkRules = "off"
	}
	balancer := &lb.LoadBalancerArgs{
		LoadBalancerType:             pulumi.String("network"),
		Internal:                     pulumi.Bool(args.Internal),
		IpAddressType:                pulumi.String(family),
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
		balancer.AccessLogs = &lb.LoadBalancerAccessLogsArgs{Bucket: args.AccessLogBucket, Enabled: pulumi.Bool(true)}
	}
	return balancer
}

func (n Node) mapping() *lb.LoadBalancerSubnetMappingArgs {
	mapping := &lb.LoadBalancerSubnetMappingArgs{SubnetId: n.Subnet.Id, AllocationId: stringPtr(n.AllocationId), Ipv6Address: stringPtr(n.Ipv6)}
	if n.Ipv4.IsValid() {
		mapping.PrivateIpv4Address = pulumi.String(n.Ipv4.String())
	}
	return mapping
}

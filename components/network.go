package components

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awsxec2 "github.com/pulumi/pulumi-awsx/sdk/v2/go/awsx/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Network is what a blueprint needs to know of a VPC, whether it exists
// already or is created with the stack. Its lists of subnets have one item per
// zone, in the order of the zones.
type Network struct {
	VpcId      pulumi.StringInput
	CidrBlocks []netip.Prefix // The IPv4 ranges of the VPC.
	Public     []Subnet       // Routed to an internet gateway.
	Private    []Subnet
	Dualstack  []Subnet // Private, with IPv6.
}

// Subnet is one subnet of a Network. Its range and zone are plain values: they
// decide addresses, and addresses are to be known at preview.
type Subnet struct {
	Id               pulumi.StringInput
	CidrBlock        netip.Prefix
	Ipv6CidrBlock    pulumi.StringInput // Nil without IPv6.
	AvailabilityZone string
	RouteTableId     pulumi.StringInput // Nil where only AWS knows; see Peering.
}

// AvailabilityZones are the zones of subnets, in their order.
func AvailabilityZones(subnets []Subnet) []string {
	zones := make([]string, len(subnets))
	for i, subnet := range subnets {
		zones[i] = subnet.AvailabilityZone
	}
	return zones
}

// VpcArgs describes a VPC to create. All fields but DualstackSubnets are
// required, and the lists have one item per zone.
type VpcArgs struct {
	CidrBlock         netip.Prefix
	AvailabilityZones []string
	PublicSubnets     []netip.Prefix
	PrivateSubnets    []netip.Prefix
	DualstackSubnets  []netip.Prefix // Private ones with IPv6; empty for a VPC without IPv6.
	NatGateways       string         // None, Single or OnePerAz.
}

// Vpc is a VPC with one public and one private subnet per zone, dualstack ones
// if asked for, and the two DNS attributes that private DNS names and private
// hosted zones need.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
type Vpc struct {
	pulumi.ResourceState

	Network Network
}

var vpcType = typeToken("Vpc")

// NewVpc registers the VPC with awsx, whose subnets get exactly the ranges in
// args, and beside it the dualstack subnets, which awsx does not know.
func NewVpc(ctx *pulumi.Context, name string, args *VpcArgs, opts ...pulumi.ResourceOption) (*Vpc, error) {
	c := &Vpc{}
	inputs := pulumi.Map{"cidrBlock": pulumi.String(args.CidrBlock.String()), "availabilityZones": pulumi.ToStringArray(args.AvailabilityZones)}
	if err := ctx.RegisterComponentResourceV2(vpcType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	vpc, err := awsxec2.NewVpc(ctx, name+"-vpc", args.vpc(), pulumi.Parent(c))
	if err != nil {
		return nil, failed("Vpc", name, "VPC", err)
	}
	c.Network = Network{
		VpcId:      vpc.VpcId,
		CidrBlocks: []netip.Prefix{args.CidrBlock},
		Public:     subnets(vpc.PublicSubnetIds, args.AvailabilityZones, args.PublicSubnets),
		Private:    subnets(vpc.PrivateSubnetIds, args.AvailabilityZones, args.PrivateSubnets),
	}
	if c.Network.Dualstack, err = args.newDualstackSubnets(ctx, name, vpc.VpcId, c); err != nil {
		return nil, failed("Vpc", name, "dualstack subnets", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"vpcId": vpc.VpcId})
}

func (args *VpcArgs) vpc() *awsxec2.VpcArgs {
	// Under the default strategy, Legacy, awsx disregards explicit ranges.
	strategy := awsxec2.SubnetAllocationStrategyAuto
	cidr := args.CidrBlock.String()
	return &awsxec2.VpcArgs{
		CidrBlock:                    &cidr,
		AvailabilityZoneNames:        args.AvailabilityZones,
		AssignGeneratedIpv6CidrBlock: pulumi.Bool(len(args.DualstackSubnets) > 0),
		EnableDnsHostnames:           pulumi.Bool(true),
		EnableDnsSupport:             pulumi.Bool(true),
		NatGateways:                  &awsxec2.NatGatewayConfigurationArgs{Strategy: awsxec2.NatGatewayStrategy(args.NatGateways)},
		SubnetStrategy:               &strategy,
		SubnetSpecs: []awsxec2.SubnetSpecArgs{
			{Type: awsxec2.SubnetTypePublic, CidrBlocks: texts(args.PublicSubnets)},
			{Type: awsxec2.SubnetTypePrivate, CidrBlocks: texts(args.PrivateSubnets)},
		},
	}
}

// subnets pairs the ids that awsx returns, one per zone in the zones' order,
// with what is known of them beforehand.
func subnets(ids pulumi.StringArrayOutput, zones []string, ranges []netip.Prefix) []Subnet {
	list := make([]Subnet, len(zones))
	for i := range zones {
		list[i] = Subnet{Id: ids.Index(pulumi.Int(i)), CidrBlock: ranges[i], AvailabilityZone: zones[i]}
	}
	return list
}

// newDualstackSubnets registers subnets with the first IPv6 ranges of the VPC,
// and a route table each.
func (args *VpcArgs) newDualstackSubnets(ctx *pulumi.Context, name string, vpcId pulumi.StringInput, parent pulumi.Resource) ([]Subnet, error) {
	var list []Subnet
	child := pulumi.Parent(parent)
	for i, cidr := range args.DualstackSubnets {
		zone := args.AvailabilityZones[i]
		own := name + "-dualstack-" + zone
		subnet, err := ec2.NewSubnet(ctx, own, &ec2.SubnetArgs{
			VpcId:                       vpcId,
			CidrBlock:                   pulumi.String(cidr.String()),
			Ipv6CidrBlock:               ipv6RangeOf(ctx, vpcId, i, parent),
			AssignIpv6AddressOnCreation: pulumi.Bool(true),
			AvailabilityZone:            pulumi.String(zone),
			Tags:                        pulumi.StringMap{"Name": pulumi.String(own)},
		}, child)
		if err != nil {
			return nil, fmt.Errorf("in %s: %w", zone, err)
		}
		table, err := ec2.NewRouteTable(ctx, own+"-routes", &ec2.RouteTableArgs{VpcId: vpcId, Tags: pulumi.StringMap{"Name": pulumi.String(own)}}, child)
		if err != nil {
			return nil, fmt.Errorf("route table for %s: %w", zone, err)
		}
		if _, err := ec2.NewRouteTableAssociation(ctx, own+"-routed", &ec2.RouteTableAssociationArgs{RouteTableId: table.ID(), SubnetId: subnet.ID()}, child); err != nil {
			return nil, fmt.Errorf("route table association for %s: %w", zone, err)
		}
		list = append(list, Subnet{
			Id: subnet.ID(), CidrBlock: cidr, Ipv6CidrBlock: subnet.Ipv6CidrBlock.Elem(), AvailabilityZone: zone, RouteTableId: table.ID(),
		})
	}
	return list, nil
}

func texts(ranges []netip.Prefix) []string {
	list := make([]string, len(ranges))
	for i, r := range ranges {
		list[i] = r.String()
	}
	return list
}

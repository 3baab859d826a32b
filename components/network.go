package components

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awsxec2 "github.com/pulumi/pulumi-awsx/sdk/v2/go/awsx/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Network is what a blueprint needs to know of a VPC, whether it exists
// already or is created with the stack.
type Network struct {
	VpcId   pulumi.StringInput
	Public  []Subnet // One per zone, routed to an internet gateway.
	Private []Subnet // One per zone, in the order of Public's zones.
}

// Subnet is one subnet of a Network. Its range and zone are plain values: they
// decide addresses, and addresses are to be known at preview.
type Subnet struct {
	Id               pulumi.StringInput
	CidrBlock        netip.Prefix
	AvailabilityZone string
}

// VpcArgs describes a VPC to create. All fields are required, and the lists have
// one item per zone.
type VpcArgs struct {
	CidrBlock         netip.Prefix
	AvailabilityZones []string
	PublicSubnets     []netip.Prefix
	PrivateSubnets    []netip.Prefix
	NatGateways       string // None, Single or OnePerAz.
}

// Vpc is a VPC with one public and one private subnet per zone, and with the
// two DNS attributes that private DNS names and private hosted zones need.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
type Vpc struct {
	pulumi.ResourceState

	Network Network
}

var vpcType = typeToken("Vpc")

// NewVpc registers the VPC with awsx, whose subnets get exactly the ranges in
// args.
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
		VpcId:   vpc.VpcId,
		Public:  subnets(vpc.PublicSubnetIds, args.AvailabilityZones, args.PublicSubnets),
		Private: subnets(vpc.PrivateSubnetIds, args.AvailabilityZones, args.PrivateSubnets),
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"vpcId": vpc.VpcId})
}

func (args *VpcArgs) vpc() *awsxec2.VpcArgs {
	// Under the default strategy, Legacy, awsx disregards explicit ranges.
	strategy := awsxec2.SubnetAllocationStrategyAuto
	cidr := args.CidrBlock.String()
	return &awsxec2.VpcArgs{
		CidrBlock:             &cidr,
		AvailabilityZoneNames: args.AvailabilityZones,
		EnableDnsHostnames:    pulumi.Bool(true),
		EnableDnsSupport:      pulumi.Bool(true),
		NatGateways:           &awsxec2.NatGatewayConfigurationArgs{Strategy: awsxec2.NatGatewayStrategy(args.NatGateways)},
		SubnetStrategy:        &strategy,
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

func texts(ranges []netip.Prefix) []string {
	list := make([]string, len(ranges))
	for i, r := range ranges {
		list[i] = r.String()
	}
	return list
}

// ExistingVpc is a VPC that exists already, with the attributes that decide
// whether private names resolve in it.
type ExistingVpc struct {
	EnableDnsSupport   bool
	EnableDnsHostnames bool
}

// LookupVpc asks AWS for a VPC by its id.
func LookupVpc(ctx *pulumi.Context, id string) (*ExistingVpc, error) {
	found, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: &id})
	if err != nil {
		return nil, err
	}
	return &ExistingVpc{EnableDnsSupport: found.EnableDnsSupport, EnableDnsHostnames: found.EnableDnsHostnames}, nil
}

// LookupSubnet asks AWS for a subnet by its id. It fails when the subnet is in
// another VPC than vpcId, or has no IPv4 range.
func LookupSubnet(ctx *pulumi.Context, id, vpcId string) (*Subnet, error) {
	found, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &id})
	if err != nil {
		return nil, err
	}
	if found.VpcId != vpcId {
		return nil, fmt.Errorf("it is in %s; want a subnet of %s", found.VpcId, vpcId)
	}
	cidr, err := netip.ParsePrefix(found.CidrBlock)
	if err != nil {
		return nil, fmt.Errorf("its IPv4 range: %w", err)
	}
	return &Subnet{Id: pulumi.String(id), CidrBlock: cidr, AvailabilityZone: found.AvailabilityZone}, nil
}

package components

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awsxec2 "github.com/pulumi/pulumi-awsx/sdk/v2/go/awsx/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NatGateways says how many NAT gateways a VPC has. Each costs by the hour.
type NatGateways string

// The numbers of NAT gateways.
const (
	NatNone     NatGateways = "None" // Private subnets cannot reach the internet.
	NatSingle   NatGateways = "Single"
	NatOnePerAz NatGateways = "OnePerAz" // One per Availability Zone.
)

// VpcArgs describes a VPC to create. All fields except DualstackSubnets and FlowLogs
// are required, and the lists have one item per zone.
type VpcArgs struct {
	CidrBlock         netip.Prefix
	AvailabilityZones []string
	PublicSubnets     []netip.Prefix
	PrivateSubnets    []netip.Prefix
	DualstackSubnets  []netip.Prefix // Private ones with IPv6. Empty for a VPC without IPv6.
	NatGateways       NatGateways
	FlowLogs          *FlowLogsArgs // Nil for none.
}

// Vpc is a VPC with one public and one private subnet per zone, and optional
// dualstack subnets. It has the two DNS attributes that private DNS names and
// private hosted zones need. Its default security group has no rules. It costs its
// NAT gateways.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
type Vpc struct {
	pulumi.ResourceState

	Network Network
}

const vpcType = typePrefix + "Vpc"

// NewVpc registers the VPC with awsx, whose subnets get exactly the ranges in
// args. It also registers the dualstack subnets, which awsx does not support.
func NewVpc(ctx *pulumi.Context, name string, args *VpcArgs, opts ...pulumi.ResourceOption) (*Vpc, error) {
	c := &Vpc{}
	inputs := pulumi.Map{
		"cidrBlock":         pulumi.String(args.CidrBlock.String()),
		"availabilityZones": pulumi.ToStringArray(args.AvailabilityZones),
	}
	opts = append(opts, pulumi.Transforms([]pulumi.ResourceTransform{replaceNatGatewaysInPlace}))
	if err := ctx.RegisterComponentResourceV2(vpcType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	vpc, err := awsxec2.NewVpc(ctx, name+"-vpc", args.vpc(), s.child)
	if err != nil {
		return nil, failed("Vpc", name, "VPC", err)
	}
	c.Network = Network{
		VpcId:      vpc.VpcId,
		CidrBlocks: []netip.Prefix{args.CidrBlock},
		Public:     createdSubnets(vpc.PublicSubnetIds, args.AvailabilityZones, args.PublicSubnets),
		Private:    createdSubnets(vpc.PrivateSubnetIds, args.AvailabilityZones, args.PrivateSubnets),
	}
	if err := newDefaultSecurityGroup(s, vpc.VpcId); err != nil {
		return nil, failed("Vpc", name, "default security group", err)
	}
	if c.Network.Dualstack, err = args.newDualstackSubnets(s, vpc.VpcId); err != nil {
		return nil, failed("Vpc", name, "dualstack subnets", err)
	}
	if args.FlowLogs != nil {
		if err := newFlowLogs(s.named("-flow"), vpc.VpcId, args.FlowLogs); err != nil {
			return nil, failed("Vpc", name, "flow logs", err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"vpcId": vpc.VpcId})
}

// replaceNatGatewaysInPlace deletes a NAT gateway before its successor is created, which keeps its Elastic IP: AWS
// associates an address with one NAT gateway only. Clients have no way to the internet meanwhile. awsx does this itself
// for no resource, and a transform reaches the resources of a component in another process.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
func replaceNatGatewaysInPlace(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
	if args.Type != "aws:ec2/natGateway:NatGateway" {
		return nil
	}
	args.Opts.DeleteBeforeReplace = true
	return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
}

// vpc returns the arguments of the VPC that awsx creates.
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
		NatGateways: &awsxec2.NatGatewayConfigurationArgs{
			Strategy: awsxec2.NatGatewayStrategy(args.NatGateways),
		},
		SubnetStrategy: &strategy,
		SubnetSpecs: []awsxec2.SubnetSpecArgs{
			{Type: awsxec2.SubnetTypePublic, CidrBlocks: texts(args.PublicSubnets)},
			{Type: awsxec2.SubnetTypePrivate, CidrBlocks: texts(args.PrivateSubnets)},
		},
	}
}

// newDefaultSecurityGroup adopts the default security group of a VPC and takes all
// rules from it. AWS puts what names no group into it, and admits its members to
// each other.
// https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-2
func newDefaultSecurityGroup(s scope, vpcId pulumi.StringInput) error {
	_, err := ec2.NewDefaultSecurityGroup(s.ctx, s.name+"-default-sg", &ec2.DefaultSecurityGroupArgs{
		VpcId:   stringPtr(vpcId),
		Ingress: ec2.DefaultSecurityGroupIngressArray{}, // Empty, not absent: a rule added elsewhere shows at refresh.
		Egress:  ec2.DefaultSecurityGroupEgressArray{},
	}, s.child)
	return err
}

// createdSubnets returns the subnets that awsx creates. It pairs the IDs, one
// per zone in the zones' order, with the facts that are known at preview.
func createdSubnets(ids pulumi.StringArrayOutput, zones []string, ranges []netip.Prefix) []Subnet {
	list := make([]Subnet, len(zones))
	for i := range zones {
		list[i] = Subnet{Id: ids.Index(pulumi.Int(i)), CidrBlock: ranges[i], AvailabilityZone: zones[i]}
	}
	return list
}

// newDualstackSubnets registers a subnet per zone, with the first IPv6 ranges of
// the VPC.
func (args *VpcArgs) newDualstackSubnets(s scope, vpcId pulumi.StringInput) ([]Subnet, error) {
	var list []Subnet
	for i, cidr := range args.DualstackSubnets {
		zone := args.AvailabilityZones[i]
		subnet, table, err := newRoutedSubnet(s.named("-dualstack-"+zone), &ec2.SubnetArgs{
			VpcId:                       vpcId,
			CidrBlock:                   pulumi.String(cidr.String()),
			Ipv6CidrBlock:               lookupIpv6Range(s, vpcId, i),
			AssignIpv6AddressOnCreation: pulumi.Bool(true),
			AvailabilityZone:            pulumi.String(zone),
		})
		if err != nil {
			return nil, fmt.Errorf("in %s: %w", zone, err)
		}
		list = append(list, Subnet{
			Id:               subnet.ID(),
			CidrBlock:        cidr,
			Ipv6CidrBlock:    subnet.Ipv6CidrBlock.Elem(),
			AvailabilityZone: zone,
			RouteTableId:     table.ID(),
		})
	}
	return list, nil
}

// newRoutedSubnet registers a subnet and a route table for it alone.
func newRoutedSubnet(s scope, args *ec2.SubnetArgs) (*ec2.Subnet, *ec2.RouteTable, error) {
	args.Tags = pulumi.StringMap{"Name": pulumi.String(s.name)}
	subnet, err := ec2.NewSubnet(s.ctx, s.name, args, s.child)
	if err != nil {
		return nil, nil, err
	}
	tableArgs := &ec2.RouteTableArgs{VpcId: args.VpcId, Tags: args.Tags}
	table, err := ec2.NewRouteTable(s.ctx, s.name+"-routes", tableArgs, s.child)
	if err != nil {
		return nil, nil, fmt.Errorf("route table: %w", err)
	}
	associationArgs := &ec2.RouteTableAssociationArgs{RouteTableId: table.ID(), SubnetId: subnet.ID()}
	if _, err := ec2.NewRouteTableAssociation(s.ctx, s.name+"-routed", associationArgs, s.child); err != nil {
		return nil, nil, fmt.Errorf("route table association: %w", err)
	}
	return subnet, table, nil
}

// texts returns ranges as plain strings.
func texts(ranges []netip.Prefix) []string {
	list := make([]string, len(ranges))
	for i, r := range ranges {
		list[i] = r.String()
	}
	return list
}

package components

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/addressplan"
)

// ExistingVpc is a VPC that exists already, with the attributes that decide
// whether private names resolve in it.
type ExistingVpc struct {
	CidrBlocks         []netip.Prefix // The IPv4 ranges.
	EnableDnsSupport   bool
	EnableDnsHostnames bool
}

// LookupVpc asks AWS for a VPC by its id.
func LookupVpc(ctx *pulumi.Context, id string, opts ...pulumi.InvokeOption) (*ExistingVpc, error) {
	found, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: &id}, opts...)
	if err != nil {
		return nil, err
	}
	vpc := &ExistingVpc{EnableDnsSupport: found.EnableDnsSupport, EnableDnsHostnames: found.EnableDnsHostnames}
	for _, association := range found.CidrBlockAssociations {
		cidr, err := netip.ParsePrefix(association.CidrBlock)
		if err != nil {
			return nil, fmt.Errorf("its IPv4 range: %w", err)
		}
		vpc.CidrBlocks = append(vpc.CidrBlocks, cidr)
	}
	return vpc, nil
}

// LookupSubnet asks AWS for a subnet by its id. It fails when the subnet is in
// another VPC than vpcId, or has no IPv4 range.
func LookupSubnet(ctx *pulumi.Context, id, vpcId string, opts ...pulumi.InvokeOption) (*Subnet, error) {
	found, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &id}, opts...)
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
	subnet := &Subnet{Id: pulumi.String(id), CidrBlock: cidr, AvailabilityZone: found.AvailabilityZone}
	if found.Ipv6CidrBlock != "" {
		subnet.Ipv6CidrBlock = pulumi.String(found.Ipv6CidrBlock)
	}
	return subnet, nil
}

// ExistingInstance is an instance that runs already.
type ExistingInstance struct {
	PrivateIp        netip.Addr
	AvailabilityZone string
}

// LookupInstance asks AWS for an instance by its id. It fails when the instance
// is in another VPC than vpcId.
func LookupInstance(ctx *pulumi.Context, id, vpcId string) (*ExistingInstance, error) {
	found, err := ec2.LookupInstance(ctx, &ec2.LookupInstanceArgs{InstanceId: &id})
	if err != nil {
		return nil, err
	}
	if _, err := LookupSubnet(ctx, found.SubnetId, vpcId); err != nil {
		return nil, fmt.Errorf("its subnet %s: %w", found.SubnetId, err)
	}
	address, err := netip.ParseAddr(found.PrivateIp)
	if err != nil {
		return nil, fmt.Errorf("its IPv4 address: %w", err)
	}
	return &ExistingInstance{PrivateIp: address, AvailabilityZone: found.AvailabilityZone}, nil
}

// LookupRouteTable asks AWS for the id of the table that routes a subnet: one
// of its own, or the VPC's main one.
func LookupRouteTable(ctx *pulumi.Context, vpcId, subnetId string) (string, error) {
	found, err := ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{SubnetId: &subnetId})
	if err != nil && strings.Contains(err.Error(), "no results") { // AWS lists no subnets with the main table.
		found, err = ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{
			VpcId: &vpcId, Filters: []ec2.GetRouteTableFilter{{Name: "association.main", Values: []string{"true"}}},
		})
	}
	if err != nil {
		return "", err
	}
	return found.RouteTableId, nil
}

// routeTableOf is the table of a subnet that awsx creates with one.
func routeTableOf(ctx *pulumi.Context, subnetId pulumi.StringInput, parent pulumi.Resource) pulumi.StringOutput {
	return ec2.LookupRouteTableOutput(ctx, ec2.LookupRouteTableOutputArgs{SubnetId: stringPtr(subnetId)}, pulumi.Parent(parent)).RouteTableId()
}

// nodeAddress is the private IPv4 address that an Application Load Balancer has
// in one of its subnets. It has more of them there while it is scaled out, of
// which this is always the same one, as long as that is there.
// https://repost.aws/knowledge-center/elb-find-load-balancer-IP
func nodeAddress(ctx *pulumi.Context, balancer *lb.LoadBalancer, subnetId pulumi.StringInput, parent pulumi.Resource) pulumi.StringOutput {
	filter := func(name string, value pulumi.StringInput) *ec2.GetNetworkInterfacesFilterArgs {
		return &ec2.GetNetworkInterfacesFilterArgs{Name: pulumi.String(name), Values: pulumi.StringArray{value}}
	}
	nodes := ec2.GetNetworkInterfacesOutput(ctx, ec2.GetNetworkInterfacesOutputArgs{Filters: ec2.GetNetworkInterfacesFilterArray{
		filter("description", pulumi.Sprintf("ELB %s", balancer.ArnSuffix)), filter("subnet-id", subnetId),
	}}, pulumi.Parent(parent))
	id := nodes.Ids().ApplyT(func(ids []string) (pulumi.StringOutput, error) { return nodeOf(ids, ctx.DryRun()) }).(pulumi.StringOutput)
	return ec2.LookupNetworkInterfaceOutput(ctx, ec2.LookupNetworkInterfaceOutputArgs{Id: stringPtr(id)}, pulumi.Parent(parent)).PrivateIp()
}

// nodeOf picks one of the ids, whose order says nothing. At preview there may be
// none: the load balancer is yet to go into the subnet.
func nodeOf(ids []string, preview bool) (pulumi.StringOutput, error) {
	switch {
	case len(ids) > 0:
		return pulumi.String(slices.Min(ids)).ToStringOutput(), nil
	case preview:
		return pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" }).(pulumi.StringOutput), nil
	}
	return pulumi.StringOutput{}, errors.New("the load balancer has no network interface in one of its subnets yet; deploy again")
}

// ipv6RangeOf is the IPv6 range with a number in a VPC that the stack creates.
func ipv6RangeOf(ctx *pulumi.Context, vpcId pulumi.StringInput, number int, parent pulumi.Resource) pulumi.StringPtrInput {
	vpc := ec2.LookupVpcOutput(ctx, ec2.LookupVpcOutputArgs{Id: stringPtr(vpcId)}, pulumi.Parent(parent))
	return stringPtr(vpc.Ipv6CidrBlock().ApplyT(func(text string) (string, error) {
		cidr, err := netip.ParsePrefix(text)
		if err != nil {
			return "", fmt.Errorf("the VPC's IPv6 range: %w", err)
		}
		subnet, err := addressplan.Subnet6(cidr, number)
		return subnet.String(), err
	}).(pulumi.StringOutput))
}

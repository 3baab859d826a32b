package components

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/addressplan"
)

// Environment is where a stack is deployed, according to the provider's
// credentials and region.
type Environment struct {
	Region    string // Such as us-east-1.
	AccountId string // Twelve digits.
	Partition string // aws, aws-cn or aws-us-gov.
	DnsSuffix string // The end of AWS's names, such as amazonaws.com.
	// ReverseDnsPrefix is the start of the names of AWS's endpoint services, such as com.amazonaws.
	ReverseDnsPrefix string
}

// LookupEnvironment asks AWS for the region, account and partition in use.
func LookupEnvironment(ctx *pulumi.Context, opts ...pulumi.InvokeOption) (*Environment, error) {
	region, err := aws.GetRegion(ctx, nil, opts...)
	if err != nil {
		return nil, fmt.Errorf("region: %w", err)
	}
	caller, err := aws.GetCallerIdentity(ctx, nil, opts...)
	if err != nil {
		return nil, fmt.Errorf("caller identity: %w", err)
	}
	partition, err := aws.GetPartition(ctx, nil, opts...)
	if err != nil {
		return nil, fmt.Errorf("partition: %w", err)
	}
	return &Environment{
		Region:    region.Name,
		AccountId: caller.AccountId,
		Partition: partition.Partition,
		DnsSuffix: partition.DnsSuffix,

		ReverseDnsPrefix: partition.ReverseDnsPrefix,
	}, nil
}

// LookupZoneIds asks AWS for the Availability Zones of the region and returns
// the ID of each by its name. An ID, such as use1-az1, is the same place for
// every account. A name can be a different place in each account, so the names
// are those of the account that asks.
// https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
func LookupZoneIds(ctx *pulumi.Context, opts ...pulumi.InvokeOption) (map[string]string, error) {
	found, err := aws.GetAvailabilityZones(ctx, nil, opts...)
	if err != nil {
		return nil, fmt.Errorf("availability zones: %w", err)
	}
	ids := map[string]string{}
	for i, name := range found.Names {
		ids[name] = found.ZoneIds[i]
	}
	return ids, nil
}

// ServiceDetail describes a service that interface endpoints connect to. AWS
// shows it to accounts that may create an endpoint.
type ServiceDetail struct {
	Name                    string   // Such as com.amazonaws.us-east-1.execute-api.
	AvailabilityZones       []string // Where it can have endpoints; it may lack a zone. Empty if AWS does not say.
	SupportedIpAddressTypes []string // ipv4, ipv6 or both.
	AcceptanceRequired      bool     // Whether its owner must accept an endpoint first.
	PrivateDnsName          string   // Empty without one.
}

// SupportsZone reports whether the service can have an endpoint in a zone. A
// service that does not say where it has endpoints supports every zone.
func (s *ServiceDetail) SupportsZone(zone string) bool {
	return len(s.AvailabilityZones) == 0 || slices.Contains(s.AvailabilityZones, zone)
}

// LookupExecuteApiService asks AWS for API Gateway's endpoint service in the
// region.
func LookupExecuteApiService(ctx *pulumi.Context, opts ...pulumi.InvokeOption) (*ServiceDetail, error) {
	args := &ec2.LookupVpcEndpointServiceArgs{Service: pulumi.StringRef("execute-api")}
	return lookupEndpointService(ctx, args, opts...)
}

// LookupEndpointService asks AWS for an endpoint service by its name. Its zones
// have the names of the account that asks.
func LookupEndpointService(
	ctx *pulumi.Context, name string, opts ...pulumi.InvokeOption,
) (*ServiceDetail, error) {
	return lookupEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{ServiceName: &name}, opts...)
}

// lookupEndpointService asks AWS for the one service that args describe.
func lookupEndpointService(
	ctx *pulumi.Context, args *ec2.LookupVpcEndpointServiceArgs, opts ...pulumi.InvokeOption,
) (*ServiceDetail, error) {
	found, err := ec2.LookupVpcEndpointService(ctx, args, opts...)
	if err != nil {
		return nil, fmt.Errorf("endpoint service: %w", err)
	}
	return &ServiceDetail{
		Name:                    found.ServiceName,
		AvailabilityZones:       found.AvailabilityZones,
		SupportedIpAddressTypes: found.SupportedIpAddressTypes,
		AcceptanceRequired:      found.AcceptanceRequired,
		PrivateDnsName:          found.PrivateDnsName,
	}, nil
}

// HostedZone describes an existing Route 53 zone.
type HostedZone struct {
	Id      string
	Name    string // Without the final dot.
	Comment string
	Private bool
}

// LookupHostedZone asks AWS for a zone by its ID.
func LookupHostedZone(ctx *pulumi.Context, id string, opts ...pulumi.InvokeOption) (*HostedZone, error) {
	return lookupZone(ctx, &route53.LookupZoneArgs{ZoneId: pulumi.StringRef(id)}, opts...)
}

// LookupPrivateZone asks AWS for the private zone of a name that is associated with
// a VPC. It returns nil if there is none.
func LookupPrivateZone(
	ctx *pulumi.Context, name, vpcId string, opts ...pulumi.InvokeOption,
) (*HostedZone, error) {
	zone, err := lookupZone(ctx, &route53.LookupZoneArgs{
		Name: pulumi.StringRef(name), VpcId: pulumi.StringRef(vpcId), PrivateZone: pulumi.BoolRef(true),
	}, opts...)
	if err != nil && noneFound(err) {
		return nil, nil
	}
	return zone, err
}

// noneFound reports whether a lookup failed because nothing is as it asked. The error
// comes from another process, so its text is all that there is.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/tfresource/errors.go
func noneFound(err error) bool {
	return strings.Contains(err.Error(), "no matching") || strings.Contains(err.Error(), "no results")
}

// lookupZone asks AWS for the one zone that args describe.
func lookupZone(
	ctx *pulumi.Context, args *route53.LookupZoneArgs, opts ...pulumi.InvokeOption,
) (*HostedZone, error) {
	found, err := route53.LookupZone(ctx, args, opts...)
	if err != nil {
		return nil, err
	}
	private := found.PrivateZone != nil && *found.PrivateZone
	return &HostedZone{Id: found.ZoneId, Name: found.Name, Comment: found.Comment, Private: private}, nil
}

// ExistingVpc describes an existing VPC, with the attributes that decide whether
// private names resolve in it.
type ExistingVpc struct {
	CidrBlocks         []netip.Prefix // The IPv4 ranges.
	EnableDnsSupport   bool
	EnableDnsHostnames bool
	OwnerId            string // The account that owns it. Others use it if the owner shares subnets.
}

// LookupVpc asks AWS for a VPC by its ID.
func LookupVpc(ctx *pulumi.Context, id string, opts ...pulumi.InvokeOption) (*ExistingVpc, error) {
	found, err := ec2.LookupVpc(ctx, &ec2.LookupVpcArgs{Id: &id}, opts...)
	if err != nil {
		return nil, err
	}
	vpc := &ExistingVpc{
		EnableDnsSupport: found.EnableDnsSupport, EnableDnsHostnames: found.EnableDnsHostnames, OwnerId: found.OwnerId,
	}
	for _, association := range found.CidrBlockAssociations {
		cidr, err := netip.ParsePrefix(association.CidrBlock)
		if err != nil {
			return nil, fmt.Errorf("its IPv4 range: %w", err)
		}
		vpc.CidrBlocks = append(vpc.CidrBlocks, cidr)
	}
	return vpc, nil
}

// LookupSubnet asks AWS for a subnet by its ID. It returns an error if the
// subnet is in another VPC than vpcId or has no IPv4 range.
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
	subnet := &Subnet{
		Id: pulumi.String(id), CidrBlock: cidr, AvailabilityZone: found.AvailabilityZone,
		FreeAddresses: found.AvailableIpAddressCount,
	}
	if found.Ipv6CidrBlock != "" {
		subnet.Ipv6CidrBlock = pulumi.String(found.Ipv6CidrBlock)
	}
	return subnet, nil
}

// ExistingInstance describes an existing EC2 instance.
type ExistingInstance struct {
	PrivateIp        netip.Addr
	AvailabilityZone string
}

// LookupInstance asks AWS for an instance by its ID. It returns an error if the
// instance is in another VPC than vpcId.
func LookupInstance(
	ctx *pulumi.Context, id, vpcId string, opts ...pulumi.InvokeOption,
) (*ExistingInstance, error) {
	found, err := ec2.LookupInstance(ctx, &ec2.LookupInstanceArgs{InstanceId: &id}, opts...)
	if err != nil {
		return nil, err
	}
	if _, err := LookupSubnet(ctx, found.SubnetId, vpcId, opts...); err != nil {
		return nil, fmt.Errorf("its subnet %s: %w", found.SubnetId, err)
	}
	address, err := netip.ParseAddr(found.PrivateIp)
	if err != nil {
		return nil, fmt.Errorf("its IPv4 address: %w", err)
	}
	return &ExistingInstance{PrivateIp: address, AvailabilityZone: found.AvailabilityZone}, nil
}

// RouteTable describes an existing route table.
type RouteTable struct {
	Id              string
	InternetGateway bool // Whether a route leads to an internet gateway.
}

// LookupRouteTable asks AWS for the route table of a subnet: the table that is
// associated with the subnet, or otherwise the VPC's main table.
func LookupRouteTable(
	ctx *pulumi.Context, vpcId, subnetId string, opts ...pulumi.InvokeOption,
) (*RouteTable, error) {
	found, err := ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{SubnetId: &subnetId}, opts...)
	// AWS lists no subnets with the main table.
	if err != nil && noneFound(err) {
		found, err = ec2.LookupRouteTable(ctx, &ec2.LookupRouteTableArgs{
			VpcId:   &vpcId,
			Filters: []ec2.GetRouteTableFilter{{Name: "association.main", Values: []string{"true"}}},
		}, opts...)
	}
	if err != nil {
		return nil, err
	}
	return &RouteTable{
		Id: found.RouteTableId,
		InternetGateway: slices.ContainsFunc(found.Routes, func(route ec2.GetRouteTableRoute) bool {
			return strings.HasPrefix(route.GatewayId, "igw-")
		}),
	}, nil
}

// lookupRouteTableOf returns the ID of the route table of a subnet that awsx
// creates together with a table.
func lookupRouteTableOf(s scope, subnetId pulumi.StringInput) pulumi.StringOutput {
	args := ec2.LookupRouteTableOutputArgs{SubnetId: stringPtr(subnetId)}
	return ec2.LookupRouteTableOutput(s.ctx, args, s.child).RouteTableId()
}

// lookupIpv6Range returns the IPv6 range with a number in a VPC that the stack
// creates.
func lookupIpv6Range(s scope, vpcId pulumi.StringInput, number int) pulumi.StringPtrInput {
	vpc := ec2.LookupVpcOutput(s.ctx, ec2.LookupVpcOutputArgs{Id: stringPtr(vpcId)}, s.child)
	return stringPtr(vpc.Ipv6CidrBlock().ApplyT(func(text string) (string, error) {
		cidr, err := netip.ParsePrefix(text)
		if err != nil {
			return "", fmt.Errorf("the VPC's IPv6 range: %w", err)
		}
		subnet, err := addressplan.Subnet6(cidr, number)
		return subnet.String(), err
	}).(pulumi.StringOutput))
}

// lookupNodeAddress returns the private IPv4 address of an Application Load
// Balancer in one of its subnets. While it is scaled out it has several there.
// The result is then always the same one, as long as that one exists.
// https://repost.aws/knowledge-center/elb-find-load-balancer-IP
func lookupNodeAddress(s scope, balancer *lb.LoadBalancer, subnetId pulumi.StringInput) pulumi.StringOutput {
	filter := func(name string, value pulumi.StringInput) *ec2.GetNetworkInterfacesFilterArgs {
		return &ec2.GetNetworkInterfacesFilterArgs{Name: pulumi.String(name), Values: pulumi.StringArray{value}}
	}
	interfaces := ec2.GetNetworkInterfacesOutput(s.ctx, ec2.GetNetworkInterfacesOutputArgs{
		Filters: ec2.GetNetworkInterfacesFilterArray{
			filter("description", pulumi.Sprintf("ELB %s", balancer.ArnSuffix)),
			filter("subnet-id", subnetId),
		},
	}, s.child)
	id := interfaces.Ids().ApplyT(func(ids []string) (pulumi.StringOutput, error) {
		return firstInterface(ids, s.ctx.DryRun())
	}).(pulumi.StringOutput)
	args := ec2.LookupNetworkInterfaceOutputArgs{Id: stringPtr(id)}
	return ec2.LookupNetworkInterfaceOutput(s.ctx, args, s.child).PrivateIp()
}

// firstInterface returns the smallest of the IDs, because AWS lists them in no
// order. At preview there may be none, if the load balancer is not in the subnet
// yet. The result is unknown then.
func firstInterface(ids []string, preview bool) (pulumi.StringOutput, error) {
	switch {
	case len(ids) > 0:
		return pulumi.String(slices.Min(ids)).ToStringOutput(), nil
	case preview:
		return pulumi.UnsafeUnknownOutput(nil).ApplyT(func(any) string { return "" }).(pulumi.StringOutput), nil
	}
	return pulumi.StringOutput{}, errors.New(
		"the load balancer has no network interface in one of its subnets yet; deploy again")
}

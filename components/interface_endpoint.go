package components

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// interfaceEndpointArgs describes what all interface endpoints have in common.
type interfaceEndpointArgs struct {
	description       string // Describes its security group. A change replaces the group.
	vpcId             pulumi.StringInput
	serviceName       pulumi.StringInput
	subnets           []Subnet     // One per zone.
	addresses         []netip.Addr // The IPv4 address in each subnet. Nil if AWS chooses.
	clientCidrs       []netip.Prefix
	privateDnsEnabled pulumi.BoolPtrInput // Nil if another resource enables it.
}

// newInterfaceEndpoint registers an endpoint, with opts, and a security group
// that admits its clients.
func newInterfaceEndpoint(
	s scope, args *interfaceEndpointArgs, opts ...pulumi.ResourceOption,
) (*ec2.VpcEndpoint, *ec2.SecurityGroup, error) {
	group, err := newSecurityGroup(s, &SecurityGroupArgs{
		VpcId:       args.vpcId,
		Description: args.description,
		Ingress:     RangePeers(args.clientCidrs),
	})
	if err != nil {
		return nil, nil, fmt.Errorf("security group: %w", err)
	}
	endpoint, err := ec2.NewVpcEndpoint(s.ctx, s.name+"-vpce", args.endpoint(group), append(opts, s.child)...)
	if err != nil {
		return nil, nil, fmt.Errorf("endpoint: %w", err)
	}
	return endpoint, group, nil
}

// endpoint returns the endpoint's arguments.
func (args *interfaceEndpointArgs) endpoint(group *ec2.SecurityGroup) *ec2.VpcEndpointArgs {
	endpoint := &ec2.VpcEndpointArgs{
		VpcId:             args.vpcId,
		ServiceName:       stringPtr(args.serviceName),
		VpcEndpointType:   pulumi.String("Interface"),
		IpAddressType:     pulumi.String("ipv4"),
		SubnetIds:         subnetIds(args.subnets),
		SecurityGroupIds:  pulumi.StringArray{group.ID()},
		PrivateDnsEnabled: args.privateDnsEnabled,
	}
	if args.addresses == nil {
		return endpoint
	}
	pinned := ec2.VpcEndpointSubnetConfigurationArray{}
	for i, subnet := range args.subnets {
		pinned = append(pinned, &ec2.VpcEndpointSubnetConfigurationArgs{
			SubnetId: subnet.Id,
			Ipv4:     pulumi.String(args.addresses[i].String()),
		})
	}
	endpoint.SubnetConfigurations = pinned
	return endpoint
}

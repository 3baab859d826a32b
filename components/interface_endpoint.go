package components

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// interfaceEndpointArgs describes what every interface endpoint has.
type interfaceEndpointArgs struct {
	description       string // Of its security group.
	vpcId             pulumi.StringInput
	serviceName       pulumi.StringInput
	subnets           []Subnet     // One per zone.
	addresses         []netip.Addr // The IPv4 address in each of the subnets; AWS chooses where there are none.
	clientCidrs       []netip.Prefix
	privateDnsEnabled pulumi.BoolPtrInput // Nil where something else enables it.
}

// newInterfaceEndpoint registers an endpoint, and the security group that
// admits its clients.
func newInterfaceEndpoint(ctx *pulumi.Context, name string, args *interfaceEndpointArgs, child pulumi.ResourceOption, opts ...pulumi.ResourceOption) (*ec2.VpcEndpoint, *ec2.SecurityGroup, error) {
	group, err := newSecurityGroup(ctx, name, args.description, args.vpcId, RangePeers(args.clientCidrs), nil, child)
	if err != nil {
		return nil, nil, fmt.Errorf("security group: %w", err)
	}
	endpoint, err := ec2.NewVpcEndpoint(ctx, name+"-vpce", args.endpoint(group), append(opts, child)...)
	if err != nil {
		return nil, nil, fmt.Errorf("endpoint: %w", err)
	}
	return endpoint, group, nil
}

func (args *interfaceEndpointArgs) endpoint(group *ec2.SecurityGroup) *ec2.VpcEndpointArgs {
	endpoint := &ec2.VpcEndpointArgs{
		VpcId:             args.vpcId,
		ServiceName:       stringPtr(args.serviceName),
		VpcEndpointType:   pulumi.String("Interface"),
		IpAddressType:     pulumi.String("ipv4"),
		SecurityGroupIds:  pulumi.StringArray{group.ID()},
		PrivateDnsEnabled: args.privateDnsEnabled,
	}
	ids, pinned := pulumi.StringArray{}, ec2.VpcEndpointSubnetConfigurationArray{}
	for i, subnet := range args.subnets {
		ids = append(ids, subnet.Id)
		if args.addresses != nil {
			pinned = append(pinned, &ec2.VpcEndpointSubnetConfigurationArgs{SubnetId: subnet.Id, Ipv4: pulumi.String(args.addresses[i].String())})
		}
	}
	endpoint.SubnetIds = ids
	if args.addresses != nil {
		endpoint.SubnetConfigurations = pinned
	}
	return endpoint
}

package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ExistingNetworkArgs describes a VPC and those of its subnets that a stack
// uses. All fields are required.
type ExistingNetworkArgs struct {
	VpcId   string
	Subnets []Subnet // Each Id is a pulumi.String.
}

// ExistingNetwork is a network that the stack uses and does not manage. It is
// part of the stack's state so that `pulumi policy analyze` knows the network's
// zones and ranges, which IDs do not tell. A preview or update sends policies
// only what the stack manages.
// https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/resource/deploy/step_executor.go
type ExistingNetwork struct{ pulumi.ResourceState }

const existingNetworkType = typePrefix + "ExistingNetwork"

// NewExistingNetwork reads the VPC and the subnets into the stack's state.
func NewExistingNetwork(
	ctx *pulumi.Context, name string, args *ExistingNetworkArgs, opts ...pulumi.ResourceOption,
) (*ExistingNetwork, error) {
	c := &ExistingNetwork{}
	inputs := pulumi.Map{"vpcId": pulumi.String(args.VpcId)}
	if err := ctx.RegisterComponentResourceV2(existingNetworkType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	if _, err := ec2.GetVpc(ctx, name+"-"+args.VpcId, pulumi.ID(args.VpcId), nil, child); err != nil {
		return nil, failed("ExistingNetwork", name, args.VpcId, err)
	}
	for _, subnet := range args.Subnets {
		id := string(subnet.Id.(pulumi.String))
		if _, err := ec2.GetSubnet(ctx, name+"-"+id, pulumi.ID(id), nil, child); err != nil {
			return nil, failed("ExistingNetwork", name, id, err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ExistingNetworkArgs names a VPC and the subnets of it that a stack uses.
type ExistingNetworkArgs struct {
	VpcId   string
	Subnets []Subnet // With plain ids.
}

// ExistingNetwork is a network that the stack uses and does not manage. It is
// in the stack's state so that `pulumi policy analyze` knows its zones and
// ranges, which nobody could read from ids alone. A preview or update sends
// policies only what the stack manages.
// https://github.com/pulumi/pulumi/blob/v3.258.0/pkg/resource/deploy/step_executor.go
type ExistingNetwork struct{ pulumi.ResourceState }

var existingNetworkType = typeToken("ExistingNetwork")

// NewExistingNetwork registers the VPC and the subnets as resources that are
// only read.
func NewExistingNetwork(ctx *pulumi.Context, name string, args *ExistingNetworkArgs, opts ...pulumi.ResourceOption) (*ExistingNetwork, error) {
	c := &ExistingNetwork{}
	if err := ctx.RegisterComponentResourceV2(existingNetworkType, name, pulumi.Map{"vpcId": pulumi.String(args.VpcId)}, c, opts...); err != nil {
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

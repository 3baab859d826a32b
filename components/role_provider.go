package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewRoleProvider registers a provider for the resources of another account. It
// assumes a role there with the stack's credentials, in one region.
func NewRoleProvider(
	ctx *pulumi.Context, name, roleArn, region string, opts ...pulumi.ResourceOption,
) (pulumi.ProviderResource, error) {
	args := &aws.ProviderArgs{
		Region:     pulumi.String(region),
		AssumeRole: &aws.ProviderAssumeRoleArgs{RoleArn: pulumi.String(roleArn)},
	}
	if profile, given := ctx.GetConfig("aws:profile"); given {
		args.Profile = pulumi.String(profile)
	}
	return aws.NewProvider(ctx, name, args, opts...)
}

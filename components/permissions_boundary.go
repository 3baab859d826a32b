package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// BoundRoles gives a permissions boundary to every role that the program registers
// from now on. It does nothing if the ARN is empty.
func BoundRoles(ctx *pulumi.Context, policyArn string) error {
	if policyArn == "" {
		return nil
	}
	return ctx.RegisterStackTransformation(
		func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
			if role, ok := args.Props.(*iam.RoleArgs); ok {
				role.PermissionsBoundary = pulumi.String(policyArn)
			}
			return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
		})
}

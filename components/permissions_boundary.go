package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// BoundRoles returns a transformation that gives a permissions boundary to every role. It
// does nothing if the ARN is empty.
func BoundRoles(policyArn string) pulumi.ResourceTransformation {
	return func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		if role, ok := args.Props.(*iam.RoleArgs); ok && policyArn != "" {
			role.PermissionsBoundary = pulumi.String(policyArn)
		}
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
	}
}

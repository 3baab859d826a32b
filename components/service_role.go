package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// newServiceRole registers a role that an AWS service assumes, with inline policies,
// and attaches one of AWS's managed policies for service roles.
func newServiceRole(
	s scope, service, partition, managedPolicy string, inline ...iam.RoleInlinePolicyInput,
) (*iam.Role, *iam.RolePolicyAttachment, error) {
	args := &iam.RoleArgs{AssumeRolePolicy: pulumi.String(policydoc.Trust(service).JSON())}
	if len(inline) > 0 {
		args.InlinePolicies = iam.RoleInlinePolicyArray(inline)
	}
	role, err := iam.NewRole(s.ctx, s.name+"-role", args, s.child)
	if err != nil {
		return nil, nil, err
	}
	attachment, err := iam.NewRolePolicyAttachment(s.ctx, s.name+"-policy", &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String("arn:" + partition + ":iam::aws:policy/service-role/" + managedPolicy),
	}, s.child)
	return role, attachment, err
}

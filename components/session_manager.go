package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// newSessionProfile registers an instance profile with what Systems Manager needs for
// sessions, its role, and the attachment of the role's policy. The agent is part of
// Amazon Linux 2023.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-getting-started-instance-profile.html
func newSessionProfile(s scope, partition string) (*iam.InstanceProfile, pulumi.Resource, error) {
	role, err := iam.NewRole(s.ctx, s.name+"-session-role", &iam.RoleArgs{
		AssumeRolePolicy: pulumi.String(policydoc.Trust("ec2.amazonaws.com").JSON()),
	}, s.child)
	if err != nil {
		return nil, nil, fmt.Errorf("role: %w", err)
	}
	attached, err := iam.NewRolePolicyAttachment(s.ctx, s.name+"-session-policy", &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String("arn:" + partition + ":iam::aws:policy/AmazonSSMManagedInstanceCore"),
	}, s.child)
	if err != nil {
		return nil, nil, fmt.Errorf("policy: %w", err)
	}
	profile, err := iam.NewInstanceProfile(s.ctx, s.name+"-session-profile", &iam.InstanceProfileArgs{
		Role: role.Name,
	}, s.child)
	return profile, attached, err
}

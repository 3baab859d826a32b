package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// FlowLogsArgs describes the flow logs of a VPC. All fields except KmsKeyArn are
// required.
type FlowLogsArgs struct {
	AccountId     string // The account of the VPC.
	TrafficType   string // ALL, ACCEPT or REJECT.
	RetentionDays int
	KmsKeyArn     string // Of the log group; empty for the keys of CloudWatch Logs.
}

// newFlowLogs registers the flow logs of a VPC, their log group, and the role that
// writes them. The role cannot create log groups: a late record would create the group
// again, without retention, after its deletion.
// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
func newFlowLogs(s scope, vpcId pulumi.StringInput, args *FlowLogsArgs) error {
	logs, err := cloudwatch.NewLogGroup(s.ctx, s.name+"-logs", &cloudwatch.LogGroupArgs{
		RetentionInDays: pulumi.Int(args.RetentionDays), KmsKeyId: optional(args.KmsKeyArn),
	}, s.child)
	if err != nil {
		return err
	}
	trust := policydoc.TrustFrom("vpc-flow-logs.amazonaws.com", args.AccountId)
	role, err := iam.NewRole(s.ctx, s.name+"-role", &iam.RoleArgs{
		AssumeRolePolicy: pulumi.String(trust.JSON()),
	}, s.child)
	if err != nil {
		return err
	}
	policy, err := iam.NewRolePolicy(s.ctx, s.name+"-policy", &iam.RolePolicyArgs{
		Role:   role.Name,
		Policy: logs.Arn.ApplyT(func(arn string) string { return policydoc.WriteLogs(arn).JSON() }),
	}, s.child)
	if err != nil {
		return err
	}
	_, err = ec2.NewFlowLog(s.ctx, s.name+"-log", &ec2.FlowLogArgs{
		VpcId:          stringPtr(vpcId),
		TrafficType:    pulumi.String(args.TrafficType),
		LogDestination: logs.Arn,
		IamRoleArn:     role.Arn,
	}, s.child, pulumi.DependsOn([]pulumi.Resource{policy}))
	return err
}

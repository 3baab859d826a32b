package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// HelloFunctionArgs describes the hello function. All fields are required.
type HelloFunctionArgs struct {
	Partition        string
	Archive          string // Path of the zip that `make lambda` builds.
	MemorySize       int    // MiB.
	TimeoutSeconds   int
	LogRetentionDays int
}

// HelloFunction answers {"message": "hello world"}.
type HelloFunction struct {
	pulumi.ResourceState

	Name      pulumi.StringOutput
	InvokeArn pulumi.StringOutput // What an API Gateway integration calls.
}

var helloFunctionType = typeToken("HelloFunction")

// NewHelloFunction registers the function, its role and its log group.
func NewHelloFunction(ctx *pulumi.Context, name string, args *HelloFunctionArgs, opts ...pulumi.ResourceOption) (*HelloFunction, error) {
	c := &HelloFunction{}
	if err := ctx.RegisterComponentResourceV2(helloFunctionType, name, pulumi.Map{}, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	role, attached, err := newServiceRole(ctx, name, "lambda.amazonaws.com", args.Partition, "AWSLambdaBasicExecutionRole", child)
	if err != nil {
		return nil, failed("HelloFunction", name, "role", err)
	}
	logs, err := cloudwatch.NewLogGroup(ctx, name+"-logs", &cloudwatch.LogGroupArgs{RetentionInDays: pulumi.Int(args.LogRetentionDays)}, child)
	if err != nil {
		return nil, failed("HelloFunction", name, "log group", err)
	}
	function, err := lambda.NewFunction(ctx, name+"-function", args.function(role, logs), child, pulumi.DependsOn([]pulumi.Resource{attached}))
	if err != nil {
		return nil, failed("HelloFunction", name, "function", err)
	}
	c.Name, c.InvokeArn = function.Name, function.InvokeArn
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"name": c.Name})
}

func (args *HelloFunctionArgs) function(role *iam.Role, logs *cloudwatch.LogGroup) *lambda.FunctionArgs {
	return &lambda.FunctionArgs{
		Runtime:       lambda.RuntimeCustomAL2023,
		Architectures: pulumi.StringArray{pulumi.String("arm64")},
		Handler:       pulumi.String("bootstrap"),
		Code:          pulumi.NewFileArchive(args.Archive),
		Role:          role.Arn,
		MemorySize:    pulumi.Int(args.MemorySize),
		Timeout:       pulumi.Int(args.TimeoutSeconds),
		LoggingConfig: &lambda.FunctionLoggingConfigArgs{LogFormat: pulumi.String("JSON"), LogGroup: logs.Name},
	}
}

// newServiceRole registers a role that an AWS service assumes, with one of
// AWS's managed policies for service roles.
func newServiceRole(ctx *pulumi.Context, name, service, partition, managedPolicy string, child pulumi.ResourceOption) (*iam.Role, *iam.RolePolicyAttachment, error) {
	role, err := iam.NewRole(ctx, name+"-role", &iam.RoleArgs{AssumeRolePolicy: pulumi.String(policydoc.Trust(service).JSON())}, child)
	if err != nil {
		return nil, nil, err
	}
	attachment, err := iam.NewRolePolicyAttachment(ctx, name+"-policy", &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String(fmt.Sprintf("arn:%s:iam::aws:policy/service-role/%s", partition, managedPolicy)),
	}, child)
	return role, attachment, err
}

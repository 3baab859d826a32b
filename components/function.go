package components

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// FunctionArgs describes a function. All fields but Network and Environment are
// required.
type FunctionArgs struct {
	Partition        string
	Archive          string // Path of a zip that `make lambda` builds.
	MemorySize       int    // MiB.
	TimeoutSeconds   int
	LogRetentionDays int
	Network          *FunctionNetwork // Nil: in none of the account's VPCs.
	Environment      map[string]pulumi.StringInput
}

// FunctionNetwork is where a function has network interfaces for what it calls.
// What calls the function does not come this way.
type FunctionNetwork struct {
	Subnets         []Subnet
	SecurityGroupId pulumi.StringInput
	Ipv6            bool // Whether it uses IPv6 too, in dualstack subnets.
	// After is what has fixed addresses in the subnets: AWS could give one of
	// them to the function else.
	After []pulumi.Resource
}

// Function is a function in Go on Lambda.
type Function struct {
	pulumi.ResourceState

	Name      pulumi.StringOutput
	InvokeArn pulumi.StringOutput // What an API Gateway integration calls.
}

var functionType = typeToken("Function")

// NewFunction registers the function, its role and its log group.
func NewFunction(ctx *pulumi.Context, name string, args *FunctionArgs, opts ...pulumi.ResourceOption) (*Function, error) {
	c := &Function{}
	if err := ctx.RegisterComponentResourceV2(functionType, name, pulumi.Map{}, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	role, attached, err := newServiceRole(ctx, name, "lambda.amazonaws.com", args.Partition, args.managedPolicy(), child)
	if err != nil {
		return nil, failed("Function", name, "role", err)
	}
	logs, err := cloudwatch.NewLogGroup(ctx, name+"-logs", &cloudwatch.LogGroupArgs{RetentionInDays: pulumi.Int(args.LogRetentionDays)}, child)
	if err != nil {
		return nil, failed("Function", name, "log group", err)
	}
	function, err := lambda.NewFunction(ctx, name+"-function", args.function(role, logs), child, dependsOn(args.after(attached)))
	if err != nil {
		return nil, failed("Function", name, "function", err)
	}
	c.Name, c.InvokeArn = function.Name, function.InvokeArn
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"name": c.Name})
}

func (args *FunctionArgs) after(attached pulumi.Resource) []pulumi.Resource {
	if args.Network == nil {
		return []pulumi.Resource{attached}
	}
	return append(slices.Clone(args.Network.After), attached)
}

// managedPolicy lets a function write logs and, in a VPC, have its interfaces.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
func (args *FunctionArgs) managedPolicy() string {
	if args.Network != nil {
		return "AWSLambdaVPCAccessExecutionRole"
	}
	return "AWSLambdaBasicExecutionRole"
}

func (args *FunctionArgs) function(role *iam.Role, logs *cloudwatch.LogGroup) *lambda.FunctionArgs {
	function := &lambda.FunctionArgs{
		Runtime:       lambda.RuntimeCustomAL2023,
		Architectures: pulumi.StringArray{pulumi.String("arm64")},
		Handler:       pulumi.String("bootstrap"),
		Code:          pulumi.NewFileArchive(args.Archive),
		Role:          role.Arn,
		MemorySize:    pulumi.Int(args.MemorySize),
		Timeout:       pulumi.Int(args.TimeoutSeconds),
		LoggingConfig: &lambda.FunctionLoggingConfigArgs{LogFormat: pulumi.String("JSON"), LogGroup: logs.Name},
	}
	if args.Network != nil {
		function.VpcConfig = args.Network.config()
	}
	if len(args.Environment) > 0 {
		variables := pulumi.StringMap{}
		maps.Copy(variables, args.Environment)
		function.Environment = &lambda.FunctionEnvironmentArgs{Variables: variables}
	}
	return function
}

func (n *FunctionNetwork) config() *lambda.FunctionVpcConfigArgs {
	ids := pulumi.StringArray{}
	for _, subnet := range n.Subnets {
		ids = append(ids, subnet.Id)
	}
	return &lambda.FunctionVpcConfigArgs{
		SubnetIds:               ids,
		SecurityGroupIds:        pulumi.StringArray{n.SecurityGroupId},
		Ipv6AllowedForDualStack: pulumi.Bool(n.Ipv6),
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

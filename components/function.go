package components

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// FunctionArgs describes a Lambda function. All fields except Network,
// Environment and Tracing are required.
type FunctionArgs struct {
	Partition        string
	Archive          string // Path of a zip file that `make lambda` builds.
	MemorySize       int    // MiB.
	TimeoutSeconds   int
	LogRetentionDays int
	Network          *FunctionNetwork // Nil for a function in no VPC of the account.
	Environment      map[string]pulumi.StringInput
	Tracing          bool // Whether the function adds its part to the traces of X-Ray.
}

// FunctionNetwork describes where a function has network interfaces for its own
// calls. Calls to the function do not use them.
type FunctionNetwork struct {
	Subnets         []Subnet
	SecurityGroupId pulumi.StringInput
	Ipv6            bool // Whether it also uses IPv6. The subnets are then dualstack.
	// DependsOn holds the resources with fixed addresses in the subnets. Without
	// it, AWS could give one of these addresses to the function.
	DependsOn []pulumi.Resource
}

// Function is a Lambda function in Go, its role and its log group. It costs per
// invocation and duration.
type Function struct {
	pulumi.ResourceState

	Name      pulumi.StringOutput
	InvokeArn pulumi.StringOutput // What an API Gateway integration calls.
}

const functionType = typePrefix + "Function"

// NewFunction registers the function, its role and its log group.
func NewFunction(
	ctx *pulumi.Context, name string, args *FunctionArgs, opts ...pulumi.ResourceOption,
) (*Function, error) {
	c := &Function{}
	if err := ctx.RegisterComponentResourceV2(functionType, name, pulumi.Map{}, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	role, attached, err := newServiceRole(s, "lambda.amazonaws.com", args.Partition, args.managedPolicy())
	if err != nil {
		return nil, failed("Function", name, "role", err)
	}
	retention := &cloudwatch.LogGroupArgs{RetentionInDays: pulumi.Int(args.LogRetentionDays)}
	logs, err := cloudwatch.NewLogGroup(ctx, name+"-logs", retention, s.child)
	if err != nil {
		return nil, failed("Function", name, "log group", err)
	}
	ready := args.after(attached)
	if args.Tracing {
		traced, err := newTracing(s, role, args.Partition)
		if err != nil {
			return nil, failed("Function", name, "policy for traces", err)
		}
		ready = append(ready, traced)
	}
	after := dependsOn(ready)
	function, err := lambda.NewFunction(ctx, name+"-function", args.function(role, logs), s.child, after)
	if err != nil {
		return nil, failed("Function", name, "function", err)
	}
	c.Name, c.InvokeArn = function.Name, function.InvokeArn
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"name": c.Name})
}

// after returns the resources that the function depends on, the attachment of
// its role's policy included.
func (args *FunctionArgs) after(attached pulumi.Resource) []pulumi.Resource {
	if args.Network == nil {
		return []pulumi.Resource{attached}
	}
	return append(slices.Clone(args.Network.DependsOn), attached)
}

// newTracing lets a function with the role send traces. Without it, Lambda refuses
// a function with tracing.
// https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
func newTracing(s scope, role *iam.Role, partition string) (pulumi.Resource, error) {
	return iam.NewRolePolicyAttachment(s.ctx, s.name+"-tracing", &iam.RolePolicyAttachmentArgs{
		Role:      role.Name,
		PolicyArn: pulumi.String("arn:" + partition + ":iam::aws:policy/AWSXRayDaemonWriteAccess"),
	}, s.child)
}

// managedPolicy returns the name of the policy that lets the function write logs
// and, in a VPC, create its network interfaces.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
func (args *FunctionArgs) managedPolicy() string {
	if args.Network != nil {
		return "AWSLambdaVPCAccessExecutionRole"
	}
	return "AWSLambdaBasicExecutionRole"
}

// function returns the function's arguments.
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
	if args.Tracing {
		function.TracingConfig = &lambda.FunctionTracingConfigArgs{Mode: pulumi.String("Active")}
	}
	if len(args.Environment) > 0 {
		variables := pulumi.StringMap{}
		maps.Copy(variables, args.Environment)
		function.Environment = &lambda.FunctionEnvironmentArgs{Variables: variables}
	}
	return function
}

// config returns the network as Lambda expects it.
func (n *FunctionNetwork) config() *lambda.FunctionVpcConfigArgs {
	return &lambda.FunctionVpcConfigArgs{
		SubnetIds:               subnetIds(n.Subnets),
		SecurityGroupIds:        pulumi.StringArray{n.SecurityGroupId},
		Ipv6AllowedForDualStack: pulumi.Bool(n.Ipv6),
	}
}

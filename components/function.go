package components

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// FunctionArgs describes a Lambda function. All fields except Network,
// Environment, Tracing and ReservedConcurrency are required.
type FunctionArgs struct {
	Partition        string
	Archive          string // Path of a zip file.
	ImageUri         string // The image in ECR instead of Archive, Runtime and Handler.
	Runtime          string // Such as provided.al2023.
	Handler          string // What the runtime calls.
	Architecture     string // Either arm64 or x86_64.
	MemorySize       int    // MiB.
	TimeoutSeconds   int
	LogRetentionDays int
	LogKmsKeyArn     string           // A key that encrypts the logs; empty for those of CloudWatch Logs.
	Network          *FunctionNetwork // Nil for a function in no VPC of the account.
	Environment      map[string]pulumi.StringInput
	Tracing          bool // Whether the function adds its part to the traces of X-Ray.

	// ReservedConcurrency is how many requests the function serves at once, at most;
	// 0 for what the account has left.
	ReservedConcurrency int
}

// FunctionNetwork describes where a function has network interfaces for its own
// calls. Calls to the function do not use them.
type FunctionNetwork struct {
	Subnets         []Subnet
	SecurityGroupId pulumi.StringInput
	Role            *FunctionRole // Registered before the security group.
	Ipv6            bool          // Whether it also uses IPv6. The subnets are then dualstack.
	// DependsOn holds the resources with fixed addresses in the subnets. Without
	// it, AWS could give one of these addresses to the function.
	DependsOn []pulumi.Resource
}

// Function is a Lambda function, its role and its log group. It costs per
// invocation and duration.
type Function struct {
	pulumi.ResourceState

	Name      pulumi.StringOutput
	InvokeArn pulumi.StringOutput // What an API Gateway integration calls.
}

const functionType = typePrefix + "Function"

// FunctionRole is the role of a function that is not registered yet. The security
// group of a function in a VPC depends on Policy, so that the group is deleted
// first. Lambda deletes the function's network interfaces in its own time, with
// this role. The deletion of the group waits for them. If the role lost its policy
// meanwhile, the interfaces would stay, and with them the group and the subnets.
// https://github.com/terraform-aws-modules/terraform-aws-lambda/pull/327
// https://github.com/aws/aws-cdk/issues/34400
type FunctionRole struct {
	Policy pulumi.Resource // What lets the role's function run.

	role     *iam.Role
	function *Function
	scope    scope
}

// NewVpcFunctionRole registers the component of a function in a VPC and its role.
func NewVpcFunctionRole(
	ctx *pulumi.Context, name, partition string, opts ...pulumi.ResourceOption,
) (*FunctionRole, error) {
	return newFunctionRole(ctx, name, partition, functionPolicies{managed: vpcPolicy}, opts...)
}

// NewVpcCallerRole registers the component of a function in a VPC and its role, which
// may call APIs. apis are the ARNs of what it may call: see the outputs InvokeArn.
func NewVpcCallerRole(
	ctx *pulumi.Context, name, partition string, apis pulumi.StringArray, opts ...pulumi.ResourceOption,
) (*FunctionRole, error) {
	policy := apis.ToStringArrayOutput().ApplyT(func(arns []string) string {
		return policydoc.Document{{Effect: "Allow", Action: "execute-api:Invoke", Resource: arns}}.JSON()
	}).(pulumi.StringOutput)
	inline := &iam.RoleInlinePolicyArgs{Name: pulumi.String("invoke"), Policy: policy}
	policies := functionPolicies{vpcPolicy, []iam.RoleInlinePolicyInput{inline}}
	return newFunctionRole(ctx, name, partition, policies, opts...)
}

// functionPolicies are the policies of a function's role.
type functionPolicies struct {
	managed string // One of AWS's.
	inline  []iam.RoleInlinePolicyInput
}

// newFunctionRole registers the component of a function and its role.
func newFunctionRole(
	ctx *pulumi.Context, name, partition string, policies functionPolicies, opts ...pulumi.ResourceOption,
) (*FunctionRole, error) {
	c := &Function{}
	if err := ctx.RegisterComponentResourceV2(functionType, name, pulumi.Map{}, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	role, attached, err := newServiceRole(s, "lambda.amazonaws.com", partition, policies.managed, policies.inline...)
	if err != nil {
		return nil, failed("Function", name, "role", err)
	}
	return &FunctionRole{Policy: attached, role: role, function: c, scope: s}, nil
}

// NewFunction registers the function, its log group, and its role unless the
// network has one.
func NewFunction(
	ctx *pulumi.Context, name string, args *FunctionArgs, opts ...pulumi.ResourceOption,
) (*Function, error) {
	role, err := args.role(ctx, name, opts...)
	if err != nil {
		return nil, err
	}
	c, s := role.function, role.scope
	retention := &cloudwatch.LogGroupArgs{
		RetentionInDays: pulumi.Int(args.LogRetentionDays), KmsKeyId: optional(args.LogKmsKeyArn),
	}
	logs, err := cloudwatch.NewLogGroup(ctx, name+"-logs", retention, s.child)
	if err != nil {
		return nil, failed("Function", name, "log group", err)
	}
	ready := args.after(role.Policy)
	if args.Tracing {
		traced, err := newTracing(s, role.role, args.Partition)
		if err != nil {
			return nil, failed("Function", name, "policy for traces", err)
		}
		ready = append(ready, traced)
	}
	after := dependsOn(ready)
	function, err := lambda.NewFunction(ctx, name+"-function", args.function(role.role, logs), s.child, after)
	if err != nil {
		return nil, failed("Function", name, "function", err)
	}
	c.Name, c.InvokeArn = function.Name, function.InvokeArn
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"name": c.Name})
}

// role returns the role of the function's network, or registers one.
func (args *FunctionArgs) role(
	ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption,
) (*FunctionRole, error) {
	if args.Network != nil {
		return args.Network.Role, nil
	}
	return newFunctionRole(ctx, name, args.Partition, functionPolicies{managed: logsPolicy}, opts...)
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

// The managed policies that let a function write logs and, in a VPC, create and
// delete its network interfaces.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
const (
	logsPolicy = "AWSLambdaBasicExecutionRole"
	vpcPolicy  = "AWSLambdaVPCAccessExecutionRole"
)

// function returns the function's arguments.
func (args *FunctionArgs) function(role *iam.Role, logs *cloudwatch.LogGroup) *lambda.FunctionArgs {
	function := &lambda.FunctionArgs{
		Architectures: pulumi.StringArray{pulumi.String(args.Architecture)},
		Role:          role.Arn,
		MemorySize:    pulumi.Int(args.MemorySize),
		Timeout:       pulumi.Int(args.TimeoutSeconds),
		LoggingConfig: &lambda.FunctionLoggingConfigArgs{LogFormat: pulumi.String("JSON"), LogGroup: logs.Name},
	}
	if args.ImageUri != "" {
		function.PackageType, function.ImageUri = pulumi.String("Image"), pulumi.String(args.ImageUri)
	} else {
		function.Code = pulumi.NewFileArchive(args.Archive)
		function.Runtime, function.Handler = pulumi.String(args.Runtime), pulumi.String(args.Handler)
	}
	if args.Network != nil {
		function.VpcConfig = args.Network.config()
	}
	if args.ReservedConcurrency > 0 {
		function.ReservedConcurrentExecutions = pulumi.Int(args.ReservedConcurrency)
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

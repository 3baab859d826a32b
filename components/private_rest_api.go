package components

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PrivateRestApiArgs describes a private API. All fields are required. Without
// Callers, routes with AWS_IAM admit the API's account only.
type PrivateRestApiArgs struct {
	Environment Environment
	VpcId       pulumi.StringInput // The only VPC that may invoke the API.
	EndpointId  pulumi.StringInput // The API gets a {api}-{endpoint} name for this VPC endpoint.
	RoutesArgs
	Stage StageArgs
}

// PrivateRestApi is a REST API that answers through interface endpoints only,
// with a resource policy that admits one VPC:
//
//	VPC ──▶ execute-api endpoint ──▶ private REST API ──▶ backend
//
// It costs per request.
type PrivateRestApi struct {
	pulumi.ResourceState
	childTracker

	ApiId          pulumi.StringOutput
	InvokeArn      pulumi.StringOutput // The ARN of all its stages, methods and paths.
	StageName      pulumi.StringOutput
	AccessLogGroup pulumi.StringOutput // Name of the log group.
	Metrics        StageMetrics
}

const privateRestApiType = typePrefix + "PrivateRestApi"

// NewPrivateRestApi registers the API, its resource policy, its routes and its
// stage.
func NewPrivateRestApi(
	ctx *pulumi.Context, name string, args *PrivateRestApiArgs, opts ...pulumi.ResourceOption,
) (*PrivateRestApi, error) {
	c := &PrivateRestApi{}
	err := ctx.RegisterComponentResourceV2(privateRestApiType, name, args.inputs(), c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	api, err := apigateway.NewRestApi(ctx, name+"-api", args.api(), s.child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "REST API", err)
	}
	ready, err := newApiRoutes(s, api, &args.RoutesArgs)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "route", err)
	}
	snapshot := args.snapshot(api)
	snapshot["endpoint"] = associated(api)
	if args.Document == nil {
		document := args.policy(api.ExecutionArn)
		policyArgs := &apigateway.RestApiPolicyArgs{RestApiId: api.ID(), Policy: document}
		policy, err := apigateway.NewRestApiPolicy(ctx, name+"-policy", policyArgs, s.child)
		if err != nil {
			return nil, failed("PrivateRestApi", name, "policy", err)
		}
		snapshot["policy"], ready = document, append(ready, policy)
	}
	stage, err := newApiStage(ctx, name, &apiStageArgs{
		StageArgs: args.Stage,
		restApiId: api.ID(),
		snapshot:  snapshot,
		after:     ready,
	}, s.child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "stage", err)
	}
	c.ApiId, c.InvokeArn = api.ID().ToStringOutput(), pulumi.Sprintf("%s/*", api.ExecutionArn)
	c.StageName, c.AccessLogGroup = stage.stageName, stage.accessLogGroup
	c.Metrics = StageMetrics{ApiName: api.Name, StageName: stage.stageName}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"apiId": c.ApiId, "stageName": c.StageName})
}

// associated returns the endpoints of a private API. They come from the API: a
// deployment with the endpoint's own ID would be deleted before the endpoint is
// replaced, while its stage still uses it.
func associated(api *apigateway.RestApi) pulumi.StringOutput {
	return api.EndpointConfiguration.VpcEndpointIds().ApplyT(func(ids []string) string {
		return strings.Join(ids, " ")
	}).(pulumi.StringOutput)
}

// api returns the API itself. With an OpenAPI document, it has its resource policy.
func (args *PrivateRestApiArgs) api() *apigateway.RestApiArgs {
	api := &apigateway.RestApiArgs{
		EndpointConfiguration: &apigateway.RestApiEndpointConfigurationArgs{
			Types:          pulumi.String("PRIVATE"),
			VpcEndpointIds: pulumi.StringArray{args.EndpointId},
		},
		BinaryMediaTypes: args.mediaTypes(),
	}
	if args.Document != nil {
		arns := pulumi.String(executionArns(args.Environment)).ToStringOutput()
		args.Document.describe(api, args.EndpointId, args.policy(arns))
	}
	return api
}

// policy returns the resource policy, which admits the VPC. Routes with AWS_IAM
// admit only the callers, or callers of the stack's account.
func (args *PrivateRestApiArgs) policy(executionArn pulumi.StringOutput) pulumi.StringOutput {
	return pulumi.All(executionArn, args.VpcId).ApplyT(func(known []any) string {
		return args.privatePolicy(args.Environment, known[0].(string), known[1].(string))
	}).(pulumi.StringOutput)
}

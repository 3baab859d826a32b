package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegionalRestApiArgs describes a public API. All fields except EdgeOptimized are
// required; Environment with an OpenAPI document only. Without it and without Callers,
// the API has no resource policy.
type RegionalRestApiArgs struct {
	Environment Environment
	RoutesArgs
	Stage StageArgs
	// EdgeOptimized makes clients reach the API over the edge locations of CloudFront.
	EdgeOptimized bool
}

// RegionalRestApi is a REST API that answers on the internet, in its region:
//
//	internet ──▶ regional REST API ──▶ backend
//
// An edge-optimized one answers at CloudFront's edge locations first. Its name is
// built in the same way.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html
//
// It costs per request.
type RegionalRestApi struct {
	pulumi.ResourceState

	ApiId     pulumi.StringOutput
	InvokeArn pulumi.StringOutput // The ARN of all its stages, methods and paths.
	StageName pulumi.StringOutput
	InvokeUrl pulumi.StringOutput // The stage's URL, without a path.
	// AccessLogGroup is the name of the log group.
	AccessLogGroup pulumi.StringOutput
	Metrics        StageMetrics
}

const (
	regionalRestApiType = typePrefix + "RegionalRestApi"
	edgeRestApiType     = typePrefix + "EdgeRestApi"
)

// NewRegionalRestApi registers the API, its routes and its stage.
func NewRegionalRestApi(
	ctx *pulumi.Context, name string, args *RegionalRestApiArgs, opts ...pulumi.ResourceOption,
) (*RegionalRestApi, error) {
	c := &RegionalRestApi{}
	token := regionalRestApiType
	if args.EdgeOptimized {
		token = edgeRestApiType
	}
	err := ctx.RegisterComponentResourceV2(token, name, args.inputs(), c, opts...)
	if err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	api, err := apigateway.NewRestApi(ctx, name+"-api", args.api(), s.child)
	if err != nil {
		return nil, failed("RegionalRestApi", name, "REST API", err)
	}
	ready, err := newApiRoutes(s, api, &args.RoutesArgs)
	if err != nil {
		return nil, failed("RegionalRestApi", name, "route", err)
	}
	snapshot := args.snapshot(api)
	if args.hasPublicPolicy() && args.Document == nil {
		policy, err := args.newPolicy(s, api, snapshot)
		if err != nil {
			return nil, failed("RegionalRestApi", name, "policy", err)
		}
		ready = append(ready, policy)
	}
	stage, err := newApiStage(ctx, name, &apiStageArgs{
		StageArgs: args.Stage,
		restApiId: api.ID(),
		snapshot:  snapshot,
		after:     ready,
	}, s.child)
	if err != nil {
		return nil, failed("RegionalRestApi", name, "stage", err)
	}
	c.ApiId, c.StageName, c.InvokeUrl = api.ID().ToStringOutput(), stage.stageName, stage.invokeUrl
	c.InvokeArn, c.AccessLogGroup = pulumi.Sprintf("%s/*", api.ExecutionArn), stage.accessLogGroup
	c.Metrics = StageMetrics{ApiName: api.Name, StageName: stage.stageName}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"apiId": c.ApiId, "invokeUrl": c.InvokeUrl})
}

// api returns the API itself. With an OpenAPI document, it always has a resource policy:
// the provider would keep the policy if the argument were gone one day.
func (args *RegionalRestApiArgs) api() *apigateway.RestApiArgs {
	endpointType := "REGIONAL"
	if args.EdgeOptimized {
		endpointType = "EDGE"
	}
	api := &apigateway.RestApiArgs{
		EndpointConfiguration: &apigateway.RestApiEndpointConfigurationArgs{Types: pulumi.String(endpointType)},
		BinaryMediaTypes:      args.mediaTypes(),
	}
	if args.Document != nil {
		policy := args.publicPolicy(args.Environment, executionArns(args.Environment))
		args.Document.describe(api, nil, pulumi.String(policy))
	}
	return api
}

// newPolicy registers a resource policy that lets only the callers call routes
// with AWS_IAM, and adds it to what a deployment contains.
func (args *RegionalRestApiArgs) newPolicy(
	s scope, api *apigateway.RestApi, snapshot map[string]pulumi.StringInput,
) (pulumi.Resource, error) {
	document := api.ExecutionArn.ApplyT(func(arn string) string {
		return args.publicPolicy(args.Environment, arn)
	}).(pulumi.StringOutput)
	snapshot["policy"] = document
	return apigateway.NewRestApiPolicy(s.ctx, s.name+"-policy", &apigateway.RestApiPolicyArgs{
		RestApiId: api.ID(), Policy: document,
	}, s.child)
}

package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// RegionalRestApiArgs describes a public API. All fields except MoreRoutes, Callers,
// Authorizer and EdgeOptimized are required.
type RegionalRestApiArgs struct {
	Route      Route
	Backend    Backend
	MoreRoutes []ServedRoute // Further routes.
	// Callers holds the ARNs of the only roles and users that may call routes with
	// AWS_IAM. Without it, the API has no resource policy.
	Callers []string
	// Authorizer is required if a route has AuthorizationToken.
	Authorizer *AuthorizerArgs
	Stage      StageArgs
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
	inputs := args.Route.inputs(args.MoreRoutes)
	token, endpointType := regionalRestApiType, "REGIONAL"
	if args.EdgeOptimized {
		token, endpointType = edgeRestApiType, "EDGE"
	}
	err := ctx.RegisterComponentResourceV2(token, name, inputs, c, opts...)
	if err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	api, err := apigateway.NewRestApi(ctx, name+"-api", &apigateway.RestApiArgs{
		EndpointConfiguration: &apigateway.RestApiEndpointConfigurationArgs{Types: pulumi.String(endpointType)},
		BinaryMediaTypes:      args.Backend.binaryMediaTypes(),
	}, s.child)
	if err != nil {
		return nil, failed("RegionalRestApi", name, "REST API", err)
	}
	routes := &routesArgs{api, args.Route, args.Backend, args.MoreRoutes, args.Authorizer}
	ready, err := newApiRoutes(s, routes)
	if err != nil {
		return nil, failed("RegionalRestApi", name, "route", err)
	}
	snapshot := routes.snapshot()
	if len(args.Callers) > 0 {
		policy, err := args.newPolicy(s, routes, snapshot)
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

// newPolicy registers a resource policy that lets only the callers call routes
// with AWS_IAM, and adds it to what a deployment contains.
func (args *RegionalRestApiArgs) newPolicy(
	s scope, routes *routesArgs, snapshot map[string]pulumi.StringInput,
) (pulumi.Resource, error) {
	grants := grantsOf(routes, args.Callers, nil)
	document := routes.api.ExecutionArn.ApplyT(func(arn string) string {
		return policydoc.Invoke(arn, grants...).JSON()
	}).(pulumi.StringOutput)
	snapshot["policy"] = document
	return apigateway.NewRestApiPolicy(s.ctx, s.name+"-policy", &apigateway.RestApiPolicyArgs{
		RestApiId: routes.api.ID(), Policy: document,
	}, s.child)
}

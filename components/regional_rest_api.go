package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegionalRestApiArgs describes a public API with one backend.
type RegionalRestApiArgs struct {
	Route   Route
	Backend Backend
	Stage   ApiStageArgs // RestApiId and Contents are filled in.
}

// RegionalRestApi is a REST API that answers on the internet, in its region.
type RegionalRestApi struct {
	pulumi.ResourceState

	ApiId     pulumi.StringOutput
	StageName pulumi.StringOutput
	InvokeUrl pulumi.StringOutput // Of the stage, without a path.
}

var regionalRestApiType = typeToken("RegionalRestApi")

// NewRegionalRestApi registers the API, its route and its stage.
func NewRegionalRestApi(ctx *pulumi.Context, name string, args *RegionalRestApiArgs, opts ...pulumi.ResourceOption) (*RegionalRestApi, error) {
	c := &RegionalRestApi{}
	inputs := pulumi.Map{"path": pulumi.String(args.Route.Path), "authorization": pulumi.String(args.Route.Authorization)}
	if err := ctx.RegisterComponentResourceV2(regionalRestApiType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	api, err := apigateway.NewRestApi(ctx, name+"-api", &apigateway.RestApiArgs{
		EndpointConfiguration: &apigateway.RestApiEndpointConfigurationArgs{Types: pulumi.String("REGIONAL")},
	}, child)
	if err != nil {
		return nil, failed("RegionalRestApi", name, "REST API", err)
	}
	served, err := args.Route.serve(ctx, name, api, args.Backend, args.Stage, child)
	if err != nil {
		return nil, failed("RegionalRestApi", name, "route and stage", err)
	}
	c.ApiId, c.StageName, c.InvokeUrl = api.ID().ToStringOutput(), served.StageName, served.InvokeUrl
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"apiId": c.ApiId, "invokeUrl": c.InvokeUrl})
}

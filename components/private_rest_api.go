package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// Route is one method of an API.
type Route struct {
	Path           string // One segment, without slashes.
	HttpMethod     string
	Authorization  string // NONE or AWS_IAM.
	ApiKeyRequired bool
}

// PrivateRestApiArgs describes a private API with one function behind it.
type PrivateRestApiArgs struct {
	VpcId      pulumi.StringInput // The only VPC that may invoke the API.
	EndpointId pulumi.StringInput // Gets the {api}-{endpoint} name for the API.
	Route      Route
	Function   *HelloFunction
	Stage      ApiStageArgs // RestApiId and Contents are filled in.
}

// PrivateRestApi is a REST API that answers through interface endpoints only,
// and whose policy admits one VPC.
type PrivateRestApi struct {
	pulumi.ResourceState

	ApiId     pulumi.StringOutput
	StageName pulumi.StringOutput
}

var privateRestApiType = typeToken("PrivateRestApi")

// NewPrivateRestApi registers the API, its policy, its route and its stage.
func NewPrivateRestApi(ctx *pulumi.Context, name string, args *PrivateRestApiArgs, opts ...pulumi.ResourceOption) (*PrivateRestApi, error) {
	c := &PrivateRestApi{}
	inputs := pulumi.Map{"path": pulumi.String(args.Route.Path), "authorization": pulumi.String(args.Route.Authorization)}
	if err := ctx.RegisterComponentResourceV2(privateRestApiType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	api, err := apigateway.NewRestApi(ctx, name+"-api", &apigateway.RestApiArgs{
		EndpointConfiguration: &apigateway.RestApiEndpointConfigurationArgs{
			Types:          pulumi.String("PRIVATE"),
			VpcEndpointIds: pulumi.StringArray{args.EndpointId},
		},
	}, child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "REST API", err)
	}
	policy, err := apigateway.NewRestApiPolicy(ctx, name+"-policy", &apigateway.RestApiPolicyArgs{
		RestApiId: api.ID(),
		Policy:    fence(api, args.VpcId),
	}, child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "policy", err)
	}
	route, err := args.newRoute(ctx, name, api, child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "route", err)
	}
	stage := args.Stage
	stage.RestApiId = api.ID()
	stage.Contents = map[string]pulumi.StringInput{"policy": policy.Policy, "route": route.description}
	stage.After = append(append(stage.After, policy), route.resources...)
	served, err := NewApiStage(ctx, name, &stage, child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "stage", err)
	}
	c.ApiId, c.StageName = api.ID().ToStringOutput(), served.StageName
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"apiId": c.ApiId, "stageName": c.StageName})
}

func fence(api *apigateway.RestApi, vpcId pulumi.StringInput) pulumi.StringOutput {
	return pulumi.All(api.ExecutionArn, vpcId).ApplyT(func(known []any) string {
		return policydoc.InvokeFromVpc(known[0].(string), known[1].(string)).JSON()
	}).(pulumi.StringOutput)
}

// routeParts is what a deployment needs of a route: what to wait for, and a
// text that changes whenever the route does.
type routeParts struct {
	resources   []pulumi.Resource
	description pulumi.StringOutput
}

func (args *PrivateRestApiArgs) newRoute(ctx *pulumi.Context, name string, api *apigateway.RestApi, child pulumi.ResourceOption) (*routeParts, error) {
	r := args.Route
	resource, err := apigateway.NewResource(ctx, name+"-"+r.Path, &apigateway.ResourceArgs{
		RestApi: api.ID(), ParentId: api.RootResourceId, PathPart: pulumi.String(r.Path),
	}, child)
	if err != nil {
		return nil, fmt.Errorf("resource /%s: %w", r.Path, err)
	}
	method, err := apigateway.NewMethod(ctx, name+"-method", &apigateway.MethodArgs{
		RestApi: api.ID(), ResourceId: resource.ID(),
		HttpMethod:     pulumi.String(r.HttpMethod),
		Authorization:  pulumi.String(r.Authorization),
		ApiKeyRequired: pulumi.Bool(r.ApiKeyRequired),
	}, child)
	if err != nil {
		return nil, fmt.Errorf("method %s: %w", r.HttpMethod, err)
	}
	integration, err := apigateway.NewIntegration(ctx, name+"-integration", &apigateway.IntegrationArgs{
		RestApi: api.ID(), ResourceId: resource.ID(), HttpMethod: method.HttpMethod,
		Type:                  pulumi.String("AWS_PROXY"),
		IntegrationHttpMethod: pulumi.String("POST"), // Lambda takes no other.
		Uri:                   args.Function.InvokeArn,
	}, child)
	if err != nil {
		return nil, fmt.Errorf("integration: %w", err)
	}
	permission, err := lambda.NewPermission(ctx, name+"-permission", &lambda.PermissionArgs{
		Action:    pulumi.String("lambda:InvokeFunction"),
		Principal: pulumi.String("apigateway.amazonaws.com"),
		Function:  args.Function.Name,
		SourceArn: pulumi.Sprintf("%s/*/*", api.ExecutionArn), // Without it any API of anyone may invoke.
	}, child)
	if err != nil {
		return nil, fmt.Errorf("permission: %w", err)
	}
	return &routeParts{
		resources:   []pulumi.Resource{resource, method, integration, permission},
		description: pulumi.Sprintf("%s %s %t /%s %s", r.HttpMethod, r.Authorization, r.ApiKeyRequired, r.Path, integration.Uri.Elem()),
	}, nil
}

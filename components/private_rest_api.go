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
	Environment Environment
	VpcId       pulumi.StringInput // The only VPC that may invoke the API.
	EndpointId  pulumi.StringInput // Gets the {api}-{endpoint} name for the API.
	Route       Route
	Function    *HelloFunction
	Stage       ApiStageArgs // RestApiId and Contents are filled in.
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
	fence := args.fence(api)
	policy, err := apigateway.NewRestApiPolicy(ctx, name+"-policy", &apigateway.RestApiPolicyArgs{RestApiId: api.ID(), Policy: fence}, child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "policy", err)
	}
	route, err := args.newRoute(ctx, name, api, child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "route", err)
	}
	stage := args.Stage
	stage.RestApiId = api.ID()
	stage.Contents = map[string]pulumi.StringInput{"policy": fence, "route": args.Route.describe(args.Function)}
	stage.After = append(append(stage.After, policy), route...)
	served, err := NewApiStage(ctx, name, &stage, child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "stage", err)
	}
	c.ApiId, c.StageName = api.ID().ToStringOutput(), served.StageName
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"apiId": c.ApiId, "stageName": c.StageName})
}

func (args *PrivateRestApiArgs) fence(api *apigateway.RestApi) pulumi.StringOutput {
	callers := any(policydoc.Everyone)
	if args.Route.Authorization == "AWS_IAM" {
		callers = policydoc.Account(args.Environment.Partition, args.Environment.AccountId)
	}
	return pulumi.All(api.ExecutionArn, args.VpcId).ApplyT(func(known []any) string {
		return policydoc.InvokeFromVpc(known[0].(string), known[1].(string), callers).JSON()
	}).(pulumi.StringOutput)
}

// describe is a text that changes whenever what a deployment serves does. It
// takes nothing from the method or the integration: these are deleted before
// they are replaced, and a deployment that depended on their values would be
// deleted with them, under its stage.
func (r Route) describe(function *HelloFunction) pulumi.StringOutput {
	return pulumi.Sprintf("%+v %s", r, function.InvokeArn)
}

// newRoute registers the route, and returns what a deployment has to wait for.
func (args *PrivateRestApiArgs) newRoute(ctx *pulumi.Context, name string, api *apigateway.RestApi, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	r := args.Route
	resource, err := apigateway.NewResource(ctx, name+"-resource", &apigateway.ResourceArgs{
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
	}, child, pulumi.DeleteBeforeReplace(true)) // Else the next deployment would still serve the old one.
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
	return []pulumi.Resource{resource, method, integration, permission}, nil
}

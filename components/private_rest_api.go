package components

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// PrivateRestApiArgs describes a private API with one backend.
type PrivateRestApiArgs struct {
	Environment Environment
	VpcId       pulumi.StringInput // The only VPC that may invoke the API.
	EndpointId  pulumi.StringInput // Gets the {api}-{endpoint} name for the API.
	Route       Route
	Backend     Backend
	Stage       ApiStageArgs // RestApiId and Contents are filled in.
}

// PrivateRestApi is a REST API that answers through interface endpoints only,
// and whose policy admits one VPC.
type PrivateRestApi struct {
	pulumi.ResourceState
	parts

	ApiId          pulumi.StringOutput
	StageName      pulumi.StringOutput
	AccessLogGroup pulumi.StringOutput // Name of the log group.
}

var privateRestApiType = typeToken("PrivateRestApi")

// NewPrivateRestApi registers the API, its policy, its route and its stage.
func NewPrivateRestApi(ctx *pulumi.Context, name string, args *PrivateRestApiArgs, opts ...pulumi.ResourceOption) (*PrivateRestApi, error) {
	c := &PrivateRestApi{}
	inputs := pulumi.Map{"path": pulumi.String(args.Route.Path), "authorization": pulumi.String(args.Route.Authorization)}
	if err := ctx.RegisterComponentResourceV2(privateRestApiType, name, inputs, c, append(opts, c.collect())...); err != nil {
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
	stage := args.Stage
	stage.Contents = map[string]pulumi.StringInput{"policy": fence}
	stage.After = append(slices.Clone(stage.After), policy)
	served, err := args.Route.serve(ctx, name, api, args.Backend, stage, child)
	if err != nil {
		return nil, failed("PrivateRestApi", name, "route and stage", err)
	}
	c.ApiId, c.StageName, c.AccessLogGroup = api.ID().ToStringOutput(), served.StageName, served.AccessLogGroup
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

package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ExistingPrivateRestApiArgs names a private API that exists. All fields are required.
type ExistingPrivateRestApiArgs struct {
	RestApiId string
	StageName string
}

// The token keeps the component's first name, which is in the URNs of deployed
// stacks.
const existingPrivateRestApiType = typePrefix + "ExistingRestApi"

// NewExistingPrivateRestApi registers a private API that the stack only reads. It fails
// if there is no such API, or if it is not private. It has no AccessLogGroup.
func NewExistingPrivateRestApi(
	ctx *pulumi.Context, name string, args *ExistingPrivateRestApiArgs, opts ...pulumi.ResourceOption,
) (*PrivateRestApi, error) {
	c := &PrivateRestApi{}
	inputs := pulumi.Map{"apiId": pulumi.String(args.RestApiId), "stageName": pulumi.String(args.StageName)}
	err := ctx.RegisterComponentResourceV2(existingPrivateRestApiType, name, inputs, c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	api, err := apigateway.GetRestApi(ctx, name+"-api", pulumi.ID(args.RestApiId), nil, pulumi.Parent(c))
	if err != nil {
		return nil, failed("ExistingPrivateRestApi", name, "REST API", err)
	}
	c.ApiId = pulumi.All(api.ID(), api.EndpointConfiguration.Types()).ApplyT(privateId).(pulumi.StringOutput)
	c.InvokeArn = pulumi.Sprintf("%s/*", api.ExecutionArn)
	c.StageName = pulumi.String(args.StageName).ToStringOutput()
	c.Metrics = StageMetrics{ApiName: api.Name, StageName: c.StageName}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"apiId": c.ApiId, "stageName": c.StageName})
}

// privateId returns the ID of an API if the type of its endpoint is private.
func privateId(known []any) (string, error) {
	id, kind := string(known[0].(pulumi.ID)), known[1].(string)
	if kind != "PRIVATE" {
		return "", fmt.Errorf("the REST API %s has the endpoint type %s; want a private API", id, kind)
	}
	return id, nil
}

package components

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Route is one method of an API.
type Route struct {
	Path           string // One segment, without slashes.
	HttpMethod     string
	Authorization  string // NONE or AWS_IAM.
	ApiKeyRequired bool
}

// serve registers the route of an API, and the stage that serves it. The
// stage's contents and what it waits for are beside the route.
func (r Route) serve(ctx *pulumi.Context, name string, api *apigateway.RestApi, function *HelloFunction, stage ApiStageArgs, child pulumi.ResourceOption) (*ApiStage, error) {
	parts, err := r.register(ctx, name, api, function, child)
	if err != nil {
		return nil, err
	}
	contents := map[string]pulumi.StringInput{"route": r.describe(function)}
	maps.Copy(contents, stage.Contents)
	stage.RestApiId, stage.Contents = api.ID(), contents
	stage.After = append(slices.Clone(stage.After), parts...)
	return NewApiStage(ctx, name, &stage, child)
}

// describe is a text that changes whenever what a deployment serves does. It
// takes nothing from the method or the integration: these are deleted before
// they are replaced, and a deployment that depended on their values would be
// deleted with them, under its stage.
func (r Route) describe(function *HelloFunction) pulumi.StringOutput {
	return pulumi.Sprintf("%+v %s", r, function.InvokeArn)
}

// register registers the route, and returns what a deployment has to wait for.
func (r Route) register(ctx *pulumi.Context, name string, api *apigateway.RestApi, function *HelloFunction, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
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
		Uri:                   function.InvokeArn,
	}, child)
	if err != nil {
		return nil, fmt.Errorf("integration: %w", err)
	}
	permission, err := lambda.NewPermission(ctx, name+"-permission", &lambda.PermissionArgs{
		Action:    pulumi.String("lambda:InvokeFunction"),
		Principal: pulumi.String("apigateway.amazonaws.com"),
		Function:  function.Name,
		SourceArn: pulumi.Sprintf("%s/*/*", api.ExecutionArn), // Without it any API of anyone may invoke.
	}, child)
	if err != nil {
		return nil, fmt.Errorf("permission: %w", err)
	}
	return []pulumi.Resource{resource, method, integration, permission}, nil
}

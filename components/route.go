package components

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ProxyPath is the path of a route that serves every path of an API, the root
// included, and hands it to the backend.
const ProxyPath = "{proxy+}"

// Route is one method of an API.
type Route struct {
	Path           string // One segment, without slashes; or ProxyPath.
	HttpMethod     string
	Authorization  string // NONE or AWS_IAM.
	ApiKeyRequired bool
}

// Backend is what an API hands requests to.
type Backend interface {
	// describe is a text that changes whenever the integrations would.
	describe() pulumi.StringOutput
	// integrate completes the integration of a method with a path.
	integrate(path string, integration *apigateway.IntegrationArgs)
	// open registers what lets the API use the backend, and returns what has to
	// exist before requests arrive.
	open(ctx *pulumi.Context, name string, api *apigateway.RestApi, child pulumi.ResourceOption) ([]pulumi.Resource, error)
}

// serve registers the route of an API, and the stage that serves it. The
// stage's contents and what it waits for are beside the route.
func (r Route) serve(ctx *pulumi.Context, name string, api *apigateway.RestApi, backend Backend, stage ApiStageArgs, child pulumi.ResourceOption) (*ApiStage, error) {
	parts, err := backend.open(ctx, name, api, child)
	if err != nil {
		return nil, fmt.Errorf("backend: %w", err)
	}
	methods, err := r.register(ctx, name, api, backend, child)
	if err != nil {
		return nil, err
	}
	contents := map[string]pulumi.StringInput{"route": r.describe(backend)}
	maps.Copy(contents, stage.Contents)
	stage.RestApiId, stage.Contents = api.ID(), contents
	stage.After = slices.Concat(stage.After, parts, methods)
	return NewApiStage(ctx, name, &stage, child)
}

// describe is a text that changes whenever what a deployment serves does. It
// takes nothing from the method or the integration: these are deleted before
// they are replaced, and a deployment that depended on their values would be
// deleted with them, under its stage.
func (r Route) describe(backend Backend) pulumi.StringOutput {
	return pulumi.Sprintf("%+v %s", r, backend.describe())
}

// register registers the route, and returns what a deployment has to wait for.
func (r Route) register(ctx *pulumi.Context, name string, api *apigateway.RestApi, backend Backend, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	resource, err := apigateway.NewResource(ctx, name+"-resource", &apigateway.ResourceArgs{
		RestApi: api.ID(), ParentId: api.RootResourceId, PathPart: pulumi.String(r.Path),
	}, child)
	if err != nil {
		return nil, fmt.Errorf("resource /%s: %w", r.Path, err)
	}
	parts, err := r.registerMethod(ctx, name, r.Path, api, resource.ID(), backend, child)
	if err != nil || r.Path != ProxyPath {
		return append(parts, resource), err
	}
	root, err := r.registerMethod(ctx, name+"-root", "", api, api.RootResourceId, backend, child)
	return slices.Concat(parts, root, []pulumi.Resource{resource}), err
}

// registerMethod registers the route's method and integration on one resource.
func (r Route) registerMethod(ctx *pulumi.Context, name, path string, api *apigateway.RestApi, resourceId pulumi.StringInput, backend Backend, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	args := &apigateway.MethodArgs{
		RestApi: api.ID(), ResourceId: resourceId,
		HttpMethod:     pulumi.String(r.HttpMethod),
		Authorization:  pulumi.String(r.Authorization),
		ApiKeyRequired: pulumi.Bool(r.ApiKeyRequired),
	}
	if path == ProxyPath {
		args.RequestParameters = pulumi.BoolMap{"method.request.path.proxy": pulumi.Bool(true)}
	}
	// Else the next deployment would still serve the old one.
	method, err := apigateway.NewMethod(ctx, name+"-method", args, child, pulumi.DeleteBeforeReplace(true))
	if err != nil {
		return nil, fmt.Errorf("method %s /%s: %w", r.HttpMethod, path, err)
	}
	integration := &apigateway.IntegrationArgs{RestApi: api.ID(), ResourceId: resourceId, HttpMethod: method.HttpMethod}
	backend.integrate(path, integration)
	integrated, err := apigateway.NewIntegration(ctx, name+"-integration", integration, child)
	if err != nil {
		return nil, fmt.Errorf("integration of %s /%s: %w", r.HttpMethod, path, err)
	}
	return []pulumi.Resource{method, integrated}, nil
}

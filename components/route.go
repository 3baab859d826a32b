package components

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ProxyPath is the path of a route that serves every path of an API, the root
// included, and passes it on to the backend.
const ProxyPath = "{proxy+}"

// Authorization says how API Gateway authorizes callers of a method.
type Authorization string

// The authorizations that routes support.
const (
	AuthorizationNone Authorization = "NONE"    // Anyone who can reach the API.
	AuthorizationIam  Authorization = "AWS_IAM" // Callers that sign with credentials of the account.
)

// Route is one method of an API. Its fields take part in the trigger of
// deployments: a renamed or added field makes every stack cut a new deployment.
type Route struct {
	Path           string // One segment without slashes, or ProxyPath.
	HttpMethod     string // GET, POST and so on, or ANY.
	Authorization  Authorization
	ApiKeyRequired bool
}

// inputs returns what an API's component shows of its route.
func (r Route) inputs() pulumi.Map {
	return pulumi.Map{"path": pulumi.String(r.Path), "authorization": pulumi.String(string(r.Authorization))}
}

// routeArgs describes a route of an API and what serves it.
type routeArgs struct {
	api     *apigateway.RestApi
	route   Route
	backend Backend
}

// fingerprint returns a text that changes whenever what a deployment serves
// does. It contains no output of the method or the integration. These are
// deleted before they are replaced, and a deployment that depended on their
// outputs would be deleted with them while its stage still uses it.
func (args *routeArgs) fingerprint() pulumi.StringOutput {
	return pulumi.Sprintf("%+v %s", args.route, args.backend.fingerprint())
}

// snapshot returns what a deployment of the API contains, except what only
// private APIs have. The media types are an output of the API: a deployment that
// is cut for them must come after the API has them.
func (args *routeArgs) snapshot() map[string]pulumi.StringInput {
	snapshot := map[string]pulumi.StringInput{"route": args.fingerprint()}
	if args.backend.binaryMediaTypes() != nil {
		snapshot["mediaTypes"] = args.api.BinaryMediaTypes.ApplyT(func(types []string) string {
			return strings.Join(types, " ")
		}).(pulumi.StringOutput)
	}
	return snapshot
}

// newRoute registers the route and prepares its backend. It returns the
// resources that must exist before a deployment takes its snapshot.
func newRoute(s scope, args *routeArgs) ([]pulumi.Resource, error) {
	prepared, err := args.backend.prepare(s, args.api)
	if err != nil {
		return nil, fmt.Errorf("backend: %w", err)
	}
	path := args.route.Path
	resource, err := apigateway.NewResource(s.ctx, s.name+"-resource", &apigateway.ResourceArgs{
		RestApi:  args.api.ID(),
		ParentId: args.api.RootResourceId,
		PathPart: pulumi.String(path),
	}, s.child)
	if err != nil {
		return nil, fmt.Errorf("resource /%s: %w", path, err)
	}
	methods, err := args.newMethod(s, path, resource.ID())
	if err != nil {
		return nil, err
	}
	if path == ProxyPath {
		root, err := args.newMethod(s.named("-root"), "", args.api.RootResourceId)
		if err != nil {
			return nil, err
		}
		methods = append(methods, root...)
	}
	return slices.Concat(prepared, []pulumi.Resource{resource}, methods), nil
}

// newMethod registers the route's method and integration on one resource of
// the API. The path of the root resource is empty.
func (args *routeArgs) newMethod(s scope, path string, resourceId pulumi.StringInput) ([]pulumi.Resource, error) {
	// Deleted first, because the next deployment would serve the old method
	// otherwise.
	method, err := apigateway.NewMethod(
		s.ctx, s.name+"-method", args.method(path, resourceId), s.child, pulumi.DeleteBeforeReplace(true))
	if err != nil {
		return nil, fmt.Errorf("method %s /%s: %w", args.route.HttpMethod, path, err)
	}
	integration := &apigateway.IntegrationArgs{
		RestApi:    args.api.ID(),
		ResourceId: resourceId,
		HttpMethod: method.HttpMethod,
	}
	args.backend.integrate(path, integration)
	integrated, err := apigateway.NewIntegration(s.ctx, s.name+"-integration", integration, s.child)
	if err != nil {
		return nil, fmt.Errorf("integration of %s /%s: %w", args.route.HttpMethod, path, err)
	}
	return []pulumi.Resource{method, integrated}, nil
}

// method returns the route's method for one resource of the API.
func (args *routeArgs) method(path string, resourceId pulumi.StringInput) *apigateway.MethodArgs {
	method := &apigateway.MethodArgs{
		RestApi:        args.api.ID(),
		ResourceId:     resourceId,
		HttpMethod:     pulumi.String(args.route.HttpMethod),
		Authorization:  pulumi.String(string(args.route.Authorization)),
		ApiKeyRequired: pulumi.Bool(args.route.ApiKeyRequired),
	}
	if path == ProxyPath {
		method.RequestParameters = pulumi.BoolMap{"method.request.path.proxy": pulumi.Bool(true)}
	}
	return method
}

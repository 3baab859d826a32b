package components

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// ProxyPath is the path of a route that serves every path of an API, the root
// included, and passes it on to the backend.
const ProxyPath = "{proxy+}"

// Route is one method of an API. Its fields take part in the trigger of
// deployments: a renamed or added field makes every stack cut a new deployment.
type Route struct {
	Path           string // Segments with slashes between them, or ProxyPath.
	HttpMethod     string // GET, POST and so on, or ANY.
	Authorization  Authorization
	ApiKeyRequired bool
}

// ServedRoute is a further route of an API and what serves it.
type ServedRoute struct {
	Route
	Backend Backend
	// Part is what the names of the backend's own resources have in addition to
	// the API's name. It tells the backends of an API apart.
	Part string
}

// text returns the method and the path of a route, as names of resources have
// them.
func (r Route) text() string { return r.HttpMethod + "/" + r.Path }

// pattern returns what the ARN of the route's requests has after the stage. An
// asterisk stands for any text.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func (r Route) pattern() string {
	method := r.HttpMethod
	if method == "ANY" {
		method = "*"
	}
	return method + "/" + policydoc.PathPattern(r.Path)
}

// inputs returns what an API's component shows of its routes.
func (r Route) inputs(more []ServedRoute) pulumi.Map {
	inputs := pulumi.Map{"path": pulumi.String(r.Path), "authorization": pulumi.String(string(r.Authorization))}
	if len(more) > 0 {
		others := pulumi.StringArray{}
		for _, other := range more {
			others = append(others, pulumi.String(other.text()))
		}
		inputs["moreRoutes"] = others
	}
	return inputs
}

// routesArgs describes the routes of an API and what serves them.
type routesArgs struct {
	api     *apigateway.RestApi
	route   Route // The first route. Its resources have names without its path.
	backend Backend
	more    []ServedRoute
	// authorizer is nil unless a route has AuthorizationToken.
	authorizer *AuthorizerArgs
}

// all returns all routes.
func (args *routesArgs) all() []ServedRoute {
	return append([]ServedRoute{{Route: args.route, Backend: args.backend}}, args.more...)
}

// grantsOf returns who may call which routes, as a resource policy says it. Only
// callers may call routes with AWS_IAM, or everyone that signers stands for.
func grantsOf(args *routesArgs, callers []string, signers any) []policydoc.Grant {
	signed, open := policydoc.Grant{Callers: signers, Only: callers}, policydoc.Grant{Callers: policydoc.Everyone}
	for _, r := range args.all() {
		if r.Authorization == AuthorizationIam {
			signed.Routes = append(signed.Routes, r.pattern())
		} else {
			open.Routes = append(open.Routes, r.pattern())
		}
	}
	switch {
	case len(signed.Routes) == 0:
		open.Routes = nil
		return []policydoc.Grant{open}
	case len(open.Routes) == 0:
		signed.Routes = nil
		return []policydoc.Grant{signed}
	default:
		return []policydoc.Grant{open, signed}
	}
}

// fingerprint returns a text that changes whenever what a deployment serves
// does. It contains no output of the method or the integration. These are
// deleted before they are replaced, and a deployment that depended on their
// outputs would be deleted with them while its stage still uses it.
func (r ServedRoute) fingerprint() pulumi.StringOutput {
	return pulumi.Sprintf("%+v %s", r.Route, r.Backend.fingerprint())
}

// snapshot returns what a deployment of the API contains, except what only
// private APIs have. The media types are an output of the API: a deployment that
// is cut for them must come after the API has them.
func (args *routesArgs) snapshot() map[string]pulumi.StringInput {
	routes := args.all()
	snapshot := map[string]pulumi.StringInput{"route": routes[0].fingerprint()}
	if len(routes) > 1 {
		others := pulumi.StringArray{}
		for _, other := range routes[1:] {
			others = append(others, other.fingerprint())
		}
		snapshot["moreRoutes"] = others.ToStringArrayOutput().ApplyT(joined).(pulumi.StringOutput)
	}
	if args.authorizer != nil {
		snapshot["authorizer"] = pulumi.String(args.authorizer.fingerprint())
	}
	if args.backend.binaryMediaTypes() != nil {
		snapshot["mediaTypes"] = args.api.BinaryMediaTypes.ApplyT(joined).(pulumi.StringOutput)
	}
	return snapshot
}

// joined returns texts as one.
func joined(texts []string) string { return strings.Join(texts, " ") }

// newApiRoutes registers the routes and prepares their backends. It returns the
// resources that must exist before a deployment takes its snapshot.
func newApiRoutes(s scope, args *routesArgs) ([]pulumi.Resource, error) {
	var ready []pulumi.Resource
	prepared := map[Backend]bool{}
	for _, r := range args.all() {
		if prepared[r.Backend] {
			continue
		}
		prepared[r.Backend] = true
		resources, err := r.Backend.prepare(s.named(r.Part), args.api)
		if err != nil {
			return nil, fmt.Errorf("backend: %w", err)
		}
		ready = append(ready, resources...)
	}
	tree := &pathTree{scope: s, api: args.api, first: args.route.Path, ids: map[string]pulumi.StringInput{}}
	if args.authorizer != nil {
		authorizer, resources, err := newAuthorizer(s, args.api, args.authorizer)
		if err != nil {
			return nil, fmt.Errorf("authorizer: %w", err)
		}
		tree.authorizer, tree.kind = authorizer, args.authorizer.kind()
		ready = append(ready, resources...)
	}
	for i, r := range args.all() {
		suffix := ""
		if i > 0 {
			suffix = "/" + r.text()
		}
		methods, err := tree.newRoute(r, suffix)
		if err != nil {
			return nil, err
		}
		ready = append(ready, methods...)
	}
	return slices.Concat(ready, tree.registered), nil
}

// pathTree registers the resources of an API. Routes share those of the segments
// that their paths begin with.
type pathTree struct {
	scope
	api        *apigateway.RestApi
	first      string                        // The path of the first route.
	ids        map[string]pulumi.StringInput // By path.
	registered []pulumi.Resource
	authorizer *apigateway.Authorizer // Nil without one.
	kind       string                 // What methods call the authorization by the authorizer.
}

// resource returns the ID of the resource of a path. It registers the resource
// unless another route has it.
func (t *pathTree) resource(path string) (pulumi.StringInput, error) {
	if path == "" {
		return t.api.RootResourceId, nil
	}
	if id, found := t.ids[path]; found {
		return id, nil
	}
	parent, part := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		parent, part = path[:i], path[i+1:]
	}
	parentId, err := t.resource(parent)
	if err != nil {
		return nil, err
	}
	name := t.name + "-resource"
	if path != t.first {
		name += "/" + path
	}
	resource, err := apigateway.NewResource(t.ctx, name, &apigateway.ResourceArgs{
		RestApi:  t.api.ID(),
		ParentId: parentId,
		PathPart: pulumi.String(part),
	}, t.child)
	if err != nil {
		return nil, fmt.Errorf("resource /%s: %w", path, err)
	}
	t.ids[path] = resource.ID()
	t.registered = append(t.registered, resource)
	return t.ids[path], nil
}

// newRoute registers the methods of a route and their integrations. ProxyPath has
// two methods, because the root is no path below the root.
func (t *pathTree) newRoute(r ServedRoute, suffix string) ([]pulumi.Resource, error) {
	id, err := t.resource(r.Path)
	if err != nil {
		return nil, err
	}
	methods, err := t.newMethod(r, methodPlace{r.Path, id, suffix})
	if err != nil || r.Path != ProxyPath {
		return methods, err
	}
	root, err := t.newMethod(r, methodPlace{"", t.api.RootResourceId, "-root" + suffix})
	return append(methods, root...), err
}

// methodPlace is where a method is in an API.
type methodPlace struct {
	path       string // Empty for the root.
	resourceId pulumi.StringInput
	suffix     string // What the names of its resources have in addition.
}

// newMethod registers a route's method and integration on one resource of the
// API.
func (t *pathTree) newMethod(r ServedRoute, at methodPlace) ([]pulumi.Resource, error) {
	// Deleted first, because the next deployment would serve the old method
	// otherwise.
	method, err := apigateway.NewMethod(t.ctx, at.name(t.name, "-method"), t.method(r.Route, at), t.child,
		pulumi.DeleteBeforeReplace(true))
	if err != nil {
		return nil, fmt.Errorf("method %s /%s: %w", r.HttpMethod, at.path, err)
	}
	integration := &apigateway.IntegrationArgs{
		RestApi:    t.api.ID(),
		ResourceId: at.resourceId,
		HttpMethod: method.HttpMethod,
	}
	r.Backend.integrate(at.path, integration)
	integrated, err := apigateway.NewIntegration(t.ctx, at.name(t.name, "-integration"), integration, t.child)
	if err != nil {
		return nil, fmt.Errorf("integration of %s /%s: %w", r.HttpMethod, at.path, err)
	}
	return []pulumi.Resource{method, integrated}, nil
}

// name returns the name of a resource of a method.
func (at methodPlace) name(api, role string) string {
	if suffix, isRoot := strings.CutPrefix(at.suffix, "-root"); isRoot {
		return api + "-root" + role + suffix
	}
	return api + role + at.suffix
}

// method returns a route's method for one resource of the API.
func (t *pathTree) method(r Route, at methodPlace) *apigateway.MethodArgs {
	method := &apigateway.MethodArgs{
		RestApi:        t.api.ID(),
		ResourceId:     at.resourceId,
		HttpMethod:     pulumi.String(r.HttpMethod),
		Authorization:  pulumi.String(string(r.Authorization)),
		ApiKeyRequired: pulumi.Bool(r.ApiKeyRequired),
	}
	if r.Authorization == AuthorizationToken {
		method.Authorization, method.AuthorizerId = pulumi.String(t.kind), t.authorizer.ID()
	}
	if at.path == ProxyPath {
		method.RequestParameters = pulumi.BoolMap{"method.request.path.proxy": pulumi.Bool(true)}
	}
	return method
}

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

// ServedRoute is a route of an API and what serves it.
type ServedRoute struct {
	Route
	Backend Backend
	// BackendSuffix is what the names of the backend's own resources have after the
	// API's name. It tells the backends of an API apart. The resources of the
	// first route's backend have names without it, from the time when an API had
	// only one backend.
	BackendSuffix string
}

// RoutesArgs describes the routes of an API and who may call them. Only Routes is
// required.
type RoutesArgs struct {
	// Routes holds all routes. The resources of the first one have names without its
	// path.
	Routes []ServedRoute
	// Callers holds the ARNs of the only roles and users that may call routes with
	// AWS_IAM. Without it, everyone may whom the API's account and policies allow that.
	Callers []string
	// Authorizer is required if a route has AuthorizationToken.
	Authorizer *AuthorizerArgs
	Cors       *Cors // Which pages of other origins may call; nil for none.
	// Document describes the API instead of resources for the routes; nil for none.
	Document *Document
}

// text returns the method and the path of a route, as names of resources have
// them.
func (r Route) text() string { return r.HttpMethod + "/" + r.Path }

// patterns returns what the ARNs of the route's requests have after the stage. An
// asterisk stands for any text. With preflights, ANY stands for all other methods.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
func (r Route) patterns(preflights bool) []string {
	methods := []string{r.HttpMethod}
	switch {
	case r.HttpMethod == "ANY" && preflights:
		methods = otherMethods
	case r.HttpMethod == "ANY":
		methods = []string{"*"}
	}
	patterns := make([]string, len(methods))
	for i, method := range methods {
		patterns[i] = method + "/" + policydoc.PathPattern(r.Path)
	}
	return patterns
}

// inputs returns what an API's component shows of its routes.
func (args *RoutesArgs) inputs() pulumi.Map {
	first := args.Routes[0]
	inputs := pulumi.Map{"path": pulumi.String(first.Path), "authorization": pulumi.String(string(first.Authorization))}
	if len(args.Routes) > 1 {
		others := pulumi.StringArray{}
		for _, other := range args.Routes[1:] {
			others = append(others, pulumi.String(other.text()))
		}
		inputs["moreRoutes"] = others
	}
	return inputs
}

// grants returns who may call which routes, as a resource policy says it. Only
// Callers may call routes with AWS_IAM, or everyone that signers stands for. Anyone
// may ask whether a page may call.
func (args *RoutesArgs) grants(signers any) []policydoc.Grant {
	signed, open := policydoc.Grant{Callers: signers, Only: args.Callers}, policydoc.Grant{Callers: policydoc.Everyone}
	for _, r := range args.Routes {
		patterns := r.patterns(args.Cors != nil)
		if r.Authorization == AuthorizationIam {
			signed.Routes = append(signed.Routes, patterns...)
		} else {
			open.Routes = append(open.Routes, patterns...)
		}
	}
	if args.Cors != nil {
		open.Routes = append(open.Routes, "OPTIONS/*")
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
func (args *RoutesArgs) snapshot(api *apigateway.RestApi) map[string]pulumi.StringInput {
	if args.Document != nil {
		return args.Document.snapshot(api)
	}
	routes := args.Routes
	snapshot := map[string]pulumi.StringInput{"route": routes[0].fingerprint()}
	if len(routes) > 1 {
		snapshot["moreRoutes"] = fingerprints(routes[1:])
	}
	if args.Authorizer != nil {
		snapshot["authorizer"] = pulumi.String(args.Authorizer.fingerprint())
	}
	if args.Cors != nil {
		snapshot["cors"] = fingerprints(args.preflights())
	}
	if args.mediaTypes() != nil {
		snapshot["mediaTypes"] = api.BinaryMediaTypes.ApplyT(joined).(pulumi.StringOutput)
	}
	return snapshot
}

// mediaTypes returns the media types of bodies that the API passes on byte by byte,
// or nil.
func (args *RoutesArgs) mediaTypes() pulumi.StringArrayInput {
	if args.Document != nil {
		return nil
	}
	return args.Routes[0].Backend.binaryMediaTypes()
}

// preflights returns the routes that tell a browser whether a page may call. There
// is one for each path.
func (args *RoutesArgs) preflights() []ServedRoute {
	if args.Cors == nil {
		return nil
	}
	var routes []ServedRoute
	methods := map[string][]string{}
	for _, r := range args.Routes {
		if methods[r.Path] == nil {
			routes = append(routes, ServedRoute{Route: Route{r.Path, "OPTIONS", AuthorizationNone, false}})
		}
		methods[r.Path] = append(methods[r.Path], r.HttpMethod)
	}
	for i := range routes {
		routes[i].Backend = newPreflight(args.Cors, methods[routes[i].Path])
	}
	return routes
}

// fingerprints returns the fingerprints of routes as one text.
func fingerprints(routes []ServedRoute) pulumi.StringOutput {
	all := pulumi.StringArray{}
	for _, r := range routes {
		all = append(all, r.fingerprint())
	}
	return all.ToStringArrayOutput().ApplyT(joined).(pulumi.StringOutput)
}

// joined returns texts as one.
func joined(texts []string) string { return strings.Join(texts, " ") }

// newApiRoutes registers the routes of an API and prepares their backends. It
// returns the resources that must exist before a deployment takes its snapshot.
func newApiRoutes(s scope, api *apigateway.RestApi, args *RoutesArgs) ([]pulumi.Resource, error) {
	if args.Document != nil {
		return args.Document.prepare(s, api)
	}
	ready, err := args.prepareBackends(s, api)
	if err != nil {
		return nil, fmt.Errorf("backend: %w", err)
	}
	tree := &pathTree{scope: s, api: api, first: args.Routes[0].Path, ids: map[string]pulumi.StringInput{}}
	if args.Authorizer != nil {
		authorizer, resources, err := newAuthorizer(s, api, args.Authorizer)
		if err != nil {
			return nil, fmt.Errorf("authorizer: %w", err)
		}
		tree.authorizer, tree.kind = authorizer, args.Authorizer.kind()
		ready = append(ready, resources...)
	}
	for i, r := range slices.Concat(args.Routes, args.preflights()) {
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
	if args.Cors != nil {
		errors, err := args.Cors.newErrorResponses(s, api)
		if err != nil {
			return nil, err
		}
		ready = append(ready, errors...)
	}
	return slices.Concat(ready, tree.registered), nil
}

// prepareBackends prepares each backend once.
func (args *RoutesArgs) prepareBackends(s scope, api *apigateway.RestApi) ([]pulumi.Resource, error) {
	var ready []pulumi.Resource
	prepared := map[Backend]bool{}
	for i, r := range args.Routes {
		if prepared[r.Backend] {
			continue
		}
		prepared[r.Backend] = true
		at := s
		if i > 0 {
			at = s.named(r.BackendSuffix)
		}
		resources, err := r.Backend.prepare(at, api)
		if err != nil {
			return nil, err
		}
		ready = append(ready, resources...)
	}
	return ready, nil
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
	methods, err := t.newMethod(r, methodPlace{r.Path, id, t.name, suffix})
	if err != nil || r.Path != ProxyPath {
		return methods, err
	}
	root, err := t.newMethod(r, methodPlace{"", t.api.RootResourceId, t.name + "-root", suffix})
	return append(methods, root...), err
}

// methodPlace is where a method is in an API.
type methodPlace struct {
	path       string // Empty for the root.
	resourceId pulumi.StringInput
	// prefix and suffix are what the names of the method's resources begin and end
	// with.
	prefix, suffix string
}

// name returns the name of a resource of a method.
func (at methodPlace) name(role string) string { return at.prefix + role + at.suffix }

// newMethod registers a route's method and integration on one resource of the
// API.
func (t *pathTree) newMethod(r ServedRoute, at methodPlace) ([]pulumi.Resource, error) {
	// Deleted first, because the next deployment would serve the old method
	// otherwise.
	method, err := apigateway.NewMethod(t.ctx, at.name("-method"), t.method(r.Route, at), t.child,
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
	integrated, err := apigateway.NewIntegration(t.ctx, at.name("-integration"), integration, t.child)
	if err != nil {
		return nil, fmt.Errorf("integration of %s /%s: %w", r.HttpMethod, at.path, err)
	}
	resources := []pulumi.Resource{method, integrated}
	if mock, isMock := r.Backend.(mockBackend); isMock {
		responses, err := mock.newResponses(t.scope, at.name, method, integrated)
		if err != nil {
			return nil, fmt.Errorf("response of %s /%s: %w", r.HttpMethod, at.path, err)
		}
		resources = append(resources, responses...)
	}
	return resources, nil
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

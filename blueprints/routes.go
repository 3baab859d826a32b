package blueprints

import (
	"cmp"
	"maps"
	"os"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/openapi"
	"private-api-blueprints/internal/settings"
)

// apiBackends holds the functions behind an API, by the names that routes have.
// The function of routes without a name has none.
type apiBackends map[string]components.Backend

// backendNames returns the names of the functions of APIs, each once and in order.
func backendNames(apis ...config.NamedApi) []string {
	names := map[string]bool{}
	for _, api := range apis {
		for _, name := range api.FunctionNames() {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// checkFunctions refuses functions that do not exist, or whose archives do not.
func (l *lookup) checkFunctions(s *config.Functions, apis []config.NamedApi) {
	apis = slices.DeleteFunc(slices.Clone(apis), func(api config.NamedApi) bool {
		return api.OpenApi != "" && api.Document == nil
	})
	for _, name := range backendNames(apis...) {
		c := l.section("function")
		if name != "" {
			c = l.section("functions", name)
		}
		l.checkFunction(c, s.Of(&config.Route{Function: name}))
	}
}

// readDocuments reads the OpenAPI documents that the settings of APIs name. The APIs
// take their routes. check checks what depends on them.
func (l *lookup) readDocuments(apis []config.NamedApi, check func(settings.Section)) {
	taken := false
	for _, api := range apis {
		taken = l.readDocument(api) || taken
	}
	if taken {
		check(l.section())
	}
}

// readDocument reads the OpenAPI document of an API, if the settings name one. It
// reports whether the API has taken its routes.
func (l *lookup) readDocument(api config.NamedApi) bool {
	c := l.section(api.Keys()...)
	if api.OpenApi == "" || c.Any("openApi") {
		return false
	}
	text, err := os.ReadFile(api.OpenApi)
	if err != nil {
		c.Reject("openApi", api.OpenApi, "no such file; want the path of an OpenAPI document")
		return false
	}
	document, problems := openapi.Parse(text)
	for _, p := range problems {
		l.problems.Add(c.At("openApi"), api.OpenApi, "%s", p)
	}
	if document != nil {
		api.TakeDocument(c, document)
	}
	return document != nil
}

// functionPart returns what the names of a function's resources have after the
// name of the blueprint.
func functionPart(name string) string {
	if name == "" {
		return "-hello"
	}
	return "-fn-" + name
}

// newBackends returns the functions behind APIs. It registers those that do not
// exist. If network is not nil, these run in it.
func (b builder) newBackends(
	s *config.Functions, apis []config.NamedApi, network functionNetwork,
) (apiBackends, error) {
	backends := apiBackends{}
	for _, name := range backendNames(apis...) {
		// A change of a description replaces the security group, so this one stays,
		// whichever function it is.
		description := "The hello function: connects to nothing"
		if name != "" {
			description = "The function " + name + ": connects to nothing"
		}
		settings := s.Of(&config.Route{Function: name})
		backend, err := b.part(functionPart(name)).newBackend(settings, inCommon(apis, name), network, description)
		if err != nil {
			return nil, err
		}
		backends[name] = backend
	}
	return backends, nil
}

// inCommon returns what a function takes from the settings of the APIs that it is
// behind: tracing and the key of its logs from any of them, and the origins of all.
func inCommon(apis []config.NamedApi, function string) *config.Stage {
	common := &config.Stage{}
	for _, api := range apis {
		if !slices.Contains(backendNames(api), function) {
			continue
		}
		common.Tracing = common.Tracing || api.Tracing
		common.LogKmsKeyArn = cmp.Or(common.LogKmsKeyArn, api.LogKmsKeyArn)
		if api.Cors != nil {
			common.Cors = common.Cors.With(api.Cors)
		}
	}
	return common
}

// of returns the functions behind one API.
func (backends apiBackends) of(api *config.RestApi) apiBackends {
	own := apiBackends{}
	for _, name := range backendNames(config.NamedApi{RestApi: api}) {
		own[name] = backends[name]
	}
	return own
}

// routes returns the routes of an API.
func (backends apiBackends) routes(api *config.RestApi) []components.ServedRoute {
	var routes []components.ServedRoute
	for _, r := range api.AllRoutes() {
		suffix := "-function"
		if r.Function != "" {
			suffix = functionPart(r.Function)
		}
		routes = append(routes, components.ServedRoute{
			Route: routeOf(r), Backend: backends[r.Function], BackendSuffix: suffix,
		})
	}
	return routes
}

// routeOf returns a route with the authorization from the settings.
func routeOf(s config.Route) components.Route {
	route := components.Route{
		Path: s.Path, HttpMethod: s.Method, Authorization: components.Authorization(s.Authorization),
		ApiKeyRequired: s.ApiKeyRequired,
	}
	if s.Authorization == "API_KEY" {
		route.Authorization = components.AuthorizationNone
	}
	return route
}

// invokable is an API that invokes functions.
type invokable struct{ apiId, invokeArn pulumi.StringInput }

// allowInvoke returns the commands by which the owners of functions of other
// accounts let APIs invoke them. There is none for other functions.
func (backends apiBackends) allowInvoke(apis ...invokable) pulumi.StringArray {
	var commands pulumi.StringArray
	for _, name := range slices.Sorted(maps.Keys(backends)) {
		existing, _ := backends[name].(*components.ExistingFunction)
		if existing == nil || !existing.Foreign() {
			continue
		}
		for _, api := range apis {
			commands = append(commands, existing.AllowInvoke(api.apiId, api.invokeArn))
		}
	}
	return commands
}

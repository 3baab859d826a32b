package blueprints

import (
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

// backendNames returns the names of the functions of an API's routes, each once
// and in order.
func backendNames(api *config.Api) []string {
	names := map[string]bool{}
	for _, r := range api.AllRoutes() {
		if r.Backend == openapi.Function {
			names[r.Function] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// checkFunctions refuses functions that do not exist, or whose archives do not.
func (l *lookup) checkFunctions(s *config.Functions, api *config.Api) {
	if api.Existing != nil || api.OpenApi != "" && api.Document == nil {
		return
	}
	for _, name := range backendNames(api) {
		c := l.section("function")
		if name != "" {
			c = l.section("functions", name)
		}
		l.checkFunction(c, s.Of(&config.Route{Function: name}))
	}
}

// readDocument reads the OpenAPI document of an API, if the settings name one. The API
// takes its routes. check checks what depends on them.
func (l *lookup) readDocument(api *config.Api, check func(settings.Section)) {
	c := l.section("api")
	if api.OpenApi == "" || c.Any("openApi") {
		return
	}
	text, err := os.ReadFile(api.OpenApi)
	if err != nil {
		c.Reject("openApi", api.OpenApi, "no such file; want the path of an OpenAPI document")
		return
	}
	document, problems := openapi.Parse(text)
	for _, p := range problems {
		l.problems.Add(c.At("openApi"), api.OpenApi, "%s", p)
	}
	if document != nil {
		api.TakeDocument(c, document)
		check(l.section())
	}
}

// functionPart returns what the names of a function's resources have after the
// name of the blueprint.
func functionPart(name string) string {
	if name == "" {
		return "-hello"
	}
	return "-fn-" + name
}

// newBackends returns the functions behind an API. It registers those that do not
// exist. If network is not nil, these run in it.
func (b builder) newBackends(
	s *config.Functions, api *config.Api, network functionNetwork,
) (apiBackends, error) {
	backends := apiBackends{}
	for _, name := range backendNames(api) {
		// A change of a description replaces the security group, so this one stays,
		// whichever function it is.
		description := "The hello function: connects to nothing"
		if name != "" {
			description = "The function " + name + ": connects to nothing"
		}
		settings := s.Of(&config.Route{Function: name})
		backend, err := b.part(functionPart(name)).newBackend(settings, &api.Stage, network, description)
		if err != nil {
			return nil, err
		}
		backends[name] = backend
	}
	return backends, nil
}

// routes returns the routes of an API.
func (backends apiBackends) routes(api *config.Api) []components.ServedRoute {
	var routes []components.ServedRoute
	for _, r := range api.AllRoutes() {
		part := "-function"
		if r.Function != "" {
			part = functionPart(r.Function)
		}
		routes = append(routes, components.ServedRoute{Route: routeOf(r), Backend: backends[r.Function], Part: part})
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

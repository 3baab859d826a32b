package blueprints

import (
	"slices"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/openapi"
)

// servedApi describes the routes of an API of the stack, and what serves them.
type servedApi struct {
	settings  *config.RestApi
	functions *config.Functions
	stack     string // The name of the blueprint, with which names of functions begin.
	api       string // The name of the API's resource.
	name      string // The name of the API among the settings.
}

// servedApis returns a function that returns an API by its name. stack is the name of
// the blueprint.
func servedApis(apis []config.NamedApi, functions *config.Functions, stack string) func(name string) servedApi {
	return func(name string) servedApi {
		i := slices.IndexFunc(apis, func(api config.NamedApi) bool { return api.Name == name })
		return servedApi{apis[i].RestApi, functions, stack, stack + apiPart(name) + "-api", name}
	}
}

// call returns the promise about a request of a route. base is the URL before the
// path.
func (a servedApi) call(r config.Route, base string) promise {
	if a.settings.Existing != nil {
		return apiCall(r, base, "")
	}
	switch url := base + r.Example(); r.Backend {
	case openapi.Mock:
		return apiCall(r, url, a.api)
	case openapi.Elsewhere:
		call := apiCall(r, url, "")
		call.elsewhere = true
		return call
	default:
		return apiCall(r, url, functionName(a.functions.Of(&r), a.stack+functionPart(r.Function)))
	}
}

// first returns the promise about a request of the first route.
func (a servedApi) first(base string) promise { return a.call(a.settings.AllRoutes()[0], base) }

// guarded returns promises about an admitted client: it reaches the other routes
// too, each only with the right authorization, and nothing that is no route. as
// completes the promise about a request.
func (a servedApi) guarded(base string, as func(promise) promise) []promise {
	if a.settings.Existing != nil {
		return nil
	}
	routes := a.settings.AllRoutes()
	var promises []promise
	known := map[string]bool{}
	for i, r := range routes {
		call := as(a.call(r, base))
		if i > 0 {
			promises = append(promises, call)
		}
		other := ""
		if !known[r.Path] {
			other = a.otherMethod(r.Example())
		}
		known[r.Path] = true
		promises = append(promises, call.guards(other)...)
	}
	promises = append(promises, a.preflights(base, as)...)
	nowhere := config.Route{Path: "no-such-path", Method: routes[0].Method, Authorization: routes[0].Authorization}
	if len(routes) > 1 && a.otherMethod(nowhere.Path) != "" {
		promises = append(promises, as(apiCall(nowhere, base+nowhere.Path, "")).ending(refused))
	}
	return promises
}

// preflights returns the promises that API Gateway itself answers a browser that asks
// whether a page may call. Such a request has no credentials.
func (a servedApi) preflights(base string, as func(promise) promise) []promise {
	if a.settings.Cors == nil {
		return nil
	}
	var promises []promise
	known := map[string]bool{}
	for _, r := range a.settings.AllRoutes() {
		if !known[r.Path] {
			asked := config.Route{Method: "OPTIONS", Authorization: "NONE"}
			promises = append(promises, as(apiCall(asked, base+r.Example(), a.api)))
		}
		known[r.Path] = true
	}
	return promises
}

// decided returns the promises whose end the stack decides. It cannot promise that
// signed requests are delivered if the settings name the callers, because a
// promise does not say who signs. Nor can it promise how an API that exists
// answers, or a server that is not in the stack.
func (a servedApi) decided(promises []promise) []promise {
	if a.settings.Existing != nil {
		return slices.DeleteFunc(promises, func(p promise) bool { return p.expect == delivered })
	}
	promises = slices.DeleteFunc(promises, func(p promise) bool { return p.elsewhere && p.expect == delivered })
	return forCallers(&a.settings.Stage, promises)
}

// otherMethod returns a method that no route has for a path, or nothing if a route
// has all methods.
func (a servedApi) otherMethod(path string) string {
	taken := map[string]bool{}
	for _, r := range a.settings.AllRoutes() {
		if r.Serves(path) {
			taken[r.Method] = true
			taken["OPTIONS"] = taken["OPTIONS"] || a.settings.Cors != nil
		}
	}
	methods := []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
	i := slices.IndexFunc(methods, func(method string) bool { return !taken[method] })
	if taken["ANY"] || i < 0 {
		return ""
	}
	return methods[i]
}

// privateApi describes a private API of the stack.
type privateApi struct {
	servedApi
	environment components.Environment
}

// host returns the API's own host name.
func (a privateApi) host() string {
	if existing := a.settings.Existing; existing != nil {
		return executeApiHost(a.environment, existing.RestApiId)
	}
	return executeApiHost(a.environment, idOf(a.api))
}

// base returns the URL before the path of a route, for a host.
func (a privateApi) base(host string) string {
	return "https://" + host + "/" + a.settings.StageName + "/"
}

// at returns the promise about a request of the first route to the API at a host.
func (a privateApi) at(host string) promise { return a.first(a.base(host)) }

// byOwnName returns promises about the API's own name. It leads nowhere on the
// internet. Clients in another VPC are refused, whoever signs. In subnets of the
// endpoint's VPC, it leads to the endpoint if private DNS is on. The name of an API
// that exists is in no stack of its front.
func (a privateApi) byOwnName(endpoint *config.Endpoint, subnets []subnet) []promise {
	if a.settings.Existing != nil {
		return nil
	}
	call := a.at(a.host())
	promises := []promise{call.at(vantage{from: internet}), call.at(anotherVpc)}
	if endpoint.PrivateDnsEnabled {
		return append(promises, call.atEach(subnetVantages(subnets, endpoint.ClientCidrs))...)
	}
	for _, s := range subnets {
		promises = append(promises, call.at(vantage{from: s.name, admitted: true}).ending(nameNotResolved))
	}
	return promises
}

// byEndpoint returns the promise about a request to the endpoint with a
// resource's name. The API's own name is in the Host header.
func (a privateApi) byEndpoint(endpoint string) promise {
	return a.at(idOf(endpoint)).withHeader("Host", a.host())
}

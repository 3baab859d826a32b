package blueprints

import (
	"slices"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// promises returns what the stack promises. name is the prefix of resource
// names.
func (args *resolvedSharedVpcApis) promises(e components.Environment, name string) []promise {
	inside := subnetsIn(name, &args.Network, args.place.network, config.Private)
	var promises []promise
	for _, api := range args.AllApis() {
		served := func(kind string) privateApi {
			resource := name + apiPart(api.Name) + kind
			return privateApi{servedApi{api.RestApi, &args.Functions, name, resource, api.Name}, e}
		}
		private := served("-private-api")
		about := slices.Concat(
			args.privatePromises(private, name+"-endpoint-vpce", inside),
			private.byOwnName(&args.Endpoint, inside),
			args.publicPromises(served("-regional-api"), inside),
		)
		if args.EdgeApi {
			about = append(about, args.publicPromises(served("-edge-api"), inside)...)
		}
		promises = append(promises, private.decided(about)...)
	}
	return promises
}

// privatePromises returns promises about the three ways to the private API.
// endpoint is the name of the endpoint's resource.
func (args *resolvedSharedVpcApis) privatePromises(api privateApi, endpoint string, inside []subnet) []promise {
	clients := subnetVantages(inside, args.Endpoint.ClientCidrs)
	if args.Client.Create && api.name == "" {
		clients = append(clients, vantage{from: args.clientName(api.stack), admitted: true})
	}
	alias := executeApiHost(api.environment, idOf(api.api)+"-"+idOf(endpoint))
	byAlias := api.at(alias)
	byHost := api.byEndpoint(endpoint)
	byApiId := api.at(idOf(endpoint)).withHeader("x-apigw-api-id", idOf(api.api))
	promises := slices.Concat(
		byAlias.atEach(clients), byHost.atEach(clients), byApiId.atEach(clients),
		[]promise{byAlias.at(vantage{from: internet})},
	)
	for _, client := range first(only(clients)) {
		promises = append(promises, api.guarded(api.base(alias), func(p promise) promise { return p.at(client) })...)
		promises = append(promises, byHost.at(client).foreign(api.environment, &args.Endpoint)...)
	}
	return promises
}

// publicPromises returns promises about a public API. Clients in the private subnets
// of a new VPC reach it only through NAT gateways.
func (args *resolvedSharedVpcApis) publicPromises(api privateApi, inside []subnet) []promise {
	call := api.at(api.host())
	promises := []promise{call.at(fromInternet)}
	if created := args.Network.Create; created == nil || created.NatGateways != string(components.NatNone) {
		for _, s := range inside {
			promises = append(promises, call.at(vantage{from: s.name, private: true, admitted: true}))
		}
		if args.Client.Create && api.name == "" {
			promises = append(promises, call.at(vantage{from: args.clientName(api.stack), admitted: true}))
		}
	}
	guarded := api.guarded(api.base(api.host()), func(p promise) promise { return p.at(fromInternet) })
	return append(promises, guarded...)
}

// clientName returns the name of the resource of the test client.
func (args *resolvedSharedVpcApis) clientName(name string) string { return name + "-client-function" }

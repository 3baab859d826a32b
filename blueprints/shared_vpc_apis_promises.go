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
	private := privateApi{e, &args.Api, name + "-private-api", name + "-hello-function"}
	return slices.Concat(
		args.privatePromises(private, name+"-endpoint-vpce", inside),
		private.byOwnName(&args.Endpoint, inside),
		args.regionalPromises(privateApi{e, &args.Api, name + "-regional-api", private.by}, inside),
	)
}

// privatePromises returns promises about the three ways to the private API.
// endpoint is the name of the endpoint's resource.
func (args *resolvedSharedVpcApis) privatePromises(api privateApi, endpoint string, inside []subnet) []promise {
	clients := subnetVantages(inside, args.Endpoint.ClientCidrs)
	byAlias := api.call(executeApiHost(api.environment, idOf(api.name)+"-"+idOf(endpoint)))
	byHost := api.byEndpoint(endpoint)
	byApiId := api.call(idOf(endpoint)).withHeader("x-apigw-api-id", idOf(api.name))
	promises := slices.Concat(
		byAlias.atEach(clients), byHost.atEach(clients), byApiId.atEach(clients),
		[]promise{byAlias.at(vantage{from: internet})},
	)
	for _, client := range first(only(clients)) {
		promises = append(promises, byAlias.at(client).guards(args.Api.HttpMethod)...)
		promises = append(promises, byHost.at(client).foreign(api.environment, &args.Endpoint)...)
	}
	return promises
}

// regionalPromises returns promises about the regional API. Clients in the
// private subnets of a new VPC reach it only through NAT gateways.
func (args *resolvedSharedVpcApis) regionalPromises(api privateApi, inside []subnet) []promise {
	call := api.call(api.host())
	promises := []promise{call.at(fromInternet)}
	if created := args.Network.Create; created == nil || created.NatGateways != string(components.NatNone) {
		for _, s := range inside {
			promises = append(promises, call.at(vantage{from: s.name, private: true, admitted: true}))
		}
	}
	return append(promises, call.at(fromInternet).guards(args.Api.HttpMethod)...)
}

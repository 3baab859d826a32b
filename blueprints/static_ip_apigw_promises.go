package blueprints

import (
	"slices"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// promises returns what the stack promises. name is the prefix of resource
// names.
func (args *resolvedStaticIpApigw) promises(e components.Environment, name string) []promise {
	outside := internetVantages(args.Front.AllowedCidrs)
	var promises []promise
	for i, path := range args.paths(name) {
		about := args.pathPromises(path, name, outside)
		if i == 0 { // The endpoint's policy is the same for all paths.
			for _, client := range first(only(outside)) {
				call := path.byFront(name)(path.api.first(path.url))
				about = append(about, call.at(client).foreign(e, &args.Endpoint)...)
			}
		}
		promises = append(promises, path.api.decided(about)...)
	}
	served := servedApis(args.AllApis(), &args.Functions, name)
	for _, api := range args.AllApis() {
		private := privateApi{served(api.Name), e}
		promises = append(promises, private.decided(private.byOwnName(&args.Endpoint, args.inside(name)))...)
	}
	return promises
}

// paths returns all paths of all names. name is the prefix of resource names.
func (args *resolvedStaticIpApigw) paths(name string) []frontPath {
	return frontPaths(&args.Domain.FrontDomain, servedApis(args.AllApis(), &args.Functions, name))
}

// pathPromises returns promises about the API that a path leads to. Clients that are
// not admitted are refused there. name is the prefix of resource names.
func (args *resolvedStaticIpApigw) pathPromises(path frontPath, name string, outside []vantage) []promise {
	call, byFront := path.api.first(path.url), path.byFront(name)
	promises := slices.Concat(
		byFront(call).atEach(outside),
		call.atEach(subnetVantages(args.inside(name), args.Endpoint.ClientCidrs)),
	)
	for _, client := range first(only(outside)) {
		guarded := path.api.guarded(path.url, func(p promise) promise { return byFront(p).at(client) })
		promises = append(promises, guarded...)
	}
	return promises
}

// inside returns the subnets of the network.
func (args *resolvedStaticIpApigw) inside(name string) []subnet {
	return slices.Concat(
		subnetsIn(name, &args.Network, args.place.network, config.Private),
		subnetsIn(name, &args.Network, args.place.network, config.Public),
	)
}

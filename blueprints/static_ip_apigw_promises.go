package blueprints

import (
	"slices"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// promises returns what the stack promises. name is the prefix of resource
// names.
func (args *resolvedStaticIpApigw) promises(e components.Environment, name string) []promise {
	s := &args.Api
	url := "https://" + args.Domain.Name + "/" + s.Path
	call := apiCall(&s.Stage, s.HttpMethod, url, functionName(&args.Function, name+"-hello"))
	outside := internetVantages(args.Front.AllowedCidrs)
	promises := slices.Concat(
		call.atEach(outside),
		call.atEach(subnetVantages(args.inside(name), args.Endpoint.ClientCidrs)),
	)
	for _, client := range first(only(outside)) {
		promises = append(promises, call.at(client).guards(s.HttpMethod)...)
		promises = append(promises, call.at(client).foreign(e, &args.Endpoint)...)
	}
	private := privateApi{e, s, name + "-api", functionName(&args.Function, name+"-hello")}
	return slices.Concat(promises, private.byOwnName(&args.Endpoint, args.inside(name)))
}

// inside returns the subnets of the network.
func (args *resolvedStaticIpApigw) inside(name string) []subnet {
	return slices.Concat(
		subnetsIn(name, &args.Network, args.place.network, config.Private),
		subnetsIn(name, &args.Network, args.place.network, config.Public),
	)
}

package blueprints

import (
	"slices"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// promises returns what the stack promises. name is the prefix of resource
// names.
func (args *resolvedStaticIpApigw) promises(e components.Environment, name string) []promise {
	base := "https://" + args.Domain.Name + "/"
	served := servedApi{&args.Api, &args.Functions, name, name + "-api"}
	call := served.first(base)
	outside := internetVantages(args.Front.AllowedCidrs)
	promises := slices.Concat(
		call.atEach(outside),
		call.atEach(subnetVantages(args.inside(name), args.Endpoint.ClientCidrs)),
	)
	for _, client := range first(only(outside)) {
		promises = append(promises, served.guarded(base, func(p promise) promise { return p.at(client) })...)
		promises = append(promises, call.at(client).foreign(e, &args.Endpoint)...)
	}
	private := privateApi{served, e}
	promises = append(promises, private.byOwnName(&args.Endpoint, args.inside(name))...)
	return served.decided(promises)
}

// inside returns the subnets of the network.
func (args *resolvedStaticIpApigw) inside(name string) []subnet {
	return slices.Concat(
		subnetsIn(name, &args.Network, args.place.network, config.Private),
		subnetsIn(name, &args.Network, args.place.network, config.Public),
	)
}

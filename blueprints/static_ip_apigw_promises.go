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
	call, byFront := served.first(base), args.byFront(name)
	outside := internetVantages(args.Front.AllowedCidrs)
	promises := slices.Concat(
		byFront(call).atEach(outside),
		call.atEach(subnetVantages(args.inside(name), args.Endpoint.ClientCidrs)),
	)
	for _, client := range first(only(outside)) {
		promises = append(promises, served.guarded(base, func(p promise) promise { return byFront(p).at(client) })...)
		promises = append(promises, byFront(call).at(client).foreign(e, &args.Endpoint)...)
	}
	promises = append(promises, args.furtherPromises(byFront, base, outside)...)
	private := privateApi{served, e}
	promises = append(promises, private.byOwnName(&args.Endpoint, args.inside(name))...)
	return served.decided(promises)
}

// furtherPromises returns promises about the further APIs behind the name: clients that
// are not admitted are refused there too. Only the owners of the APIs know how these
// answer other clients.
func (args *resolvedStaticIpApigw) furtherPromises(
	byFront func(promise) promise, base string, outside []vantage,
) []promise {
	var promises []promise
	for _, mapped := range args.Domain.Apis {
		call := apiCall(config.Route{Method: "GET"}, base+mapped.BasePath+"/", "")
		for _, client := range outside {
			if !client.admitted {
				promises = append(promises, byFront(call).at(client))
			}
		}
	}
	return promises
}

// byFront returns a function that completes a promise about a client on the internet.
// Without a record of the stack, public DNS may not lead to the load balancer yet,
// so the client knows the address.
func (args *resolvedStaticIpApigw) byFront(name string) func(promise) promise {
	return func(p promise) promise {
		if args.Domain.PublicZoneId == "" {
			p.connectTo = name + "-nlb"
		}
		return p
	}
}

// inside returns the subnets of the network.
func (args *resolvedStaticIpApigw) inside(name string) []subnet {
	return slices.Concat(
		subnetsIn(name, &args.Network, args.place.network, config.Private),
		subnetsIn(name, &args.Network, args.place.network, config.Public),
	)
}

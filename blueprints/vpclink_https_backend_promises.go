package blueprints

import (
	"slices"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// promises returns what the stack promises. name is the prefix of resource
// names. The server has no resource that could answer: it exists already, or
// only its addresses are known.
func (args *resolvedVpclinkHttpsBackend) promises(e components.Environment, name string) []promise {
	stage := "https://" + executeApiHost(e, idOf(name+"-api")) + "/" + args.Api.StageName
	var promises []promise
	for _, request := range [][2]string{{"GET", "/"}, {"GET", "/any/path"}, {"POST", "/any/path"}} {
		call := apiCall(args.Api.Route("", request[0]), stage+request[1], "").at(fromInternet)
		promises = append(promises, call)
		promises = append(promises, call.guards("")...)
	}
	backend := promise{method: "GET", url: "https://" + args.Backend.HostName + "/", expect: delivered}
	past := backend
	past.connectTo = name + "-nlb"
	inside := subnetVantages(subnetsIn(name, &args.Network, args.network, config.Private), args.vpcClients(args.network))
	return slices.Concat(
		forCallers(&args.Api, promises),
		[]promise{past.at(vantage{from: internet})},
		backend.atEach(inside),
		past.atEach(inside),
	)
}

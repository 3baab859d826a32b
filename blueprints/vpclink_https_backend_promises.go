package blueprints

import (
	"slices"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// promises returns what the stack promises. name is the prefix of resource
// names. The server has no resource that could answer: it exists already, only
// its addresses are known, or any of several servers may answer.
func (args *resolvedVpclinkHttpsBackend) promises(e components.Environment, name string) []promise {
	backend := promise{
		method: "GET", url: "https://" + args.Backend.HostName + "/", expect: delivered, server: args.server(),
	}
	past := backend
	past.connectTo = name + "-nlb"
	private := subnetsIn(name, &args.Network, args.network, config.Private)
	inside := subnetVantages(private, args.vpcClients(args.network))
	return slices.Concat(
		args.apiPromises(e, name),
		[]promise{past.at(vantage{from: internet})},
		backend.atEach(inside),
		past.atEach(inside),
		args.simulatedPromises(past, name+"-simulated"),
	)
}

// server returns what the servers speak, if the stack launches them.
func (args *resolvedVpclinkHttpsBackend) server() string {
	if args.Backend.Simulated == nil {
		return ""
	}
	return "https"
}

// apiPromises returns promises about the API: it passes every path to the server, with
// the client's method.
func (args *resolvedVpclinkHttpsBackend) apiPromises(e components.Environment, name string) []promise {
	stage := "https://" + executeApiHost(e, idOf(name+"-api")) + "/" + args.Api.StageName
	var promises []promise
	for _, path := range []string{"/", "/any/path"} {
		for _, httpMethod := range []string{"GET", "POST"} {
			call := apiCall(args.Api.Route("", httpMethod), stage+path, "").at(fromInternet)
			if call.expect == delivered {
				call.server, call.gets = args.server(), httpMethod
			}
			promises = append(promises, call)
			promises = append(promises, call.guards("")...)
		}
	}
	return forCallers(&args.Api.Stage, promises)
}

// simulatedPromises returns promises about the simulated data center. Its servers
// reach the repositories of their packages. It does not use the load balancer of the
// VPC link, which past calls.
func (args *resolvedVpclinkHttpsBackend) simulatedPromises(past promise, name string) []promise {
	if args.Backend.Simulated == nil {
		return nil
	}
	network := &args.Backend.Simulated.Network
	promises := slices.Concat(
		packages.atEach(serversIn(name, network, args.simulated)),
		gatePromises(name, &args.Backend.Simulated.Launch, args.simulated, args.Backend.HostName),
	)
	for _, at := range subnetsIn(name, network, args.simulated, config.Private) {
		promises = append(promises, past.at(vantage{from: at.name}))
	}
	return promises
}

package blueprints

import (
	"net/netip"

	"private-api-blueprints/config"
)

// promises returns what the stack promises. name is the prefix of resource
// names. Any of the servers may answer.
func (args *resolvedH2EndpointService) promises(name string) []promise {
	call := promise{
		method: "GET", url: "https://" + args.privateDnsName() + "/", protocol: args.protocol(), expect: delivered,
		server: args.server(),
	}
	var promises []promise
	if args.consumer != nil {
		promises = args.consumerPromises(call, name+"-consumer")
	}
	if args.service != nil {
		promises = append(promises, args.servicePromises(call, name)...)
	}
	return promises
}

// protocol returns the protocol that a client gets if it offers HTTP/2 before
// HTTP/1.1. The load balancer may prefer HTTP/1.1.
func (args *resolvedH2EndpointService) protocol() string {
	if args.service != nil && args.service.Front.AlpnPolicy == "HTTP2Optional" {
		return ""
	}
	return http2
}

// server returns what the servers speak, if the stack launches them.
func (args *resolvedH2EndpointService) server() string {
	switch {
	case args.service == nil || args.service.targets != nil:
		return ""
	case args.service.Targets.ProxyProtocol:
		return "https+proxy"
	}
	return "https"
}

// consumerPromises returns promises about the consumer's half. Without private
// DNS, clients connect to the endpoint, and call the name if the service has
// one.
func (args *resolvedH2EndpointService) consumerPromises(call promise, name string) []promise {
	s := args.consumer
	inside := subnetsIn(name, &s.Network, s.network, config.Private)
	for i := range inside {
		inside[i].shared = inside[i].shared || args.service != nil // The two networks may have the same addresses.
	}
	endpoint := name + "-vpce"
	var promises []promise
	switch {
	case args.privateDnsName() == "":
		call.url = "https://" + idOf(endpoint) + "/"
	case !s.PrivateDnsEnabled:
		if args.service != nil {
			for _, at := range inside {
				promises = append(promises, call.at(vantage{from: at.name}))
			}
		}
		call.connectTo = endpoint
	}
	if s.Client.Create {
		promises = append(promises, call.at(vantage{from: name + "-client-function", admitted: true}))
	}
	return append(promises, call.atEach(subnetVantages(inside, args.clientCidrs()))...)
}

// clientCidrs returns the ranges of clients that both halves admit. A service of
// another stack may admit fewer.
func (args *resolvedH2EndpointService) clientCidrs() []netip.Prefix {
	if args.service == nil || len(args.service.Front.AllowedCidrs) == 0 {
		return args.consumer.ClientCidrs
	}
	return common(args.consumer.ClientCidrs, args.service.Front.AllowedCidrs)
}

// servicePromises returns promises about the service's half: nobody reaches the
// load balancer except through the service, by name or past it. Clients in the
// service's own network connect to it from the ranges of the consumers' clients.
// Servers that the stack launches reach the repositories of their packages.
func (args *resolvedH2EndpointService) servicePromises(call promise, name string) []promise {
	s := args.service
	past := call
	past.connectTo = name + "-nlb"
	promises := []promise{
		call.at(vantage{from: internet}),
		past.at(vantage{from: internet}),
	}
	if s.targets == nil {
		promises = append(promises, packages.atEach(serversIn(name, &s.Network, s.network))...)
	}
	inside := subnetsIn(name, &s.Network, s.network, config.Private)
	for _, at := range inside {
		if !args.inOneVpc() {
			promises = append(promises, call.at(vantage{from: at.name}))
		}
	}
	return append(promises, past.atEach(subnetVantages(inside, s.Front.AllowedCidrs))...)
}

// packages is the request with which a server installs packages. The repositories
// of Amazon Linux are on the internet.
var packages = promise{method: "GET", url: "https://cdn.amazonlinux.com/", connectTo: internet, expect: delivered}

// inOneVpc reports whether the consumer is in the service's VPC. Its name then
// resolves for the service's neighbors too.
func (args *resolvedH2EndpointService) inOneVpc() bool {
	if args.consumer == nil {
		return false
	}
	a, b := args.service.Network.Existing, args.consumer.Network.Existing
	return a != nil && b != nil && a.VpcId == b.VpcId
}

package blueprints

import (
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// ipv6Way is a way in which clients call an API.
type ipv6Way struct {
	url  string // Everything before the path of a route.
	host string // The Host header; empty for that of the URL.
	api  privateApi
}

// ways returns all ways to all APIs: by each name, with the API's own name in the Host
// header, or by each path of each custom domain name. name is the prefix of resource
// names.
func (args *resolvedIpv6Front) ways(e components.Environment, name string) []ipv6Way {
	served := servedApis(args.AllApis(), &args.Functions, name)
	var ways []ipv6Way
	if args.Domain.EndpointType != "" {
		for _, path := range frontPaths(&args.Domain.FrontDomain, served) {
			ways = append(ways, ipv6Way{url: path.url, api: privateApi{path.api, e}})
		}
		return ways
	}
	for _, at := range args.Domain.AllNames() {
		for _, api := range args.AllApis() {
			private := privateApi{served(api.Name), e}
			ways = append(ways, ipv6Way{private.base(at.Name), private.host(), private})
		}
	}
	return ways
}

// as completes a promise about a request by the way.
func (way ipv6Way) as(p promise) promise {
	if way.host == "" {
		return p
	}
	return p.withHeader("Host", way.host)
}

// promises returns what the stack promises. name is the prefix of resource
// names.
func (args *resolvedIpv6Front) promises(e components.Environment, name string) []promise {
	clients := args.clients(name)
	var promises []promise
	for i, way := range args.ways(e, name) {
		call := way.as(way.api.first(way.url))
		about := slices.Concat(
			call.atEach(clients),
			way.api.guarded(way.url, func(p promise) promise { return way.as(p).at(clients[0]) }),
		)
		if i == 0 { // What decides about these is the same for all ways.
			direct := call
			direct.connectTo = name + "-nlb"
			about = append(about, call.at(clients[0]).foreign(e, &args.Endpoint)...)
			about = append(about, call.at(vantage{from: internet}), direct.at(vantage{from: internet}))
		}
		promises = append(promises, way.api.decided(about)...)
	}
	inside := subnetsIn(name, &args.Network, args.place.network, config.Private)
	served := servedApis(args.AllApis(), &args.Functions, name)
	for _, api := range args.AllApis() {
		private := privateApi{served(api.Name), e}
		promises = append(promises, private.decided(slices.Concat(
			private.byEndpoint(name+"-endpoint-vpce").atEach(subnetVantages(inside, args.Endpoint.ClientCidrs)),
			private.byOwnName(&args.Endpoint, inside),
		))...)
	}
	return promises
}

// clients returns the load balancer's clients in the dualstack subnets: first
// the members of the clients' security group, which may call over IPv6 only,
// then the test client, then all others.
func (args *resolvedIpv6Front) clients(name string) []vantage {
	groups := []string{name + "-clients-sg"}
	network, part := args.FrontNetwork, name+"-front"
	if network == nil {
		network, part = &args.Network, name
	}
	subnets := subnetsIn(part, network, args.frontNetwork, config.Dualstack)
	var members, others []vantage
	for _, s := range subnets {
		members = append(members, vantage{from: s.name, groups: groups, ipVersion: 6, admitted: true})
		others = append(others, vantage{from: s.name, groups: groups, ipVersion: 4})
	}
	if args.Client.Create {
		members = append(members, vantage{from: name + "-client-function", ipVersion: 6, admitted: true})
	}
	ipv4, ipv6 := byFamily(args.Front.AllowedCidrs)
	others = append(others, over(4, subnetVantages(subnets, ipv4))...)
	for i, s := range args.frontNetwork.Dualstack {
		subnets[i].cidr = knownRange(s.Ipv6CidrBlock)
	}
	return slices.Concat(members, others, over(6, subnetVantages(subnets, ipv6)))
}

// knownRange returns the IPv6 range of a subnet, or an invalid one if the stack
// creates the subnet, whose range AWS chooses.
func knownRange(text pulumi.StringInput) netip.Prefix {
	known, _ := text.(pulumi.String)
	cidr, _ := netip.ParsePrefix(string(known)) // AWS wrote it, so it is valid.
	return cidr
}

// byFamily divides ranges into those of IPv4 and those of IPv6.
func byFamily(ranges []netip.Prefix) (ipv4, ipv6 []netip.Prefix) {
	for _, r := range ranges {
		if r.Addr().Is4() {
			ipv4 = append(ipv4, r)
		} else {
			ipv6 = append(ipv6, r)
		}
	}
	return ipv4, ipv6
}

// over returns the vantage points for one IP version.
func over(ipVersion int, points []vantage) []vantage {
	for i := range points {
		points[i].ipVersion = ipVersion
	}
	return points
}

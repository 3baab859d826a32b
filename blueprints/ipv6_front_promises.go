package blueprints

import (
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// promises returns what the stack promises. name is the prefix of resource
// names.
func (args *resolvedIpv6Front) promises(e components.Environment, name string) []promise {
	private := privateApi{servedApi{&args.Api, &args.Functions, name, name + "-api"}, e}
	call := private.at(args.Domain.Name).withHeader("Host", private.host())
	clients := args.clients(name)
	direct := call
	direct.connectTo = name + "-nlb"
	inside := subnetsIn(name, &args.Network, args.place.network, config.Private)
	return private.decided(slices.Concat(
		call.atEach(clients),
		private.guarded(private.base(args.Domain.Name), func(p promise) promise {
			return p.withHeader("Host", private.host()).at(clients[0])
		}),
		call.at(clients[0]).foreign(e, &args.Endpoint),
		[]promise{call.at(vantage{from: internet}), direct.at(vantage{from: internet})},
		private.byEndpoint(name+"-endpoint-vpce").atEach(subnetVantages(inside, args.Endpoint.ClientCidrs)),
		private.byOwnName(&args.Endpoint, inside),
	))
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

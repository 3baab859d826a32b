package blueprints

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/addressplan"
	"private-api-blueprints/internal/settings"
)

// EndpointSettings describes the execute-api endpoint.
type EndpointSettings struct {
	// Ipv4Addresses pins the endpoint, one address per private subnet, in the
	// order of the zones. Left out, it gets host 10 of each subnet that is
	// created; in existing ones that address may be in use.
	Ipv4Addresses []netip.Addr `config:"ipv4Addresses"`
	// PrivateDnsEnabled makes API Gateway's own names resolve to the endpoint in
	// the whole VPC. Off by default: regional APIs then answer 403 from there.
	PrivateDnsEnabled bool `config:"privateDnsEnabled"`
	// ClientCidrs are clients inside the VPC, or routed to it, that call the
	// endpoint itself. None by default: only the load balancer may.
	ClientCidrs []netip.Prefix `config:"clientCidrs"`
}

const endpointKey = namespace + ":endpoint"

func (s *EndpointSettings) check(problems *settings.Problems) {
	checkClients(checks{problems, endpointKey + "."}, "clientCidrs", s.ClientCidrs)
}

// resolve fills in the addresses that are left out, and refuses those that the
// subnets cannot give.
func (s *EndpointSettings) resolve(subnets []components.Subnet, existing bool, problems *settings.Problems) {
	s.Ipv4Addresses = pin(s.Ipv4Addresses, privateTier, subnets, existing, endpointKey+".ipv4Addresses", problems)
}

// pin returns the addresses of something that has one in each subnet of a tier:
// those configured below the key or, in subnets that are created, the default
// ones.
func pin(addresses []netip.Addr, t tier, subnets []components.Subnet, existing bool, key string, problems *settings.Problems) []netip.Addr {
	switch {
	case len(subnets) == 0 || problems.Any(key): // They have problems of their own.
		return addresses
	case addresses == nil && existing:
		problems.Add(key, nil, "required with an existing network: one free address in each %s subnet, in the order of the zones %s", t, strings.Join(components.AvailabilityZones(subnets), ", "))
		return nil
	case addresses == nil:
		for _, subnet := range subnets {
			addresses = append(addresses, addressplan.Pin(subnet.CidrBlock))
		}
	case len(addresses) != len(subnets):
		problems.Add(key, addresses, "want one address per %s subnet, %d in all", t, len(subnets))
		return addresses
	}
	for i, subnet := range subnets {
		if err := addressplan.Check(subnet.CidrBlock, addresses[i]); err != nil {
			problems.Add(fmt.Sprintf("%s[%d]", key, i), addresses[i], "%v (the %s subnet in %s)", err, t, subnet.AvailabilityZone)
		}
	}
	return addresses
}

// checkClients requires IPv4 ranges that security-group rules can hold, each
// once.
func checkClients(c checks, key string, clients []netip.Prefix) {
	for i, client := range clients {
		if at := fmt.Sprintf("%s[%d]", c.at(key), i); !c.Any(at) && !client.Addr().Is4() {
			c.Add(at, client, "want an IPv4 range without host bits, such as 192.0.2.0/24")
		}
	}
	checkRanges(c, key, clients)
}

// checkRanges requires ranges that security-group rules can hold, each once.
func checkRanges(c checks, key string, clients []netip.Prefix) {
	for i, client := range clients {
		at := fmt.Sprintf("%s[%d]", c.at(key), i)
		switch {
		case c.Any(at):
		case client.Addr().Is4In6():
			c.Add(at, client, "want an IPv4 range as such, such as 192.0.2.0/24")
		case client != client.Masked():
			c.Add(at, client, "want a range without host bits, such as %s", client.Masked())
		case slices.Index(clients, client) != i:
			c.Add(at, client, "is there twice; want each range once")
		}
	}
}

func (s *EndpointSettings) args(network *components.Network, serviceName string) *components.ExecuteApiEndpointArgs {
	return &components.ExecuteApiEndpointArgs{
		VpcId:             network.VpcId,
		ServiceName:       serviceName,
		Subnets:           network.Private,
		Addresses:         s.Ipv4Addresses,
		PrivateDnsEnabled: s.PrivateDnsEnabled,
		ClientCidrs:       s.ClientCidrs,
	}
}

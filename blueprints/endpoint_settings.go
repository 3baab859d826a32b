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
	key := endpointKey + ".ipv4Addresses"
	if len(subnets) == 0 { // They have problems of their own.
		return
	}
	if s.Ipv4Addresses == nil && existing && !problems.Any(key) {
		problems.Add(key, nil, "required with an existing network: one free address in each private subnet, in the order of the zones %s", strings.Join(components.AvailabilityZones(subnets), ", "))
		return
	}
	if s.Ipv4Addresses == nil {
		for _, subnet := range subnets {
			s.Ipv4Addresses = append(s.Ipv4Addresses, addressplan.Pin(subnet.CidrBlock))
		}
	}
	if problems.Any(key) {
		return
	}
	if len(s.Ipv4Addresses) != len(subnets) {
		problems.Add(key, s.Ipv4Addresses, "want one address per private subnet, %d in all", len(subnets))
		return
	}
	for i, subnet := range subnets {
		if err := addressplan.Check(subnet.CidrBlock, s.Ipv4Addresses[i]); err != nil {
			problems.Add(fmt.Sprintf("%s[%d]", key, i), s.Ipv4Addresses[i], "%v (the private subnet in %s)", err, subnet.AvailabilityZone)
		}
	}
}

// checkClients requires ranges that security-group rules can hold, each once.
func checkClients(c checks, key string, clients []netip.Prefix) {
	for i, client := range clients {
		at := fmt.Sprintf("%s[%d]", c.at(key), i)
		switch {
		case c.Any(at):
		case !client.Addr().Is4() || client != client.Masked():
			c.Add(at, client, "want an IPv4 range without host bits, such as 192.0.2.0/24")
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

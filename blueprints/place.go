package blueprints

import (
	"net/netip"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// place is where an execute-api endpoint goes, as AWS describes it.
type place struct {
	service   *components.ServiceDetail // Execute-api in this region.
	network   *components.Network       // As it is or, without IDs, as it will be.
	addresses []netip.Addr              // Of the endpoint, one per private subnet.
}

// place asks AWS for the network of an execute-api endpoint and for what the
// endpoint needs. The error is AWS not answering at all.
func (l *lookup) place(network *config.Network, endpoint *config.Endpoint, peered bool) (*place, error) {
	service, err := components.LookupExecuteApiService(l.ctx)
	if err != nil {
		return nil, err
	}
	found := l.network(l.section("network"), network, networkUse{service: service, peered: peered})
	addresses := fixedAddresses{config.Private, found.Private, network.Existing != nil, endpoint.Ipv4Addresses}
	return &place{service, found, addresses.check(l.section("endpoint"))}, nil
}

// newEndpoint registers an execute-api endpoint in a network.
func (b builder) newEndpoint(
	s *config.Endpoint, p *place, network *components.Network,
) (*components.ExecuteApiEndpoint, error) {
	return components.NewExecuteApiEndpoint(b.ctx, b.name+"-endpoint", &components.ExecuteApiEndpointArgs{
		VpcId:             network.VpcId,
		ServiceName:       p.service.Name,
		Subnets:           network.Private,
		Addresses:         p.addresses,
		PrivateDnsEnabled: s.PrivateDnsEnabled,
		ClientCidrs:       s.ClientCidrs,
	}, b.child)
}

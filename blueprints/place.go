package blueprints

import (
	"maps"
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// place describes where an execute-api endpoint is created.
type place struct {
	service   *components.ServiceDetail // The execute-api service of the region.
	network   *components.Network       // Has no IDs if the stack creates it.
	addresses []netip.Addr              // The endpoint's addresses, one per private subnet.
}

// place asks AWS about the network of an execute-api endpoint and about the
// service behind it. use is what the stack adds there in addition to the endpoint.
// place returns an error only if AWS does not answer.
func (l *lookup) place(network *config.Network, endpoint *config.Endpoint, use networkUse) (*place, error) {
	var err error
	if use.service, err = components.LookupExecuteApiService(l.ctx, l.options...); err != nil {
		return nil, err
	}
	needs := maps.Clone(use.addresses)
	if needs == nil {
		needs = addressNeeds{}
	}
	needs[config.Private] += interfaceSpace
	use.addresses = needs
	found := l.network(l.section("network"), network, use)
	addresses := fixedAddresses{config.Private, found.Private, network.Existing != nil, endpoint.Ipv4Addresses}
	return &place{use.service, found, addresses.check(l.section("endpoint"))}, nil
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

// newEndpointPolicy registers the policy of an endpoint, unless the settings leave
// the endpoint open. arns are what the stack serves there: its API, and a private
// custom domain name. It returns what must exist before clients get through.
func (b builder) newEndpointPolicy(
	s *config.Endpoint, endpoint *components.ExecuteApiEndpoint, arns ...pulumi.StringInput,
) ([]pulumi.Resource, error) {
	if s.Policy == "open" {
		return nil, nil
	}
	policy, err := components.NewEndpointPolicy(b.ctx, b.name+"-endpoint", &components.EndpointPolicyArgs{
		Environment: b.environment,
		EndpointId:  endpoint.EndpointId,
		InvokeArns:  arns,
		ApiIds:      s.ApiIds,
	}, b.child)
	return []pulumi.Resource{policy}, err
}

package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// Place is what AWS answered about where a blueprint goes.
type Place struct {
	Environment components.Environment
	Service     *components.EndpointService // Execute-api in this region.
	Network     *components.Network         // As it is or, without ids, as it will be.
}

// resolvePlace asks AWS for the network and for what its endpoint needs, and
// records what does not fit. The error is AWS not answering at all.
func resolvePlace(ctx *pulumi.Context, use networkUse, network *NetworkSettings, endpoint *EndpointSettings, problems *settings.Problems) (*Place, error) {
	environment, err := components.LookupEnvironment(ctx)
	if err != nil {
		return nil, err
	}
	service, err := components.LookupExecuteApiService(ctx)
	if err != nil {
		return nil, err
	}
	place := &Place{
		Environment: *environment,
		Service:     service,
		Network:     network.resolve(ctx, use, environment.Region, service, problems),
	}
	endpoint.resolve(place.Network.Private, network.Existing != nil, problems)
	return place, nil
}

// register registers the network, unless it exists, and its endpoint.
func (p *Place) register(ctx *pulumi.Context, name string, network *NetworkSettings, endpoint *EndpointSettings, child pulumi.ResourceOption) (*components.Network, *components.ExecuteApiEndpoint, error) {
	in, err := network.register(ctx, name, p.Network, child)
	if err != nil {
		return nil, nil, err
	}
	registered, err := components.NewExecuteApiEndpoint(ctx, name+"-endpoint", endpoint.args(in, p.Service.Name), child)
	return in, registered, err
}

// newPrivateApi registers a private API behind the endpoint, and what it logs
// with.
func (p *Place) newPrivateApi(ctx *pulumi.Context, name string, api *ApiSettings, network *components.Network, endpoint *components.ExecuteApiEndpoint, backend components.Backend, child pulumi.ResourceOption) (*components.PrivateRestApi, error) {
	stage, err := api.stage(ctx, p.Environment.Partition)
	if err != nil {
		return nil, err
	}
	return components.NewPrivateRestApi(ctx, name, &components.PrivateRestApiArgs{
		Environment: p.Environment,
		VpcId:       network.VpcId,
		EndpointId:  endpoint.EndpointId,
		Route:       api.route(),
		Backend:     backend,
		Stage:       stage,
	}, child)
}

package blueprints

import (
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/settings"
)

// SharedVpcApisSettings is the configuration of shared-vpc-apis, below
// `blueprint:`.
type SharedVpcApisSettings struct {
	Name     string           `config:"name"`
	Network  NetworkSettings  `config:"network"`
	Endpoint EndpointSettings `config:"endpoint"` // Without private DNS, with clients.
	Api      ApiSettings      `config:"api"`      // Of both APIs.
	Function FunctionSettings `config:"function"`
}

var sharedVpcNetwork = networkUse{key: networkKey, tiers: []tier{privateTier}}

func deploySharedVpcApis(ctx *pulumi.Context, config map[string]string) error {
	args, err := configureSharedVpcApis(ctx, config)
	if err != nil {
		return err
	}
	blueprint, err := NewSharedVpcApis(ctx, "shared-vpc", args)
	if err != nil {
		return err
	}
	ctx.Export("curlByAlias", blueprint.CurlByAlias)
	ctx.Export("curlByApiIdHeader", blueprint.CurlByApiIdHeader)
	ctx.Export("curlByHostHeader", blueprint.CurlByHostHeader)
	ctx.Export("curlRegional", blueprint.CurlRegional)
	ctx.Export("endpointId", blueprint.EndpointId)
	return nil
}

// configureSharedVpcApis decodes and checks the configuration, all of it before
// it returns.
func configureSharedVpcApis(ctx *pulumi.Context, config map[string]string) (*SharedVpcApisArgs, error) {
	problems := newProblems(ctx)
	s := &SharedVpcApisSettings{Api: defaultApi(), Function: defaultFunction()}
	settings.Decode(namespace, config, s, problems)
	s.Network.check(sharedVpcNetwork, problems)
	s.Endpoint.check(problems)
	s.checkEndpoint(problems)
	s.Api.check(problems)
	s.Function.check(problems)
	place, err := resolvePlace(ctx, sharedVpcNetwork, &s.Network, &s.Endpoint, problems)
	if err := errors.Join(problems.Err(), err); err != nil {
		return nil, err
	}
	return &SharedVpcApisArgs{Settings: *s, Place: *place}, nil
}

// checkEndpoint refuses what would take the regional API away from the VPC, and
// an endpoint that nobody may call.
func (s *SharedVpcApisSettings) checkEndpoint(problems *settings.Problems) {
	c := checks{problems, endpointKey + "."}
	if s.Endpoint.PrivateDnsEnabled {
		c.Add(c.at("privateDnsEnabled"), true, "want false: with private DNS every execute-api name in the VPC leads to the endpoint, "+
			"which serves private APIs only, and the regional API answers 403 (https://repost.aws/knowledge-center/api-gateway-vpc-connections)")
	}
	if len(s.Endpoint.ClientCidrs) == 0 && !c.Any(c.at("clientCidrs")) {
		c.Add(c.at("clientCidrs"), nil, "required: the IPv4 ranges of the clients in the VPC, such as [10.0.0.0/16]")
	}
}

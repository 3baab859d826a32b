package blueprints

import (
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/settings"
)

// StaticIpApigwSettings is the configuration of static-ip-apigw, below
// `blueprint:`.
type StaticIpApigwSettings struct {
	Name     string           `config:"name"`
	Network  NetworkSettings  `config:"network"`
	Endpoint EndpointSettings `config:"endpoint"`
	Api      ApiSettings      `config:"api"`
	Function FunctionSettings `config:"function"`
	Domain   DomainSettings   `config:"domain"`
	Front    FrontSettings    `config:"front"`
}

var staticIpNetwork = networkUse{key: networkKey, tiers: []tier{privateTier, publicTier}}

func deployStaticIpApigw(ctx *pulumi.Context, config map[string]string) error {
	args, err := configureStaticIpApigw(ctx, config)
	if err != nil {
		return err
	}
	blueprint, err := NewStaticIpApigw(ctx, "static-ip", args)
	if err != nil {
		return err
	}
	ctx.Export("url", blueprint.Url)
	ctx.Export("staticAddresses", blueprint.StaticAddresses)
	ctx.Export("curl", blueprint.Curl)
	ctx.Export("loadBalancerDnsName", blueprint.LoadBalancerDnsName)
	ctx.Export("endpointId", blueprint.EndpointId)
	ctx.Export("apiId", blueprint.ApiId)
	return nil
}

// configureStaticIpApigw decodes and checks the configuration, all of it
// before it returns.
func configureStaticIpApigw(ctx *pulumi.Context, config map[string]string) (*StaticIpApigwArgs, error) {
	problems := newProblems(ctx)
	s := &StaticIpApigwSettings{Api: defaultApi(), Function: defaultFunction(), Front: FrontSettings{TlsSettings: defaultTls()}}
	settings.Decode(namespace, config, s, problems)
	s.check(problems)
	args, err := s.resolve(ctx, problems)
	return args, errors.Join(problems.Err(), err)
}

// check refuses what can be refused without asking AWS.
func (s *StaticIpApigwSettings) check(problems *settings.Problems) {
	s.Network.check(staticIpNetwork, problems)
	s.Endpoint.check(problems)
	s.Api.check(problems)
	s.Function.check(problems)
	s.Domain.check(problems)
	s.Front.check(problems)
}

// resolve asks AWS for what the settings refer to and records what does not
// fit. The error is AWS not answering at all.
func (s *StaticIpApigwSettings) resolve(ctx *pulumi.Context, problems *settings.Problems) (*StaticIpApigwArgs, error) {
	place, err := resolvePlace(ctx, staticIpNetwork, &s.Network, &s.Endpoint, problems)
	if err != nil {
		return nil, err
	}
	s.Domain.resolve(ctx, &place.Environment, checks{problems, domainKey + "."})
	return &StaticIpApigwArgs{Settings: *s, Place: *place}, nil
}

package blueprints

import (
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// VpclinkHttpsBackendSettings is the configuration of vpclink-https-backend,
// below `blueprint:`.
type VpclinkHttpsBackendSettings struct {
	Name    string               `config:"name"`
	Network NetworkSettings      `config:"network"` // The load balancer's.
	Front   LoadBalancerSettings `config:"front"`
	Api     StageSettings        `config:"api"`
	Backend HttpsBackendSettings `config:"backend"`
}

func deployVpclinkHttpsBackend(ctx *pulumi.Context, config map[string]string) error {
	args, err := configureVpclinkHttpsBackend(ctx, config)
	if err != nil {
		return err
	}
	blueprint, err := NewVpclinkHttpsBackend(ctx, "link", args)
	if err != nil {
		return err
	}
	ctx.Export("url", blueprint.Url)
	ctx.Export("curl", blueprint.Curl)
	ctx.Export("loadBalancerDnsName", blueprint.LoadBalancerDnsName)
	ctx.Export("vpcLinkId", blueprint.VpcLinkId)
	ctx.Export("apiId", blueprint.ApiId)
	if args.Simulated != nil {
		ctx.Export("simulatedAddresses", blueprint.SimulatedAddresses)
	}
	return nil
}

// configureVpclinkHttpsBackend decodes and checks the configuration, all of it
// before it returns.
func configureVpclinkHttpsBackend(ctx *pulumi.Context, config map[string]string) (*VpclinkHttpsBackendArgs, error) {
	problems := newProblems(ctx)
	s := &VpclinkHttpsBackendSettings{Api: defaultStage(), Backend: defaultHttpsBackend()}
	settings.Decode(namespace, config, s, problems)
	s.Network.check(s.networkUse(), problems)
	s.Api.check(problems)
	s.Backend.check(problems)
	args, err := s.resolve(ctx, problems)
	return args, errors.Join(problems.Err(), err)
}

// networkUse adds routes to the network where the simulated one is peered.
func (s *VpclinkHttpsBackendSettings) networkUse() networkUse {
	return networkUse{key: networkKey, tiers: []tier{privateTier}, peered: s.Backend.Simulated != nil}
}

// resolve asks AWS for what the settings refer to and records what does not
// fit. The error is AWS not answering at all.
func (s *VpclinkHttpsBackendSettings) resolve(ctx *pulumi.Context, problems *settings.Problems) (*VpclinkHttpsBackendArgs, error) {
	environment, err := components.LookupEnvironment(ctx)
	if err != nil {
		return nil, err
	}
	network := s.Network.resolve(ctx, s.networkUse(), environment.Region, nil, problems)
	simulated := s.Backend.resolve(ctx, environment, network, problems)
	return &VpclinkHttpsBackendArgs{Settings: *s, Environment: *environment, Network: network, Simulated: simulated}, nil
}

package blueprints

import (
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// H2EndpointServiceSettings is the configuration of h2-endpoint-service, below
// `blueprint:`. Its halves may be in one stack, or in the stacks of two
// companies.
type H2EndpointServiceSettings struct {
	Name     string            `config:"name"`
	Service  *ServiceSettings  `config:"service"`  // Nil: others offer it.
	Consumer *ConsumerSettings `config:"consumer"` // Nil: others use it.
}

func deployH2EndpointService(ctx *pulumi.Context, config map[string]string) error {
	args, err := configureH2EndpointService(ctx, config)
	if err != nil {
		return err
	}
	blueprint, err := NewH2EndpointService(ctx, "h2", args)
	if err != nil {
		return err
	}
	ctx.Export("serviceName", blueprint.ServiceName)
	ctx.Export("privateDnsName", pulumi.String(args.privateDnsName()))
	if args.Service != nil {
		ctx.Export("loadBalancerSecurityGroupId", blueprint.LoadBalancerSecurityGroupId)
	}
	if args.Consumer == nil {
		ctx.Export("forConsumers", args.forConsumers(blueprint.ServiceName))
		return nil
	}
	ctx.Export("endpointId", blueprint.EndpointId)
	ctx.Export("curl", blueprint.Curl)
	return nil
}

// configureH2EndpointService decodes and checks the configuration, all of it
// before it returns.
func configureH2EndpointService(ctx *pulumi.Context, config map[string]string) (*H2EndpointServiceArgs, error) {
	problems := newProblems(ctx)
	s := &H2EndpointServiceSettings{}
	settings.Decode(namespace, config, s, problems)
	s.check(problems)
	args, err := s.resolve(ctx, problems)
	return args, errors.Join(problems.Err(), err)
}

// check refuses what can be refused without asking AWS.
func (s *H2EndpointServiceSettings) check(problems *settings.Problems) {
	if s.Service == nil && s.Consumer == nil && problems.Err() == nil {
		problems.Add(serviceKey, nil, "required: service (what this stack offers), consumer (what it uses), or both")
	}
	if s.Service != nil {
		s.Service.check(problems)
	}
	if s.Consumer != nil {
		s.Consumer.check(s.Service == nil, problems)
	}
}

// resolve asks AWS for what the settings refer to and records what does not
// fit. The error is AWS not answering at all.
func (s *H2EndpointServiceSettings) resolve(ctx *pulumi.Context, problems *settings.Problems) (*H2EndpointServiceArgs, error) {
	environment, err := components.LookupEnvironment(ctx)
	if err != nil {
		return nil, err
	}
	args := &H2EndpointServiceArgs{Settings: *s, Environment: *environment}
	if s.Service != nil {
		if args.Service, err = s.Service.resolve(ctx, environment, problems); err != nil {
			return nil, err
		}
	}
	if s.Consumer != nil {
		args.Consumer, err = s.Consumer.resolve(ctx, environment.Region, args.Service, problems)
	}
	return args, err
}

package blueprints

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// lookup asks AWS about the resources that settings name. It records the
// problems that it finds.
type lookup struct {
	ctx       *pulumi.Context
	values    map[string]string // The stack's whole configuration by full key, or the inputs of a component.
	namespace string            // That of the settings among the values; empty for inputs.
	// regionSource is what names the stack's region, in words of a message: a key, a variable, or only "the region".
	regionSource string
	problems     *settings.Problems
	// environment is where the stack is deployed; open sets it.
	environment components.Environment
	// options select the provider to ask with. Without options, lookups use the stack's provider.
	options []pulumi.InvokeOption
	// zoneProvider is the provider of the account of the public zone; nil for the
	// stack's own.
	zoneProvider pulumi.ProviderResource
	// remote says how the blueprint is registered in a program of others; nil in a stack of this program.
	remote *remote
	// everywhere holds the options of every resource that has no other one of the blueprint as its parent.
	everywhere pulumi.ResourceOption
	registered registered               // The resources of the blueprint, as far as they are registered.
	component  pulumi.ComponentResource // The blueprint, once it is registered.
	outputs    outputs
	state      deployed // What inState has read; nil before.
}

// open asks AWS where the stack is deployed. It returns an error only if AWS
// does not answer.
func (l *lookup) open() error {
	environment, err := components.LookupEnvironment(l.ctx, l.options...)
	if err != nil {
		return err
	}
	l.environment = *environment
	if environment.Partition == "aws-cn" {
		l.problems.Add(l.regionSource, environment.Region, "want a region outside China: nobody has tried the "+
			"blueprints there, and the names of AWS's services begin with %s", environment.ReverseDnsPrefix)
	}
	for _, outside := range arnsOutside(environment.Partition, l.section().Path(), l.values) {
		if !l.problems.Any(outside.key) {
			l.problems.Add(outside.key, outside.arn, "want an ARN of the stack's partition: arn:%s:…",
				environment.Partition)
		}
	}
	return nil
}

// inState returns what the stack's state says. It is empty if the state cannot be read: AWS then refuses what a check
// would have refused.
func (l *lookup) inState() deployed {
	if l.state == nil {
		l.state = readState(l.ctx)
	}
	return l.state
}

// warn tells something that does not stop the deployment.
func (l *lookup) warn(text string) { _ = l.ctx.Log.Warn(text, nil) }

// close returns all problems of the configuration, joined with the error that
// ended the lookups.
func (l *lookup) close(err error) error { return errors.Join(l.problems.Err(), err) }

// section returns the group of settings at a path of keys.
func (l *lookup) section(keys ...string) settings.Section {
	c := l.problems.Section(l.namespace)
	for _, key := range keys {
		c = c.Group(key)
	}
	return c
}

// networkUse describes what the stack adds to a network.
type networkUse struct {
	name    string                    // The prefix of the names of the network's resources.
	service *components.ServiceDetail // The service that gets an endpoint in the private subnets, or nil.
	peered  bool                      // Whether the stack adds routes to another network.
	// balancer is the prefix of the name of the load balancer that the network gets. It is empty if the network gets
	// none, or only one that is never protected.
	balancer string
	front    config.Tier // The tier of that load balancer's subnets.
	// addresses are the free addresses that the stack needs.
	addresses addressNeeds
}

// noEndpoints returns the problem of a zone in which a service has no
// endpoints.
func noEndpoints(service *components.ServiceDetail) string {
	return fmt.Sprintf("%s has no endpoints in this zone; want zones among %s",
		service.Name, strings.Join(service.AvailabilityZones, ", "))
}

// subnetsOf returns a pointer to the list of a network's subnets of a tier.
func subnetsOf(network *components.Network, t config.Tier) *[]components.Subnet {
	switch t {
	case config.Public:
		return &network.Public
	case config.Private:
		return &network.Private
	default:
		return &network.Dualstack
	}
}

// The prefixes of the names of a blueprint's resources in a stack of this program, and the suffixes that its second
// network adds.
const (
	staticIpPrefix  = "static-ip"
	sharedVpcPrefix = "shared-vpc"
	ipv6Prefix      = "ipv6"
	frontPart       = "-front"
	h2Prefix        = "h2"
	consumerPart    = "-consumer"
	linkPrefix      = "link"
	simulatedPart   = "-simulated"
)

// prefix returns the prefix of resource names. A stack has only one blueprint, whose
// names are always the same.
func (l *lookup) prefix(ofStack string) string {
	if l.remote != nil {
		return l.remote.name
	}
	return ofStack
}

// newRoleProvider registers a provider for another account. It exists before the
// component does, because lookups use it.
func (l *lookup) newRoleProvider(name, roleArn string) (pulumi.ProviderResource, error) {
	region := l.environment.Region
	if l.remote != nil {
		return components.NewRoleProvider(l.ctx, l.remote.name+"-"+name, roleArn, region, l.remote.parent)
	}
	return components.NewRoleProvider(l.ctx, name, roleArn, region)
}

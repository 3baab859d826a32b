package blueprints

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// lookup asks AWS about what settings name, and records what does not fit.
type lookup struct {
	ctx      *pulumi.Context
	problems *settings.Problems
	// environment is where the stack is deployed; open sets it.
	environment components.Environment
	// options say how to ask: with another account's provider, or with none.
	options []pulumi.InvokeOption
}

// open asks AWS where the stack is deployed. The error is AWS not answering at
// all.
func (l *lookup) open() error {
	environment, err := components.LookupEnvironment(l.ctx)
	if err != nil {
		return err
	}
	l.environment = *environment
	return nil
}

// close returns everything that is wrong with the configuration, together with
// the error that ended the lookups.
func (l *lookup) close(err error) error { return errors.Join(l.problems.Err(), err) }

// section returns the group of settings at a path of keys.
func (l *lookup) section(keys ...string) settings.Section {
	c := l.problems.Section(config.Namespace)
	for _, key := range keys {
		c = c.Group(key)
	}
	return c
}

// checkArchive requires that the zip file of a function exists.
func (l *lookup) checkArchive(c settings.Section, path string) {
	if info, err := os.Stat(path); err != nil || info.IsDir() {
		c.Reject("archive", path, "no such file; `make lambda` builds bin/hello.zip and bin/client.zip")
	}
}

// networkUse says what happens in a network.
type networkUse struct {
	service *components.ServiceDetail // Gets an endpoint in the private subnets; nil if none does.
	peered  bool                      // Whether the stack adds routes to another network.
}

// noEndpoints describes a zone in which a service cannot have endpoints.
func noEndpoints(service *components.ServiceDetail) string {
	return fmt.Sprintf("%s has no endpoints in this zone; want zones among %s",
		service.Name, strings.Join(service.AvailabilityZones, ", "))
}

// subnetsOf returns the list of a network's subnets of a tier.
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

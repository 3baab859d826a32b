// Package state reads an exported state of a stack, as `pulumi stack export`
// writes it, without an engine and without a login. It returns the resources as
// `pulumi policy analyze` sends them to a policy pack.
package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Versions of a deployment that are read. Version 4 is version 3 with a list of
// features.
const (
	oldestVersion = 3
	newestVersion = 4
)

// file is the form of an exported state. A file of a self-managed backend has a
// checkpoint instead of a deployment.
type file struct {
	Version    int                   `json:"version"`
	Deployment *apitype.DeploymentV3 `json:"deployment"`
	Checkpoint struct {
		Latest *apitype.DeploymentV3 `json:"latest"`
	} `json:"checkpoint"`
}

// State is what an exported state says.
type State struct {
	Resources []plugin.AnalyzerStackResource
	// Inputs are those of every resource, also of those that wait for their deletion. They hold secrets that no output
	// holds under the same name.
	Inputs []resource.PropertyMap
}

// Read reads an exported state. The error says what is wrong with it.
func Read(from io.Reader) (*State, error) {
	var f file
	if err := json.NewDecoder(from).Decode(&f); err != nil {
		return nil, fmt.Errorf("want the JSON that `pulumi stack export` writes: %w", err)
	}
	deployment := f.Deployment
	if deployment == nil {
		deployment = f.Checkpoint.Latest
	}
	switch {
	case deployment == nil:
		return nil, errors.New(`has neither "deployment" nor "checkpoint"; want the JSON that ` +
			"`pulumi stack export` writes")
	case f.Version < oldestVersion || f.Version > newestVersion:
		return nil, fmt.Errorf(`"version" = %d: want %d or %d; export the stack with a recent Pulumi CLI`, f.Version,
			oldestVersion, newestVersion)
	}
	resources, err := resourcesOf(deployment)
	if err != nil {
		return nil, err
	}
	read := &State{Resources: resources}
	for _, r := range deployment.Resources {
		read.Inputs = append(read.Inputs, propertyMap(r.Inputs))
	}
	return read, nil
}

// resourcesOf returns the resources of a deployment, except those that wait for
// their deletion.
func resourcesOf(d *apitype.DeploymentV3) ([]plugin.AnalyzerStackResource, error) {
	providers := providersOf(d)
	all := make([]plugin.AnalyzerStackResource, 0, len(d.Resources))
	for i, r := range d.Resources {
		if r.Delete {
			continue
		}
		if !r.URN.IsValid() {
			return nil, fmt.Errorf("resource %d has the URN %q; want one such as "+
				"urn:pulumi:<stack>::<project>::<type>::<name>", i+1, r.URN)
		}
		read := plugin.AnalyzerStackResource{
			Parent: r.Parent, Dependencies: r.Dependencies, PropertyDependencies: r.PropertyDependencies,
		}
		read.URN, read.Type, read.Name = r.URN, r.Type, r.URN.Name()
		read.Properties = propertyMap(r.Outputs)
		markByName(read.Properties, propertyMap(r.Inputs))
		read.Options.IgnoreChanges = r.IgnoreChanges
		read.Provider = providers[providerOf(r.Provider)]
		all = append(all, read)
	}
	return all, nil
}

// providersOf returns the providers of a deployment by URN, with their inputs.
func providersOf(d *apitype.DeploymentV3) map[resource.URN]*plugin.AnalyzerProviderResource {
	providers := map[resource.URN]*plugin.AnalyzerProviderResource{}
	for _, r := range d.Resources {
		if isProvider(r.Type) && r.URN.IsValid() && !r.Delete {
			providers[r.URN] = &plugin.AnalyzerProviderResource{
				URN: r.URN, Type: r.Type, Name: r.URN.Name(), Properties: propertyMap(r.Inputs),
			}
		}
	}
	return providers
}

// isProvider reports whether a resource of a type is a provider.
func isProvider(t tokens.Type) bool { return t.Module().String() == "pulumi:providers" }

// providerOf returns the URN of a provider reference, which is a URN and an ID.
func providerOf(reference string) resource.URN {
	for i := len(reference) - len(urn.NameDelimiter); i >= 0; i-- {
		if reference[i:i+len(urn.NameDelimiter)] == urn.NameDelimiter {
			return resource.URN(reference[:i])
		}
	}
	return ""
}

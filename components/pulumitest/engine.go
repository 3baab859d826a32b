// Package pulumitest runs Pulumi programs on a mock engine in the test's own
// process, for the tests of components and blueprints. It needs neither a
// provider nor an account: it answers for AWS when a program reads outputs that
// AWS computes, or looks something up.
//
// Deploy is enough for a program that succeeds:
//
//	stack := pulumitest.Deploy(t, func(ctx *pulumi.Context) error { … })
//	assert.Equal(t, "Interface", stack.Inputs(t, "endpoint-vpce")["vpcEndpointType"])
//
// Use an Engine directly for a preview, an expected error, or other answers to
// lookups:
//
//	engine := &pulumitest.Engine{DryRun: true, Lookup: lookup}
//	err := engine.Run(program)
//
// The engine does not check inputs against schemas, and the order of resources
// is not that of a deployment. The tests in folder tests cover both.
package pulumitest

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
)

// Engine is a mock engine. The zero value is ready to use, for one run.
type Engine struct {
	// DryRun says whether the run is a preview.
	DryRun bool
	// Lookup answers lookups instead of this package. It returns nil to leave an
	// answer to this package. Nil leaves all of them.
	Lookup func(args pulumi.MockCallArgs) (resource.PropertyMap, error)

	mu        sync.Mutex
	resources map[string]Resource
	all       []string
}

// Resource is a resource that a program registered.
type Resource struct {
	// Request is what the program sent to the engine. It has the resource's
	// parent, dependencies and options.
	Request *pulumirpc.RegisterResourceRequest
	Inputs  resource.PropertyMap // Without unknown values.
}

// Deploy runs program and returns the engine that saw it. It fails the test if
// the program fails.
func Deploy(t *testing.T, program pulumi.RunFunc) *Engine {
	t.Helper()
	engine := &Engine{}
	require.NoError(t, engine.Run(program))
	return engine
}

// Run runs program and returns its error.
func (e *Engine) Run(program pulumi.RunFunc) error {
	return pulumi.RunErr(program, pulumi.WithMocks("project", "stack", mocks{e}), func(info *pulumi.RunInfo) {
		info.DryRun = e.DryRun
	})
}

// Resources returns the registered resources by name. It leaves out components:
// a component may have the name of one of its children.
func (e *Engine) Resources() map[string]Resource { return e.resources }

// Registered returns the type and name of each registered resource, components
// included, sorted.
func (e *Engine) Registered() []string { return slices.Sorted(slices.Values(e.all)) }

// Names returns the names of the resources of a type, sorted.
func (e *Engine) Names(token string) []string {
	list := []string{}
	for name, r := range e.resources {
		if r.Request.Type == token {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// Request returns what the program sent to register the resource with a name. It
// fails the test if there is none.
func (e *Engine) Request(t *testing.T, name string) *pulumirpc.RegisterResourceRequest {
	t.Helper()
	require.Contains(t, e.resources, name)
	return e.resources[name].Request
}

// Inputs returns the inputs of the resource with a name, as plain Go values.
// Numbers are float64. It fails the test if there is no such resource.
func (e *Engine) Inputs(t *testing.T, name string) map[string]any {
	t.Helper()
	require.Contains(t, e.resources, name)
	return e.resources[name].Inputs.Mappable()
}

// Dependencies returns the names of the resources that the resource with a name
// depends on, sorted. It fails the test if there is no such resource.
func (e *Engine) Dependencies(t *testing.T, name string) []string {
	t.Helper()
	return NamesOf(e.Request(t, name).Dependencies)
}

// NamesOf returns the names in URNs, sorted.
func NamesOf(urns []string) []string {
	list := []string{}
	for _, urn := range urns {
		list = append(list, urn[strings.LastIndex(urn, "::")+2:])
	}
	slices.Sort(list)
	return list
}

// mocks is the engine as Pulumi's SDK calls it.
type mocks struct{ *Engine }

// NewResource records a resource, and returns its inputs and the outputs that
// AWS computes.
func (m mocks) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if args.ReadRPC != nil {
		return args.ID, args.Inputs, nil
	}
	if args.TypeToken != "pulumi:pulumi:Stack" {
		m.all = append(m.all, args.TypeToken+" "+args.Name)
	}
	if args.RegisterRPC.GetCustom() || args.RegisterRPC.GetRemote() {
		if m.resources == nil {
			m.resources = map[string]Resource{}
		}
		m.resources[args.Name] = Resource{args.RegisterRPC, args.Inputs}
	}
	state := args.Inputs.Copy()
	state["id"] = resource.NewProperty(args.Name + ".id")
	for key, value := range computed(args.TypeToken, args.Name) {
		if _, given := state[resource.PropertyKey(key)]; !given {
			state[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
		}
	}
	return args.Name + ".id", state, nil
}

// Call answers a lookup.
func (m mocks) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	if m.Lookup != nil {
		if answer, err := m.Lookup(args); answer != nil || err != nil {
			return answer, err
		}
	}
	return lookup(args), nil
}

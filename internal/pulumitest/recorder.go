// Package pulumitest runs a Pulumi program without an engine. It records what
// the program registers, and answers what the program asks.
//
//	stack := pulumitest.NewEcho()
//	err := stack.Run(func(ctx *pulumi.Context) error { … })
//	vpcId := stack.Inputs(t, "endpoint-vpce")["vpcId"]
//
// NewEcho suits tests of components, and NewAccount those of blueprints. Neither
// checks inputs against the provider's schema, and resources are registered in no
// particular order. The tests in folder tests cover both.
package pulumitest

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Recorder records what a program registers. The zero value answers no question
// and returns inputs as outputs.
type Recorder struct {
	// Outputs returns the outputs of a resource in addition to its inputs. Nil
	// means that there are none.
	Outputs func(args pulumi.MockResourceArgs) map[string]any
	// Answer returns what AWS answers to a function's call, or an error. Nil means
	// that AWS does not answer.
	Answer func(args pulumi.MockCallArgs) (map[string]any, error)

	mu         sync.Mutex
	resources  map[string]Resource
	components map[string]Resource
	providers  map[string]Resource
	byType     map[string]Resource // The last resource of each type.
	known      map[string]bool     // Types and names of the resources of this run.
}

// Resource is a resource that a program has registered.
type Resource struct {
	Request *pulumirpc.RegisterResourceRequest
	Inputs  resource.PropertyMap
}

// Run runs a program in the stack "stack" of the project "project".
func (r *Recorder) Run(program func(ctx *pulumi.Context) error) error {
	r.known = map[string]bool{}
	return pulumi.RunErr(program, pulumi.WithMocks("project", "stack", r))
}

// Preview runs a program as Run does, but as a preview.
func (r *Recorder) Preview(program func(ctx *pulumi.Context) error) error {
	r.known = map[string]bool{}
	dryRun := func(info *pulumi.RunInfo) { info.DryRun = true }
	return pulumi.RunErr(program, pulumi.WithMocks("project", "stack", r), dryRun)
}

// Resources returns the registered resources by name, without components and
// providers, and without resources that are only read.
func (r *Recorder) Resources() map[string]Resource { return r.copyOf(r.resources) }

// Components returns the registered components by name, without remote ones,
// which are among the resources.
func (r *Recorder) Components() map[string]Resource { return r.copyOf(r.components) }

// Providers returns the registered providers by name, without default ones.
func (r *Recorder) Providers() map[string]Resource { return r.copyOf(r.providers) }

// ByType returns one registered resource or component of each type, by type. It
// tells components of one name apart, as Components does not.
func (r *Recorder) ByType() map[string]Resource { return r.copyOf(r.byType) }

// copyOf returns a copy of registered that the program does not change.
func (r *Recorder) copyOf(registered map[string]Resource) map[string]Resource {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(registered)
}

// NewResource records a resource. It is part of pulumi.MockResourceMonitor.
func (r *Recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	id := args.ID // That of a resource which the program only reads.
	if args.ReadRPC == nil {
		if err := r.record(args); err != nil {
			return "", nil, err
		}
		id = args.Name + ".id"
	}
	state := args.Inputs.Copy()
	if r.Outputs != nil {
		for key, value := range r.Outputs(args) {
			if _, given := state[resource.PropertyKey(key)]; !given {
				state[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
			}
		}
	}
	return id, state, nil
}

// record keeps a registration. Components have a separate list, because a
// component may have a child with its name. As the engine does, it refuses a second
// resource with the same name and the same types of itself and its parents.
func (r *Recorder) record(args pulumi.MockResourceArgs) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.resources == nil {
		r.resources, r.components, r.providers = map[string]Resource{}, map[string]Resource{}, map[string]Resource{}
		r.byType = map[string]Resource{}
	}
	urn := strings.Join([]string{parentTypes(args), args.TypeToken, args.Name}, " ")
	if r.known[urn] {
		return fmt.Errorf("duplicate resource: %s", urn)
	}
	r.known[urn] = true
	registered := Resource{args.RegisterRPC, args.Inputs}
	r.byType[args.TypeToken] = registered
	switch {
	case args.TypeToken == "pulumi:pulumi:Stack":
	case strings.HasPrefix(args.TypeToken, "pulumi:providers:"):
		r.providers[args.Name] = registered
	case args.RegisterRPC.GetCustom(), args.RegisterRPC.GetRemote():
		r.resources[args.Name] = registered
	default:
		r.components[args.Name] = registered
	}
	return nil
}

// parentTypes returns the types of the parents of a resource, as its URN has them.
func parentTypes(args pulumi.MockResourceArgs) string {
	parts := strings.Split(args.RegisterRPC.GetParent(), "::")
	return parts[min(2, len(parts)-1)]
}

// Call answers a function's call. It is part of pulumi.MockResourceMonitor.
func (r *Recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	if r.Answer == nil {
		return nil, errors.New("no valid credential sources found")
	}
	answer, err := r.Answer(args)
	return resource.NewPropertyMapFromMap(answer), err
}

// Text returns an argument of a function's call as text, or nothing if it is
// absent.
func Text(args pulumi.MockCallArgs, key string) string {
	value, _ := args.Args[resource.PropertyKey(key)].V.(string)
	return value
}

// Dependencies returns the names of the resources that a resource depends on,
// sorted.
func (r Resource) Dependencies() []string { return NamesOf(r.Request.Dependencies) }

package pulumitest

import (
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
)

// Names returns the names of the resources of a type, sorted.
func (r *Recorder) Names(token string) []string {
	names := []string{}
	for name, registered := range r.Resources() {
		if registered.Request.Type == token {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Inputs returns the inputs of the resource with a name, as plain Go values
// without those that are unknown. Numbers are float64. It fails the test if there
// is no such resource.
func (r *Recorder) Inputs(t *testing.T, name string) map[string]any {
	t.Helper()
	return r.find(t, name).Inputs.Mappable()
}

// Request returns what the program sent to register the resource with a name:
// its parent, its dependencies and its options. It fails the test if there is no
// such resource.
func (r *Recorder) Request(t *testing.T, name string) *pulumirpc.RegisterResourceRequest {
	t.Helper()
	return r.find(t, name).Request
}

// Dependencies returns the names of the resources that the resource with a name
// depends on, sorted. It fails the test if there is no such resource.
func (r *Recorder) Dependencies(t *testing.T, name string) []string {
	t.Helper()
	return r.find(t, name).Dependencies()
}

// find returns the resource with a name. It fails the test if there is none.
func (r *Recorder) find(t *testing.T, name string) Resource {
	t.Helper()
	resources := r.Resources()
	require.Contains(t, resources, name)
	return resources[name]
}

// NamesOf returns the names in URNs, sorted.
func NamesOf(urns []string) []string {
	names := []string{}
	for _, urn := range urns {
		names = append(names, urn[strings.LastIndex(urn, "::")+2:])
	}
	slices.Sort(names)
	return names
}

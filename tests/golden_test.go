package tests

import (
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/internal/recorded"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// assertGolden compares a stack's resources with a file. Existing stacks know their resources by URN, so a change to
// this file means that resources in those stacks are replaced.
func assertGolden(t *testing.T, file string, resources []apitype.ResourceV3) {
	t.Helper()
	got := describe(resources)
	path := filepath.Join("tests", "testdata", file)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o644))
	}
	assert.Equal(t, strings.Join(golden(t, file), "\n"), strings.Join(got, "\n"))
}

// assertRecorded compares a stack's resources with what cmd/record recorded of it after its deployment. The pack's
// mutants are made of that. The recording of the first preview is made with it. `make golden` writes both.
func assertRecorded(t *testing.T, blueprint string, resources []apitype.ResourceV3) {
	t.Helper()
	if *update {
		return // cmd/record runs after the tests.
	}
	file, err := os.Open(filepath.Join("policy", "mutation", "testdata", blueprint+"_when_deployed.json.gz"))
	require.NoError(t, err)
	defer file.Close()
	compressed, err := gzip.NewReader(file)
	require.NoError(t, err)
	text, err := io.ReadAll(compressed)
	require.NoError(t, err)
	got, err := json.Marshal(asRequest(resources))
	require.NoError(t, err)
	for urn, want := range sentOf(t, text) {
		assert.Equal(t, want, sentOf(t, got)[urn], "the recording of %s is stale: run `make golden`", urn)
	}
	assert.Len(t, sentOf(t, text), len(sentOf(t, got)), "the recording is stale: run `make golden`")
}

// asRequest returns the resources of a state as the engine sends them to a policy pack.
func asRequest(resources []apitype.ResourceV3) map[string]any {
	list := []any{}
	for _, r := range resources {
		dependencies := map[string]any{}
		for key, urns := range r.PropertyDependencies {
			if len(urns) > 0 { // The engine sends no others.
				dependencies[string(key)] = map[string]any{"urns": urns}
			}
		}
		list = append(list, map[string]any{
			"urn": r.URN, "properties": r.Outputs, "dependencies": r.Dependencies, "propertyDependencies": dependencies,
		})
	}
	return map[string]any{"resources": list}
}

// sent is what a recording says about a resource.
type sent struct {
	URN                  string
	Properties           map[string]any
	Dependencies         []string
	PropertyDependencies map[string]struct{ URNs []string }
}

// sentOf returns what a request says about each resource of AWS, by URN.
func sentOf(t *testing.T, request []byte) map[string]sent {
	t.Helper()
	normalized, err := recorded.Normalize(request)
	require.NoError(t, err)
	var r struct{ Resources []sent }
	require.NoError(t, json.Unmarshal(normalized, &r))
	all := map[string]sent{}
	for _, one := range r.Resources {
		// An empty list may be left out.
		if len(one.Dependencies) == 0 {
			one.Dependencies = nil
		}
		if one.PropertyDependencies == nil {
			one.PropertyDependencies = map[string]struct{ URNs []string }{}
		}
		if resource.URN(one.URN).Type().Package() == "aws" {
			all[one.URN] = one
		}
	}
	return all
}

// golden returns the lines of a golden file.
func golden(t *testing.T, file string) []string {
	return strings.Split(strings.TrimSpace(read(t, filepath.Join("tests", "testdata", file))), "\n")
}

// describe returns a line for each resource, sorted, with its type, name and parent. The stack is shown without its
// name, which contains the project's.
func describe(resources []apitype.ResourceV3) []string {
	name := func(urn resource.URN) string {
		if urn == "" || urn.QualifiedType() == resource.RootStackType {
			return "-"
		}
		return urn.Name()
	}
	list := []string{}
	for _, r := range resources {
		list = append(list, fmt.Sprintf("%s %s parent=%s protect=%t", r.Type, name(r.URN), name(r.Parent), r.Protect))
	}
	slices.Sort(list)
	return list
}

// goldenCounts returns the numbers of resources by type in a golden file.
func goldenCounts(t *testing.T, file string) map[string]int {
	counts := map[string]int{}
	for _, line := range golden(t, file) {
		token, _, _ := strings.Cut(line, " ")
		counts[token]++
	}
	return counts
}

// without copies a stack's configuration file, leaves some keys out, and returns the path of the copy.
func without(t *testing.T, path string, keys ...string) string {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	for _, key := range keys {
		require.Contains(t, file.Config, key)
		delete(file.Config, key)
	}
	text, err = yaml.Marshal(file)
	require.NoError(t, err)
	changed := filepath.Join(t.TempDir(), filepath.Base(path))
	require.NoError(t, os.WriteFile(changed, text, 0o644))
	return changed
}

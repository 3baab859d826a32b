package tests

import (
	"flag"
	"fmt"
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

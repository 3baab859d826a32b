package tests

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write the golden files anew")

// assertGolden compares a stack's resources with a file: URNs are how existing
// stacks know their resources, so a change here replaces things in them.
func assertGolden(t *testing.T, file string, resources []apitype.ResourceV3) {
	t.Helper()
	got := lines(resources)
	slices.Sort(got)
	path := filepath.Join("tests", "testdata", file)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o644))
	}
	assert.Equal(t, golden(t, file), got)
}

func golden(t *testing.T, file string) []string {
	text, err := os.ReadFile(filepath.Join("tests", "testdata", file))
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// goldenCounts are the numbers of resources by type in a golden file.
func goldenCounts(t *testing.T, file string) map[string]int {
	counts := map[string]int{}
	for _, line := range golden(t, file) {
		token, _, _ := strings.Cut(line, " ")
		counts[token]++
	}
	return counts
}

// without is a stack's configuration file less some of its keys.
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
	less := filepath.Join(t.TempDir(), filepath.Base(path))
	require.NoError(t, os.WriteFile(less, text, 0o644))
	return less
}

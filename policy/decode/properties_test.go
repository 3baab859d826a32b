package decode

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/policy/decode/fixture"
)

// TestPropertiesAreListed holds properties.yaml to what is read of the rules'
// fixtures. A property that no fixture has is not tested by any.
func TestPropertiesAreListed(t *testing.T) {
	read := map[string]map[string]bool{}
	onRead = func(resourceType, property string) { read[resourceType][property] = true }
	defer func() { onRead = nil }()
	for token := range readers {
		read[token] = map[string]bool{}
	}
	files, err := filepath.Glob("../rules/testdata/*.txtar")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		cases, err := fixture.Parse(text)
		require.NoError(t, err)
		for _, c := range cases {
			Stack(c.Resources())
		}
	}
	var listed struct {
		Types map[string]struct{ Reads []string }
	}
	text, err := os.ReadFile("properties.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &listed))
	assert.ElementsMatch(t, slices.Collect(maps.Keys(readers)), slices.Collect(maps.Keys(listed.Types)))
	for token, properties := range read {
		assert.ElementsMatch(t, slices.Sorted(maps.Keys(properties)), listed.Types[token].Reads, token)
	}
}

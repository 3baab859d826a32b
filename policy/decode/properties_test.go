package decode

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
)

// TestPropertiesAreListed compares properties.yaml with the properties that are
// read from the rules' fixtures. A property that no fixture has is not listed as
// read, because no test covers it.
func TestPropertiesAreListed(t *testing.T) {
	read := map[string]map[string]bool{}
	for token := range readers {
		read[token] = map[string]bool{}
	}
	onRead := func(token, property string) { read[token][property] = true }
	for _, c := range ruleCases(t) {
		resources := c.Resources()
		build(newInput(resources, onRead), resources)
	}
	assert.ElementsMatch(t, slices.Collect(maps.Keys(readers)), slices.Collect(maps.Keys(properties)))
	for token, keys := range read {
		assert.ElementsMatch(t, slices.Sorted(maps.Keys(keys)), properties[token].Reads, token)
	}
}

func TestFilledPropertiesAreRead(t *testing.T) {
	for token, of := range properties {
		assert.Subset(t, of.Reads, of.Filled, token)
	}
}

// ruleCases returns the cases of all rules' fixtures.
func ruleCases(t testing.TB) []fixture.Case {
	t.Helper()
	files, err := filepath.Glob("../rules/testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var all []fixture.Case
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		cases, err := fixture.Parse(text)
		require.NoError(t, err)
		all = append(all, cases...)
	}
	return all
}

package decode

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

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
	assert.ElementsMatch(t, slices.Collect(maps.Keys(readers)), slices.Collect(maps.Keys(propertyLists.Types)))
	for token, keys := range read {
		delete(keys, regionProperty)
		assert.ElementsMatch(t, slices.Sorted(maps.Keys(keys)), propertyLists.Types[token].Reads, token)
	}
}

func TestFilledPropertiesAreRead(t *testing.T) {
	for token, of := range propertyLists.Types {
		assert.Subset(t, of.Reads, of.Filled, token)
	}
}

// TestPropertiesAreThoseOfTheNextLine compares properties.yaml with the inputs
// and outputs of pulumi-aws v7. A test of the repository compares it with v6.
func TestPropertiesAreThoseOfTheNextLine(t *testing.T) {
	next := readNextLine(t)
	for token, of := range propertyLists.Types {
		properties, exists := next[token]
		if !assert.True(t, exists, "%s: v7 has no such type", token) {
			continue
		}
		for _, input := range properties.Inputs {
			isRead, isIgnored := slices.Contains(of.Reads, input), slices.Contains(of.Ignores, input)
			assert.True(t, isRead != isIgnored || input == regionProperty,
				"%s %s: want it either in reads or in ignores", token, input)
		}
		hasRegion := slices.Contains(properties.Inputs, regionProperty)
		assert.NotEqual(t, hasRegion, isGlobal(token), "%s: want it in global if it has no region", token)
	}
	for _, token := range propertyLists.Global {
		assert.Contains(t, propertyLists.Types, token)
	}
}

// TestNoTypeOfTheNextLineIsForgotten wants every type of a service with unread
// types to be listed, as read or as unread.
func TestNoTypeOfTheNextLineIsForgotten(t *testing.T) {
	for token := range readNextLine(t) {
		module, name, _ := strings.Cut(strings.TrimPrefix(token, "aws:"), ":")
		service, _, _ := strings.Cut(module, "/")
		if names, isListed := propertyLists.Unread[service]; isListed {
			_, isRead := propertyLists.Types[token]
			assert.NotEqual(t, isRead, slices.Contains(names, name), "%s: want it either in types or in unread", token)
		}
	}
}

// nextProperties are the properties of one type, as properties_v7.yaml lists them.
type nextProperties struct{ Inputs, Outputs []string }

// readNextLine reads properties_v7.yaml.
func readNextLine(t *testing.T) map[string]nextProperties {
	t.Helper()
	text, err := os.ReadFile("properties_v7.yaml")
	require.NoError(t, err)
	var file struct{ Types map[string]nextProperties }
	require.NoError(t, yaml.Unmarshal(text, &file))
	require.Greater(t, len(file.Types), 100)
	return file.Types
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

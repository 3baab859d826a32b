package decode

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Files that are about no element, so that only one of the two packages has them.
var (
	onlyInDecode = []string{
		"by_reference.go", "digest.go", "duplicates.go", "names.go", "node.go", "openapi.go", "outside.go",
		"properties.go", "readers.go", "registry.go", "resource_path.go", "sets.go", "value.go",
	}
	onlyInModel = []string{
		"api_parts.go", "association.go", "condition.go", "doc.go", "element.go", "entrance.go", "forwarding.go",
		"front.go", "index.go", "known.go", "list.go", "next.go", "order.go", "private_link.go", "ranges.go",
		"ref.go", "scope.go", "sources.go", "truth.go", "unknown_fronts.go", "zones.go",
	}
)

// TestEachElementHasOneFileNameInModelAndDecode lets a reader who has found an
// element in one package find it in the other.
func TestEachElementHasOneFileNameInModelAndDecode(t *testing.T) {
	assert.Equal(t, sourceFiles(t, "../model", onlyInModel), sourceFiles(t, ".", onlyInDecode))
}

// sourceFiles returns the names of a package's Go files, without its tests and
// without the given files, which must exist.
func sourceFiles(t *testing.T, folder string, except []string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	var names []string
	for _, path := range paths {
		names = append(names, filepath.Base(path))
	}
	assert.Subset(t, names, except, folder)
	return slices.DeleteFunc(names, func(name string) bool {
		return strings.HasSuffix(name, "_test.go") || slices.Contains(except, name)
	})
}

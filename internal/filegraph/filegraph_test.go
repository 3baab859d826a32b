// Package filegraph holds a test about the files inside a package.
package filegraph

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

// A reader can take the files of these packages one at a time: whatever a file
// uses is in files that do not use it in turn.
func TestNoTwoFilesOfAPackageUseEachOther(t *testing.T) {
	folders := []string{"./config", "./config/docgen", "./blueprints", "./components"}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedImports |
			packages.NeedTypes | packages.NeedTypesInfo | packages.NeedExportFile,
		Dir: "../..",
	}, folders...)
	require.NoError(t, err)
	require.Len(t, loaded, len(folders))
	for _, pkg := range loaded {
		require.Empty(t, pkg.Errors)
		assert.Empty(t, mutual(uses(pkg)), pkg.PkgPath)
	}
}

// use is one file's use of a function or type of another file.
type use struct{ from, to string }

// uses returns which files use which, with a name for each.
func uses(pkg *packages.Package) map[use]string {
	found := map[use]string{}
	for _, file := range pkg.Syntax {
		from := filepath.Base(pkg.Fset.Position(file.Pos()).Filename)
		ast.Inspect(file, func(node ast.Node) bool {
			identifier, ok := node.(*ast.Ident)
			if !ok {
				return true
			}
			object := pkg.TypesInfo.Uses[identifier]
			if object == nil || object.Pkg() != pkg.Types {
				return true
			}
			if variable, ok := object.(*types.Var); ok && variable.IsField() {
				return true // Fields follow from their types.
			}
			if to := filepath.Base(pkg.Fset.Position(object.Pos()).Filename); to != from {
				found[use{from, to}] = object.Name()
			}
			return true
		})
	}
	return found
}

// mutual returns the pairs of files that use each other.
func mutual(uses map[use]string) []string {
	var pairs []string
	for u, name := range uses {
		if back, found := uses[use{u.to, u.from}]; found && u.from < u.to {
			pairs = append(pairs, fmt.Sprintf("%s uses %s of %s, which uses %s of it", u.from, name, u.to, back))
		}
	}
	slices.Sort(pairs)
	return pairs
}

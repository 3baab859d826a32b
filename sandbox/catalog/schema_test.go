package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHandWrittenListsNamePropertiesOfTheProvider finds misspelled names in the
// lists that people write next to the generated schema.
func TestHandWrittenListsNamePropertiesOfTheProvider(t *testing.T) {
	for _, kind := range New().Kinds {
		t.Run(kind.Token, func(t *testing.T) {
			require.NotEmpty(t, kind.Inputs(),
				"the type has no schema: declare its token as a string constant, and run go generate ./sandbox/catalog")
			inputs, outputs := kind.Inputs(), slices.Concat(kind.Computed, kind.Optional, kind.Required)
			assert.Subset(t, inputs, kind.Replace, "Replace")
			assert.Subset(t, inputs, kind.Sets, "Sets")
			assert.Subset(t, inputs, slices.Collect(maps.Keys(kind.Defaults)), "Defaults")
			assert.Subset(t, kind.Optional, kind.ComputedLists, "ComputedLists")
			assert.Subset(t, outputs, kind.NotSimulated, "NotSimulated")
			assert.Empty(t, intersection(kind.Computed, kind.ComputedLists), "the schema says so already")
			for key := range kind.OutputDefaults {
				assert.Contains(t, kind.Outputs(), key, "what AWS fills in is unknown at preview")
			}
		})
	}
}

// intersection returns the names that are in both lists.
func intersection(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return !slices.Contains(b, s) })
}

// tagsOf reads the pulumi tags of every struct in a file.
func tagsOf(t *testing.T, path string) map[string][]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	require.NoError(t, err)
	tags := map[string][]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if s, ok := spec.Type.(*ast.StructType); ok {
			for _, field := range s.Fields.List {
				if field.Tag != nil {
					tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("pulumi")
					tags[spec.Name.Name] = append(tags[spec.Name.Name], tag)
				}
			}
		}
		return true
	})
	return tags
}

// TestEveryObjectHasTheOutputsOfItsKind creates each object of the tests. It
// looks for outputs that were unknown at preview and never came, and for outputs
// that the provider does not have.
func TestEveryObjectHasTheOutputsOfItsKind(t *testing.T) {
	for name, o := range readObjects(t) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			out := w.object(name).Outputs()
			kind, err := w.account.Kind(o.Type)
			require.NoError(t, err)
			require.NotEmpty(t, kind.Inputs(), "the type has no schema: run go generate ./sandbox/catalog")
			for _, key := range kind.Outputs() {
				assert.True(t, out.Has(key), "%s does not show %q, which AWS decides: set it in OnCreate or Compute, "+
					"give it an OutputDefault, or list it in NotSimulated", o.Type, key)
			}
			for key := range out {
				known := kind.Accepts(key) || slices.Contains(kind.Outputs(), key) || key == "id" || key == "tagsAll"
				assert.True(t, known, "%s shows %q, which the provider does not have", o.Type, key)
			}
			assert.Equal(t, w.ids[name], out["id"], "the ID is an output too")
		})
	}
}

// TestTheProviderAcceptsEveryObject runs the provider's own checks on each object
// of the tests.
func TestTheProviderAcceptsEveryObject(t *testing.T) {
	for name, o := range readObjects(t) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			kind, err := w.account.Kind(o.Type)
			require.NoError(t, err)
			assert.Empty(t, kind.Problems(engine(w.inputs(name))))
		})
	}
}

// TestConstraintsNameInputs finds misspelled names.
func TestConstraintsNameInputs(t *testing.T) {
	for _, kind := range New().Kinds {
		for _, c := range kind.Constraints {
			head, _, _ := strings.Cut(c.Path, ".")
			assert.Contains(t, kind.Inputs(), strings.TrimSuffix(head, "[]"), kind.Token)
		}
		stays := [][]string{kind.KeptIfRemoved, kind.NeverRemoved}
		for _, group := range slices.Concat(kind.Conflicts, kind.ExactlyOne, stays) {
			assert.Subset(t, kind.Inputs(), group, kind.Token)
		}
	}
}

package cloud

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKindsNameTheProvidersProperties compares every kind with the Go SDK of
// the real provider, whose structs are generated from its schema. It finds
// misspelled and forgotten properties.
func TestKindsNameTheProvidersProperties(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi-aws/sdk/v6").Output()
	require.NoError(t, err)
	for _, kind := range kinds() {
		t.Run(kind.Token, func(t *testing.T) {
			module, _, _ := strings.Cut(strings.TrimPrefix(kind.Token, "aws:"), ":")
			sdk := tagsOf(t, filepath.Join(strings.TrimSpace(string(out)), "go", "aws", module+".go"))
			lower := filepath.Base(module)
			inputs, outputs := sdk[lower+"Args"], sdk[strings.ToUpper(lower[:1])+lower[1:]]

			assert.ElementsMatch(t, inputs, kind.Inputs())
			for _, output := range outputs {
				known := kind.Accepts(output) || slices.Contains(kind.Computed, output) || output == "tagsAll"
				assert.True(t, known, "output %s of the provider is not simulated", output)
			}
			assert.Subset(t, outputs, kind.Computed)
			for what, keys := range map[string][]string{"Replace": kind.Replace, "Sets": kind.Sets} {
				assert.Subset(t, inputs, keys, what)
			}
			for key := range kind.Defaults {
				assert.Contains(t, inputs, key)
			}
			for key := range kind.fills {
				assert.Contains(t, kind.Computed, key, "what AWS fills in is unknown at preview")
			}
		})
	}
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

// TestEveryKindGivesWhatItPromises makes each thing of the tests and looks for
// outputs that were announced as unknown at preview and never came.
func TestEveryKindGivesWhatItPromises(t *testing.T) {
	seen := map[string]bool{}
	for name, thing := range things {
		w := newWorld(t)
		out := w.object(name).outputs()
		kind := kindOf[thing.token]
		seen[thing.token] = true
		for _, key := range kind.Computed {
			assert.Contains(t, out, key, "%s %q", thing.token, name)
		}
		for key := range out {
			known := kind.Accepts(key) || slices.Contains(kind.Computed, key) || key == "id" || key == "tagsAll"
			assert.True(t, known, "%s shows %q, which the provider does not", thing.token, key)
		}
		assert.Equal(t, w.ids[name], out["id"], "the id is repeated as an output")
	}
	for _, token := range Tokens() {
		assert.True(t, seen[token], "no test makes a %s", token)
	}
}

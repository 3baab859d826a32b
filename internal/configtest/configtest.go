// Package configtest reads stack configuration, and test cases about it, from
// YAML as a user writes it.
package configtest

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// File is a file of test cases about one blueprint.
type File struct {
	// Stacks are acceptable configurations by name. Cases that name none change
	// the one named good.
	Stacks map[string]map[string]any
	// Incomplete are configurations that only changes make interesting, by name.
	Incomplete map[string]map[string]any
	// Refused are configurations that have problems.
	Refused []Case
	// Deployed are configurations that are deployed.
	Deployed []Case
}

// Case is a change to an acceptable configuration, and what happens then.
type Case struct {
	Why    string         // The title of the test.
	Stack  string         // Name of the configuration to change; good if empty.
	Config map[string]any // Replaces whole top-level keys. A null removes a key.
	// Want is what the error contains: one text, or a list. In it, ${blueprints}
	// stands for the names of all blueprints, such as "a, b or c".
	Want Texts
	// Editor says that the JSON Schema refuses the configuration too, so that an
	// editor shows the mistake.
	Editor bool
	// Inputs are inputs of registered resources: rows of setting, resource,
	// property path and value.
	Inputs [][]any
}

// Texts is a list that YAML may hold as a single text.
type Texts []string

// UnmarshalYAML reads one text, or a list.
func (t *Texts) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*t = Texts{node.Value}
		return nil
	}
	return node.Decode((*[]string)(t))
}

// Load reads a file of test cases. Its folder has one file per blueprint, so that
// the names of the files are the names of all blueprints.
func Load(t *testing.T, path string) *File {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	file := &File{}
	names := []byte(blueprints(t, filepath.Dir(path)))
	decoder := yaml.NewDecoder(bytes.NewReader(bytes.ReplaceAll(text, []byte("${blueprints}"), names)))
	decoder.KnownFields(true)
	require.NoError(t, decoder.Decode(file), path)
	return file
}

// blueprints returns the names of the files in a folder as an error lists them.
func blueprints(t *testing.T, folder string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	require.NoError(t, err)
	list := ""
	for i, path := range paths { // Glob sorts them.
		switch {
		case i == 0:
		case i == len(paths)-1:
			list += " or "
		default:
			list += ", "
		}
		list += strings.TrimSuffix(filepath.Base(path), ".yaml")
	}
	return list
}

// Change returns a configuration with some top-level keys replaced. A null
// removes a key.
func Change(stack, change map[string]any) map[string]any {
	changed := maps.Clone(stack)
	maps.Copy(changed, change)
	maps.DeleteFunc(changed, func(_ string, value any) bool { return value == nil })
	return changed
}

// Configuration returns the whole configuration of a case.
func (f *File) Configuration(t *testing.T, c Case) map[string]any {
	t.Helper()
	name := c.Stack
	if name == "" {
		name = "good"
	}
	stack, found := f.Stacks[name]
	if !found {
		stack, found = f.Incomplete[name]
	}
	require.True(t, found, "the stack %s", name)
	return Change(stack, c.Config)
}

// Values returns a configuration as the engine hands it to a program: text as it
// stands, and everything else as JSON.
func Values(t *testing.T, configuration map[string]any) map[string]string {
	t.Helper()
	values := map[string]string{}
	for key, value := range configuration {
		if text, ok := value.(string); ok {
			values[key] = text
			continue
		}
		text, err := json.Marshal(value)
		require.NoError(t, err)
		values[key] = string(text)
	}
	return values
}

// Parse reads configuration that is written as YAML in a test.
func Parse(t *testing.T, text string) map[string]any {
	t.Helper()
	var configuration map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &configuration))
	return configuration
}

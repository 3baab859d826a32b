package tests

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// properties is the policy pack's list of the provider's properties that it reads, and of those that it does not read.
type properties struct {
	Types map[string]struct {
		Reads, Ignores []string
	}
	Unread map[string][]string
}

// nextLine lists the inputs and outputs of pulumi-aws v7, which the pack reads, too.
type nextLine struct {
	Types map[string]struct {
		Inputs, Outputs []string
	}
}

// The rules say nothing about a property that the pack's list does not have.
func TestThePackListsEveryPropertyOfTheProvider(t *testing.T) {
	var listed properties
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "policy/decode/properties.yaml")), &listed))
	var next nextLine
	require.NoError(t, yaml.Unmarshal([]byte(read(t, "policy/decode/properties_v7.yaml")), &next))
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi-aws/sdk/v6").Output()
	require.NoError(t, err)
	provider := filepath.Join(strings.TrimSpace(string(out)), "go", "aws")
	known, reads := []string{"id"}, []string(nil)
	for token, of := range listed.Types {
		inputs, outputs := schema(t, provider, token)
		if _, inNext := next.Types[token]; !inNext {
			assert.NotEmpty(t, inputs, "%s: neither v6 nor v7 has this type", token)
		}
		for _, property := range inputs {
			assert.NotEqual(t, slices.Contains(of.Reads, property), slices.Contains(of.Ignores, property),
				"%s %s: want it either read or ignored", token, property)
		}
		for _, property := range of.Ignores {
			assert.Contains(t, slices.Concat(inputs, next.Types[token].Inputs), property, token)
		}
		known, reads = slices.Concat(known, inputs, outputs, next.Types[token].Inputs), append(reads, of.Reads...)
	}
	for _, property := range reads { // Types that the pack reads alike do not all have the same properties.
		assert.Contains(t, known, property, "no type has this property")
	}
	for module, names := range listed.Unread {
		for _, token := range types(t, filepath.Join(provider, module)) {
			_, isRead := listed.Types[token]
			_, name, _ := strings.Cut(strings.TrimPrefix(token, "aws:"), ":")
			assert.NotEqual(t, isRead, slices.Contains(names, name), "%s: want it either in types or in unread", token)
		}
	}
}

var tag = regexp.MustCompile("`pulumi:\"(\\w+)\"`")

// schema returns the inputs and outputs of a resource. It reads the provider's source, which takes minutes to compile.
// A type that is new in v7 has none.
func schema(t *testing.T, provider, token string) (inputs, outputs []string) {
	t.Helper()
	module, name, _ := strings.Cut(strings.TrimPrefix(token, "aws:"), ":")
	if _, err := os.Stat(filepath.Join(provider, module+".go")); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	source := read(t, filepath.Join(provider, module+".go"))
	args := strings.ToLower(name[:1]) + name[1:] + "Args"
	for kind, list := range map[string]*[]string{args: &inputs, name: &outputs} {
		_, rest, found := strings.Cut(source, "\ntype "+kind+" struct {\n")
		require.True(t, found, "%s: %s", token, kind)
		body, _, _ := strings.Cut(rest, "\n}")
		for _, match := range tag.FindAllStringSubmatch(body, -1) {
			*list = append(*list, match[1])
		}
	}
	return inputs, outputs
}

var registered = regexp.MustCompile(`ctx\.RegisterResource\("(aws:[^"]+)"`)

// types returns the resource types of a module of the provider.
func types(t *testing.T, module string) (tokens []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(module, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range registered.FindAllStringSubmatch(string(text), -1) {
			tokens = append(tokens, match[1])
		}
	}
	return tokens
}

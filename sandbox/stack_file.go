package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// foreign holds the keys of a stack's file that lead to a secrets provider or to Pulumi ESC, which the sandbox does not
// use. https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
var foreign = []string{"secretsprovider", "encryptedkey", "encryptionsalt", "environment"}

// ownCopy returns the text of a stack's file without what leads to other services. It refuses values that a secrets
// provider has encrypted, unless a setting of the command line replaces them. It leaves all other values as they are
// written, since a number such as 012345678901 would not survive decoding.
func ownCopy(text []byte, settings []string) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil || len(document.Content) != 1 {
		return text, nil //nolint:nilerr // Pulumi reads the file too, and says what is wrong with it.
	}
	file := document.Content[0]
	removeKeys(file, func(key string, _ *yaml.Node) bool { return slices.Contains(foreign, key) })
	var problems []error
	removeKeys(valueOf(file, "config"), func(key string, value *yaml.Node) bool {
		path, found := encrypted(value)
		if !found {
			return false
		}
		if slices.ContainsFunc(settings, func(setting string) bool { return strings.HasPrefix(setting, key+"=") }) {
			return true
		}
		problems = append(problems, fmt.Errorf("%s%s is encrypted, and the sandbox has no key: "+
			"want another value for this command, such as --config %s=VALUE", key, path, key))
		return false
	})
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return yaml.Marshal(&document)
}

// removeKeys removes the entries of a mapping for which drop says so.
func removeKeys(mapping *yaml.Node, drop func(key string, value *yaml.Node) bool) {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return
	}
	var kept []*yaml.Node
	for pair := range slices.Chunk(mapping.Content, 2) {
		if !drop(pair[0].Value, pair[1]) {
			kept = append(kept, pair...)
		}
	}
	mapping.Content = kept
}

// valueOf returns the value of a key of a mapping, or nil.
func valueOf(mapping *yaml.Node, key string) *yaml.Node {
	if mapping.Kind == yaml.MappingNode {
		for pair := range slices.Chunk(mapping.Content, 2) {
			if pair[0].Value == key {
				return pair[1]
			}
		}
	}
	return nil
}

// encrypted returns the path of the first encrypted value in a value of the configuration.
func encrypted(value *yaml.Node) (path string, found bool) {
	switch value.Kind {
	case yaml.MappingNode:
		if len(value.Content) == 2 && value.Content[0].Value == "secure" {
			return "", true
		}
		for pair := range slices.Chunk(value.Content, 2) {
			if path, found := encrypted(pair[1]); found {
				return "." + pair[0].Value + path, true
			}
		}
	case yaml.SequenceNode:
		for i, item := range value.Content {
			if path, found := encrypted(item); found {
				return fmt.Sprintf("[%d]%s", i, path), true
			}
		}
	default:
	}
	return "", false
}

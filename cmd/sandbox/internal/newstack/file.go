package newstack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	pulumiconfig "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/config"
	"private-api-blueprints/docs"
)

// kept is the file of a stack that exists, as far as `pulumi new` writes one.
type kept struct {
	name     string
	document yaml.Node
	config   pulumiconfig.Map
}

// file is what a stack's file holds about its configuration.
type file struct {
	Config pulumiconfig.Map `yaml:"config"`
}

// readKept reads the file of a stack, if there is one. It refuses a file that says more about the blueprint than its
// name, because that is somebody's work.
func readKept(path string) (*kept, error) {
	k := &kept{name: filepath.Base(path)}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, err
	}
	var f file
	if err := errors.Join(yaml.Unmarshal(text, &k.document), yaml.Unmarshal(text, &f)); err != nil {
		return nil, fmt.Errorf("%s: %w", k.name, err)
	}
	if k.document.Kind != 0 && k.document.Content[0].Kind != yaml.MappingNode { // It is empty.
		k.document = yaml.Node{}
	}
	k.config = f.Config
	for _, key := range slices.Sorted(maps.Keys(values(k.config))) {
		switch {
		case strings.HasPrefix(key, config.Namespace+":") && key != nameKey:
			return nil, fmt.Errorf("%s exists and has %s: want a stack without a file, or with a file of pulumi new, "+
				"which has only %s and %s", k.name, key, regionKey, nameKey)
		case (key == nameKey || key == regionKey) && k.config[keyOf(key)].Secure():
			return nil, fmt.Errorf("%s: %s is encrypted: want plain text", k.name, key)
		}
	}
	return k, nil
}

// settings returns a copy of the file's configuration.
func (k *kept) settings() pulumiconfig.Map {
	m := pulumiconfig.Map{}
	maps.Copy(m, k.config)
	return m
}

// contradictedBy returns an error if a configuration has other values than the file.
func (k *kept) contradictedBy(m pulumiconfig.Map) error {
	given := values(m)
	for key, value := range values(k.config) {
		if given[key] != value {
			return fmt.Errorf("%s = %q: %s has %q, which is kept: want the same, or change the file first",
				key, given[key], k.name, value)
		}
	}
	return nil
}

// render returns the text of the stack's file: what the kept one holds, and the configuration with comments. Problems
// that are left are in a comment. It checks the text as the program and an editor would.
func (d *draft) render(kept *kept, missing []problem) ([]byte, error) {
	document := kept.document
	if document.Kind == 0 {
		document = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	w := &writer{explained: map[string]bool{}}
	if err := w.addSettings(configOf(document.Content[0]), d); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	text.WriteString(d.header(&document, missing))
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(&document), encoder.Close()); err != nil {
		return nil, err
	}
	return text.Bytes(), d.check(text.Bytes(), missing)
}

// schemaLine lets editors check the file.
const schemaLine = "# yaml-language-server: $schema=docs/stack.schema.json\n"

// header returns the comment at the beginning of the file.
func (d *draft) header(document *yaml.Node, missing []problem) string {
	document.HeadComment = strings.TrimSpace(strings.TrimPrefix(document.HeadComment+"\n", schemaLine))
	text := schemaLine + "# A stack of " + d.blueprint + ". docs/configuration.md explains every key.\n"
	var others []string
	for _, k := range d.reference.keys {
		if !d.has(k.path) {
			others = append(others, k.name)
		}
	}
	for _, line := range wrap("Not set: "+strings.Join(others, ", ")+".", 100) {
		text += "# " + line + "\n"
	}
	if len(missing) > 0 {
		text += "#\n# Still to be set:\n"
	}
	for _, problem := range missing {
		for i, line := range wrap(problem.String(), 96) {
			text += map[bool]string{true: "# - ", false: "#   "}[i == 0] + line + "\n"
		}
	}
	return text
}

// configOf returns the configuration in a stack's file. It adds one if there is none.
func configOf(file *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(file.Content); i += 2 {
		if file.Content[i].Value == "config" {
			if file.Content[i+1].Kind != yaml.MappingNode {
				*file.Content[i+1] = yaml.Node{Kind: yaml.MappingNode}
			}
			return file.Content[i+1]
		}
	}
	mapping := &yaml.Node{Kind: yaml.MappingNode}
	file.Content = append(file.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "config"}, mapping)
	return mapping
}

// writer makes nodes of a stack's file.
type writer struct {
	explained map[string]bool // The comments that the file has.
}

// addSettings adds the settings that a configuration does not have: first those of other programs, then those of the
// blueprint in the order of the reference.
func (w *writer) addSettings(mapping *yaml.Node, d *draft) error {
	var all yaml.Node
	if err := all.Encode(d.settings); err != nil {
		return err
	}
	pairs := pairsOf(&all)
	for _, pair := range pairsOf(mapping) {
		delete(pairs, pair[0].Value)
	}
	keys := d.reference.keys
	rest := slices.Sorted(maps.Keys(pairs))
	rest = slices.DeleteFunc(rest, func(name string) bool { return strings.HasPrefix(name, config.Namespace+":") })
	for _, name := range rest {
		mapping.Content = append(mapping.Content, pairs[name][0], pairs[name][1])
	}
	for _, k := range keys {
		if pair, found := pairs[k.path]; found {
			w.explain(pair, k, 2)
			mapping.Content = append(mapping.Content, pair[0], pair[1])
		}
	}
	return nil
}

// pairsOf returns the keys and values of a mapping by the key's text.
func pairsOf(mapping *yaml.Node) map[string][2]*yaml.Node {
	pairs := map[string][2]*yaml.Node{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		pairs[mapping.Content[i].Value] = [2]*yaml.Node{mapping.Content[i], mapping.Content[i+1]}
	}
	return pairs
}

// explain gives a key the comment of the reference, unless the file has it already, and brings the keys inside into
// the order of the reference. indent is the number of columns before the key.
func (w *writer) explain(pair [2]*yaml.Node, k *key, indent int) {
	if !w.explained[k.meaning] {
		w.explained[k.meaning] = true
		pair[0].HeadComment = strings.Join(wrap(k.meaning, 98-indent), "\n")
	}
	value := pair[1]
	switch {
	case value.Kind == yaml.SequenceNode && slices.IndexFunc(value.Content, notScalar) < 0:
		value.Style = yaml.FlowStyle
	case value.Kind == yaml.MappingNode && len(k.keys) > 0:
		inner := pairsOf(value)
		value.Content = nil
		for _, key := range k.keys {
			if pair, found := inner[key.name]; found {
				w.explain(pair, key, indent+2)
				value.Content = append(value.Content, pair[0], pair[1])
			}
		}
	}
}

func notScalar(node *yaml.Node) bool { return node.Kind != yaml.ScalarNode }

// check checks the text of a file: the program must find the same problems as before, and if there are none, the schema
// accepts the file.
func (d *draft) check(text []byte, missing []problem) error {
	var f file
	if err := yaml.Unmarshal(text, &f); err != nil {
		return fmt.Errorf("the new file: %w", err)
	}
	if found := problemsOf(f.Config); !slices.Equal(found, missing) {
		return problemsError(found, "of the new file is not acceptable", "of the new file are not acceptable")
	}
	if len(missing) > 0 {
		return nil
	}
	return validate(text)
}

// validate checks the text of a file against the schema of stack files.
func validate(text []byte) error {
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(docs.StackSchema))
	if err != nil {
		return err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("stack.schema.json", schema); err != nil {
		return err
	}
	compiled, err := compiler.Compile("stack.schema.json")
	if err != nil {
		return err
	}
	var content any
	if err := yaml.Unmarshal(text, &content); err != nil {
		return err
	}
	asJSON, err := json.Marshal(content) // The validator knows the types of JSON only.
	if err != nil {
		return err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		return err
	}
	return compiled.Validate(document)
}

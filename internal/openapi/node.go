package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"go.yaml.in/yaml/v3"
)

// node is a part of a document. Unlike a Go map, it keeps the order of its members.
type node struct {
	keys   []string
	fields map[string]*node // Nil unless it is an object.
	items  []*node
	isList bool
	value  any // Of a scalar.
}

// maxNesting limits how deep documents are, since aliases of YAML can be endless.
const maxNesting = 64

// parse reads a text in JSON or YAML, which is an object.
func parse(text []byte) (*node, error) {
	if json.Valid(text) { // YAML does not take tabs.
		var compact bytes.Buffer
		if err := json.Compact(&compact, text); err != nil {
			return nil, err
		}
		text = compact.Bytes()
	}
	var read yaml.Node
	if err := yaml.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	if read.Kind != yaml.DocumentNode || read.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("it is not an object")
	}
	return nodeOf(read.Content[0], 0)
}

// nodeOf returns a part of a document that YAML has read.
func nodeOf(read *yaml.Node, nesting int) (*node, error) {
	if nesting > maxNesting {
		return nil, errors.New("it is nested too deep")
	}
	switch read.Kind {
	case yaml.AliasNode:
		return nodeOf(read.Alias, nesting+1)
	case yaml.MappingNode:
		return object(read, nesting)
	case yaml.SequenceNode:
		n := &node{isList: true}
		for _, item := range read.Content {
			value, err := nodeOf(item, nesting+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, value)
		}
		return n, nil
	}
	return scalar(read)
}

// object returns an object that YAML has read. YAML can merge the members of others into
// it, which JSON cannot say.
func object(read *yaml.Node, nesting int) (*node, error) {
	n := &node{fields: map[string]*node{}}
	for i := 0; i < len(read.Content); i += 2 {
		value, err := nodeOf(read.Content[i+1], nesting+1)
		if err != nil {
			return nil, err
		}
		key := read.Content[i].Value // As it is written: statuses are texts here.
		switch {
		case read.Content[i].Tag == "!!merge":
			return nil, fmt.Errorf("it has the merge key %s in line %d; want the members themselves", key,
				read.Content[i].Line)
		case n.fields[key] != nil:
			return nil, fmt.Errorf("it has %q twice in line %d", key, read.Content[i].Line)
		}
		n.keys, n.fields[key] = append(n.keys, key), value
	}
	return n, nil
}

// scalar returns a text, a number, a bool or nothing. YAML has more types, such as
// dates, which are texts here. JSON has only finite numbers.
func scalar(read *yaml.Node) (*node, error) {
	var value any
	switch read.Tag {
	case "!!int", "!!float", "!!bool", "!!null":
		if err := read.Decode(&value); err != nil {
			return nil, err
		}
	default:
		value = read.Value
	}
	if number, ok := value.(float64); ok && (math.IsInf(number, 0) || math.IsNaN(number)) {
		return nil, fmt.Errorf("it has the number %s in line %d; want a finite one", read.Value, read.Line)
	}
	return &node{value: value}, nil
}

// field returns a member of an object. It is nil if there is none.
func (n *node) field(keys ...string) *node {
	for _, key := range keys {
		if n == nil {
			return nil
		}
		n = n.fields[key]
	}
	return n
}

// text returns a text, or nothing.
func (n *node) text() string {
	if n == nil {
		return ""
	}
	text, _ := n.value.(string)
	return text
}

// plain returns the part as encoding/json takes it.
func (n *node) plain() any {
	switch {
	case n.fields != nil:
		object := map[string]any{}
		for key, value := range n.fields {
			object[key] = value.plain()
		}
		return object
	case n.isList:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.plain()
		}
		return list
	}
	return n.value
}

package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// tables holds what the files of this folder say about properties and classes.
type tables struct {
	inputs  map[string]inputs
	values  []values
	classes []*class
}

// inputs are the inputs of a resource type.
type inputs struct{ Required, Optional []string }

// values are the values that a property may have.
type values struct {
	// Type is the only resource type of the line, or empty for all types.
	Type, Property, Source string
	Values                 []any
	// When are the present values to which the line is limited.
	When []string
	// Absent is whether the property has these values also where the program leaves it out.
	Absent bool
}

// class says what a class of mutants means for those who use the blueprint.
type class struct {
	// Type, Property, Change, Says, Name, Blueprint and View are patterns, in which * stands for any text. An empty
	// pattern matches everything.
	Type, Property, Change, Says, Name, Blueprint, View string
	// Where is a condition that the model of the stack must meet. The head of classes.yaml lists the conditions.
	Where string
	// Verdict is harmless or impossible.
	Verdict string
	// Why is the reason. Source is where AWS says the facts in it.
	Why, Source string
	used        int
}

// readTables reads the tables in a folder.
func readTables(folder string) (*tables, error) {
	t := &tables{}
	for name, into := range map[string]any{
		"inputs.yaml": &t.inputs, "values.yaml": &t.values, "classes.yaml": &t.classes,
	} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		decoder := yaml.NewDecoder(bytes.NewReader(text))
		decoder.KnownFields(true)
		if err := decoder.Decode(into); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	for _, c := range t.classes {
		if c.Verdict != harmless && c.Verdict != impossible || c.Why == "" {
			return nil, fmt.Errorf("classes.yaml: %+v: want the verdict harmless or impossible, and why", *c)
		}
		if _, known := conditions[c.Where]; !known && c.Where != "" {
			return nil, fmt.Errorf("classes.yaml: where = %q: want one of %s", c.Where,
				strings.Join(slices.Sorted(maps.Keys(conditions)), ", "))
		}
	}
	return t, nil
}

// isInput reports whether a property is an input that a mutant may change.
func (t *tables) isInput(token, property string) bool {
	of := t.inputs[token]
	return slices.Contains(of.Required, property) || slices.Contains(of.Optional, property)
}

// isRequired reports whether a resource cannot be without a property.
func (t *tables) isRequired(token, property string) bool {
	return slices.Contains(t.inputs[token].Required, property)
}

// valuesOf returns the line of a property with this value.
func (t *tables) valuesOf(token, path, present string) *values {
	for i, v := range t.values {
		if (v.Type == "" || v.Type == token) && v.Property == path &&
			(len(v.When) == 0 || slices.Contains(v.When, present)) {
			return &t.values[i]
		}
	}
	return nil
}

// matches reports whether a class has a mutant of a stack. sides returns the
// mutant's sides, for the condition of the class.
func (c *class) matches(s *stack, m mutant, both func() sides) bool {
	return like(c.Type, m.Type) && like(c.Property, m.Property) && like(c.Change, m.Change) &&
		like(c.Says, m.Says) && like(c.Name, m.Name) && like(c.Blueprint, s.blueprint) && like(c.View, s.view) &&
		(c.Where == "" || conditions[c.Where](both()))
}

// like reports whether a text matches a pattern. The pattern a|b means a or b.
func like(pattern, text string) bool {
	if pattern == "" {
		return true
	}
	for one := range strings.SplitSeq(pattern, "|") {
		if glob(one, text) {
			return true
		}
	}
	return false
}

// glob reports whether a text matches a pattern in which * stands for any text, and
// [*] for an asterisk.
func glob(pattern, text string) bool {
	parts := strings.Split(strings.ReplaceAll(pattern, "[*]", "\x00"), "*")
	text = strings.ReplaceAll(text, "*", "\x00")
	if len(parts) == 1 {
		return parts[0] == text
	}
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return len(text) >= len(last) && strings.HasSuffix(text, last)
}

package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// The kinds of changes.
const (
	removed       = "resource removed"
	turned        = "reference turned"
	otherValue    = "other value"
	elementGone   = "element removed"
	otherElement  = "element replaced"
	statementEdit = "policy edited"
)

// mutant is a stack with one change.
type mutant struct {
	// Type, Property and Change are the class of the mutant. The property of a resource that is removed is empty.
	Type, Property, Change string
	// Says is the change in one line.
	Says string
	// Name is the name of the changed resource.
	Name string
	// needed are the required properties of other resources that the change leaves without a value. AWS or the engine
	// refuses such a stack.
	needed []string
	// build returns the resources of the mutant.
	build func() []plugin.AnalyzerStackResource
}

// key identifies a mutant among those of a stack.
func (m mutant) key() string {
	return fmt.Sprintf("%s %s: %s: %s", m.Type, m.Name, m.Property, m.Says)
}

// mutants returns all mutants of a stack, each once.
func (s *stack) mutants(t *tables) []mutant {
	var all []mutant
	for i, r := range s.resources {
		if !strings.HasPrefix(string(r.Type), "aws:") {
			continue
		}
		all = append(all, s.removal(i, t))
		for _, key := range slices.Sorted(maps.Keys(r.Properties)) {
			if t.isInput(string(r.Type), string(key)) {
				all = append(all, s.propertyMutants(i, key, t)...)
			}
		}
		all = slices.Concat(all, s.references(i, t), s.unsetInputs(i, t), s.openings(i), s.aliases(i))
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(m mutant) bool {
		known := seen[m.key()]
		seen[m.key()] = true
		return known
	})
}

// edit returns the resources of a stack with one of them changed. The change gets
// a copy, whose maps it may change.
func (s *stack) edit(i int, change func(*plugin.AnalyzerStackResource)) []plugin.AnalyzerStackResource {
	all := slices.Clone(s.resources)
	all[i] = copyOf(all[i])
	change(&all[i])
	return all
}

// copyOf returns a copy of a resource with separate maps and lists of dependencies.
func copyOf(r plugin.AnalyzerStackResource) plugin.AnalyzerStackResource {
	r.Properties = maps.Clone(r.Properties)
	r.Dependencies = slices.Clone(r.Dependencies)
	dependencies := make(map[resource.PropertyKey][]resource.URN, len(r.PropertyDependencies))
	for key, urns := range r.PropertyDependencies {
		dependencies[key] = slices.Clone(urns)
	}
	r.PropertyDependencies = dependencies
	return r
}

// without returns a list without an element.
func without(list []resource.URN, urn resource.URN) []resource.URN {
	return slices.DeleteFunc(slices.Clone(list), func(u resource.URN) bool { return u == urn })
}

// leaf is a text, a number or a flag in a property.
type leaf struct {
	path  string // Names of the property and its fields, with dots. Lists have no part in it.
	value resource.PropertyValue
	// with returns the whole property with another value instead of the leaf.
	with func(resource.PropertyValue) resource.PropertyValue
}

// leavesOf returns all leaves of a property.
func leavesOf(path string, v resource.PropertyValue) []leaf {
	same := func(v resource.PropertyValue) resource.PropertyValue { return v }
	return leavesIn(path, v, same)
}

func leavesIn(path string, v resource.PropertyValue, whole func(resource.PropertyValue) resource.PropertyValue) (
	all []leaf,
) {
	switch {
	case v.IsSecret():
		return leavesIn(path, v.SecretValue().Element, func(v resource.PropertyValue) resource.PropertyValue {
			return whole(resource.MakeSecret(v))
		})
	case v.IsArray():
		for i, element := range v.ArrayValue() {
			all = append(all, leavesIn(path, element, func(changed resource.PropertyValue) resource.PropertyValue {
				list := slices.Clone(v.ArrayValue())
				list[i] = changed
				return whole(resource.NewProperty(list))
			})...)
		}
	case v.IsObject():
		for _, key := range slices.Sorted(maps.Keys(v.ObjectValue())) {
			element := v.ObjectValue()[key]
			all = append(all, leavesIn(path+"."+string(key), element,
				func(changed resource.PropertyValue) resource.PropertyValue {
					object := maps.Clone(v.ObjectValue())
					object[key] = changed
					return whole(resource.NewProperty(object))
				})...)
		}
	case v.IsString(), v.IsNumber(), v.IsBool():
		all = append(all, leaf{path, v, whole})
	}
	return all
}

// rewrite returns a value with each text in it replaced.
func rewrite(v resource.PropertyValue, replace func(string) string) resource.PropertyValue {
	switch {
	case v.IsSecret():
		return resource.MakeSecret(rewrite(v.SecretValue().Element, replace))
	case v.IsArray():
		list := slices.Clone(v.ArrayValue())
		for i := range list {
			list[i] = rewrite(list[i], replace)
		}
		return resource.NewProperty(list)
	case v.IsObject():
		object := maps.Clone(v.ObjectValue())
		for key := range object {
			object[key] = rewrite(object[key], replace)
		}
		return resource.NewProperty(object)
	case v.IsString():
		return resource.NewProperty(replace(v.StringValue()))
	}
	return v
}

package main

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"private-api-blueprints/config"
)

// blueprint describes the configuration of a blueprint.
type blueprint struct {
	name      string
	comment   comment
	component string // The name of the struct.
	example   string // A stack file.
	outputs   []output
	keys      []*key // Below "blueprint:", without name.
}

// key describes a key of the configuration.
type key struct {
	path, name string // The path is relative to "blueprint:".
	comment    comment
	value      reflect.Type // The type of the value, without a pointer.
	tag        reflect.StructTag
	format     config.Format // The format of a value, or of an item of a list.
	list       config.Format // The format of a list as a whole.
	required   bool
	unless     []string      // The keys with which this one is not required; empty if the group has none.
	optional   bool          // Whether a group does not exist unless it is configured.
	names      config.Format // The format of the names in a map.
	keys       []*key        // In a group, or in each group of a list or a map.
}

// isGroup reports whether the value of a key is one group of keys.
func (k *key) isGroup() bool { return k.value.Kind() == reflect.Struct && len(k.keys) > 0 }

// describe returns the description of a blueprint. It fails if a field has no
// comment.
func describe(selectable config.Blueprint, comments map[string]comment) (blueprint, error) {
	settings := reflect.TypeOf(selectable.New()).Elem()
	d := describer{comments: comments}
	b := blueprint{name: selectable.Name, component: selectable.Component(), comment: comments[settings.Name()]}
	b.keys = slices.DeleteFunc(d.keys(settings, "", ""), func(k *key) bool { return k.name == "name" })
	if len(d.missing) > 0 {
		return b, fmt.Errorf("no comment on %s", strings.Join(d.missing, ", "))
	}
	return b, nil
}

// describer walks the structs of one blueprint.
type describer struct {
	comments map[string]comment
	missing  []string // Fields without a comment.
}

// keys returns the keys of a struct that a field with a tag holds. It leaves out
// subnets that the blueprint does not use in a network.
func (d *describer) keys(group reflect.Type, prefix string, tag reflect.StructTag) []*key {
	var keys []*key
	for i := range group.NumField() {
		field := group.Field(i)
		name := field.Tag.Get("config")
		tier := field.Tag.Get("tier")
		switch {
		case field.Anonymous:
			keys = append(keys, d.keys(field.Type, prefix, tag)...)
		case name == "", tier != "" && !slices.Contains(strings.Split(tag.Get("tiers"), ","), tier):
		default:
			k := d.key(group, field, prefix+name, tag.Get("tiers"))
			k.required = k.required || slices.Contains(strings.Split(tag.Get("require"), ","), name)
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		for _, name := range strings.Split(k.tag.Get("unless"), ",") {
			k.required = k.required || name != ""
			if has(keys, name) {
				k.unless = append(k.unless, name)
			}
		}
		k.required = k.required && len(k.unless) == 0
	}
	return keys
}

// has reports whether a group has a key.
func has(keys []*key, name string) bool {
	return slices.ContainsFunc(keys, func(k *key) bool { return k.name == name })
}

// key returns the description of a field.
func (d *describer) key(group reflect.Type, field reflect.StructField, path, tiers string) *key {
	id := group.Name() + "." + field.Name
	k := &key{path: path, name: field.Tag.Get("config"), comment: d.comments[id], value: field.Type, tag: field.Tag}
	if k.comment.text == "" {
		d.missing = append(d.missing, id)
	}
	k.required = field.Tag.Get("required") != ""
	k.format, _ = config.FormatOf(field.Tag.Get("format"))
	k.list, _ = config.FormatOf(field.Tag.Get("list"))
	if k.value.Kind() == reflect.Pointer {
		k.value, k.optional = k.value.Elem(), true
	}
	k.names, _ = config.FormatOf(field.Tag.Get("names"))
	if group, at := groupIn(k.value); group != nil {
		tag := field.Tag
		if tag.Get("tiers") == "" { // The network around decides.
			tag += reflect.StructTag(` tiers:` + strconv.Quote(tiers))
		}
		k.keys = d.keys(group, path+at, tag)
		k.required = k.required || k.isGroup() && !k.optional && needsSomething(k.keys)
	}
	return k
}

// groupIn returns the type of the groups that a value consists of, and what
// stands between the paths of the value and of a key in them. It returns nil if
// the value holds no group.
func groupIn(value reflect.Type) (group reflect.Type, at string) {
	group, at = value, "."
	switch value.Kind() {
	case reflect.Slice:
		group, at = value.Elem(), "[]."
	case reflect.Map:
		group, at = value.Elem(), ".NAME."
		if group.Kind() == reflect.Pointer {
			group = group.Elem()
		}
	}
	text := group == reflect.TypeFor[netip.Prefix]() || group == reflect.TypeFor[netip.Addr]()
	if group.Kind() != reflect.Struct || text {
		return nil, ""
	}
	return group, at
}

// needsSomething reports whether a group with these keys cannot be left out.
func needsSomething(keys []*key) bool {
	return slices.ContainsFunc(keys, func(k *key) bool {
		_, choice := k.tag.Lookup("oneOf")
		return k.required || choice || len(k.unless) > 0
	})
}

// choices returns the names of the keys of which a group takes exactly one.
func choices(keys []*key) []string {
	var names []string
	for _, k := range keys {
		if _, choice := k.tag.Lookup("oneOf"); choice {
			names = append(names, k.name)
		}
	}
	return names
}

// values returns all accepted values of a key, or nil if there is no such list.
func (k *key) values() []string {
	if enum := k.tag.Get("enum"); enum != "" {
		return strings.Split(enum, ",")
	}
	return k.format.Values
}

// exampleValue returns a value for the documentation, in YAML.
func (k *key) exampleValue() string {
	value := k.tag.Get("default")
	switch {
	case k.isGroup():
		return ""
	case k.tag.Get("example") != "":
		return k.tag.Get("example")
	case k.list.Example != "":
		return k.list.Example
	case value == "false":
		return "true"
	case value == "true":
		return "false"
	case k.tag.Get("enum") != "":
		return k.values()[len(k.values())-1]
	case k.format.Example != "":
		return k.format.Example
	default:
		return value
	}
}

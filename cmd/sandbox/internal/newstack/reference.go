package newstack

import (
	"net/netip"
	"reflect"
	"strings"

	"private-api-blueprints/config"
)

// reference describes the keys of a blueprint: the structs of package config say which ones there are and what they
// take, and the schema of stack files what they mean.
type reference struct {
	keys []*key
}

// key describes a key of the configuration.
type key struct {
	path    string // The full key, such as blueprint:network.create.
	name    string
	value   reflect.Type // Without a pointer.
	tag     reflect.StructTag
	meaning string // In words.
	keys    []*key // Those of a group.
}

// newReference returns the reference of a blueprint.
func newReference(blueprint config.Blueprint, schema *schema) *reference {
	settings := reflect.TypeOf(blueprint.New()).Elem()
	return &reference{keysOf(settings, config.Namespace+":", schema, schema.selecting(blueprint.Name))}
}

// keysOf returns the keys of a struct in their order. group is the schema of the group that the struct stands for.
func keysOf(structure reflect.Type, prefix string, schema, group *schema) []*key {
	var keys []*key
	for i := range structure.NumField() {
		field := structure.Field(i)
		name := field.Tag.Get("config")
		if field.Anonymous {
			keys = append(keys, keysOf(field.Type, prefix, schema, group)...)
		}
		if name == "" {
			continue
		}
		k := &key{path: prefix + name, name: name, value: field.Type, tag: field.Tag}
		if k.value.Kind() == reflect.Pointer {
			k.value = k.value.Elem()
		}
		described := group.property(k.path, name)
		k.meaning = described.Description
		if k.isGroup() {
			k.keys = keysOf(k.value, k.path+".", schema, schema.group(described))
		}
		keys = append(keys, k)
	}
	return keys
}

// isGroup reports whether a key holds one group of keys.
func (k *key) isGroup() bool {
	text := k.value == reflect.TypeFor[netip.Prefix]() || k.value == reflect.TypeFor[netip.Addr]()
	return k.value.Kind() == reflect.Struct && !text
}

// choices returns the keys of a group of which exactly one is set.
func (k *key) choices() []*key {
	var choices []*key
	for _, inner := range k.keys {
		if _, choice := inner.tag.Lookup("oneOf"); choice {
			choices = append(choices, inner)
		}
	}
	return choices
}

// enum returns the accepted values of a key, or nil if there is no such list.
func (k *key) enum() []string {
	if list := k.tag.Get("enum"); list != "" {
		return strings.Split(list, ",")
	}
	return nil
}

// find returns the key with a path, or nil.
func (r *reference) find(path string) *key { return find(r.keys, path) }

func find(keys []*key, path string) *key {
	for _, k := range keys {
		if k.path == path {
			return k
		}
		if strings.HasPrefix(path, k.path+".") {
			return find(k.keys, path)
		}
	}
	return nil
}

// named returns the paths of all keys with a name.
func (r *reference) named(name string) []string { return named(r.keys, name) }

func named(keys []*key, name string) (paths []string) {
	for _, k := range keys {
		if k.name == name {
			paths = append(paths, k.path)
		}
		paths = append(paths, named(k.keys, name)...)
	}
	return paths
}

// Package config defines what a user may say in a stack's configuration.
//
// Each group of keys has a file: a struct with defaults, examples and limits in
// its field tags, and checks for what tags cannot say. Each blueprint has a file
// with the groups that it takes. docs/configuration.md and the JSON Schema for
// editors are generated from these structs and the comments on their fields:
//
//	go run ./config/docgen
//
// The package is pure. Whatever only AWS can tell is checked by package
// blueprints.
//
// # Tags
//
// A field is configuration if it has a config tag with its key. Other tags say
// which values it takes:
//
//	default   value if the key is left out
//	computed  in words, the value if the key is left out, if it depends on other keys
//	required  "true": the key cannot be left out
//	unless    the key cannot be left out, except if the group has one of these other keys
//	enum      accepted values, separated by commas
//	range     lowest and highest accepted number, such as 1..29
//	format    name of an entry in formats, for a value or for each item of a list
//	list      name of an entry in formats, for a list as a whole
//	names     name of an entry in formats, for the names in a map
//	family    "ipv4", "ipv6" or "any": the address family of the items of a list;
//	          ranges must have no host bits
//	oneOf     short description; exactly one of the group's fields with this tag is set
//	tier      the field exists only if the blueprint uses this tier of subnets
//	example   value for the documentation, in YAML, if the format has none
//
// A field that holds a group may say more about the fields inside, as far as one
// blueprint is concerned:
//
//	require   keys of the group that cannot be left out here
//	tiers     tiers of subnets that the blueprint uses in this network
package config

//go:generate go run ./docgen ..

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"private-api-blueprints/internal/settings"
)

// Namespace is the namespace of all configuration of this program.
const Namespace = "blueprint"

// Settings is the configuration of one blueprint: a pointer to one of the structs
// that Blueprints lists.
type Settings interface {
	// Selected returns the keys that every stack has. Selection implements it.
	Selected() *Selection
}

// Blueprint describes a pattern that a stack can select.
type Blueprint struct {
	Name string
	// New returns the settings of the blueprint as they are before
	// configuration is decoded into them.
	New func() Settings
}

// Component returns the name of the blueprint's component, which is that of its
// struct.
func (b Blueprint) Component() string { return reflect.TypeOf(b.New()).Elem().Name() }

// Blueprints returns all blueprints, sorted by name.
func Blueprints() []Blueprint {
	return []Blueprint{
		{"h2-endpoint-service", func() Settings { return &H2EndpointService{} }},
		{"ipv6-front", func() Settings { return &Ipv6Front{} }},
		{"shared-vpc-apis", func() Settings { return &SharedVpcApis{} }},
		{"static-ip-apigw", func() Settings { return &StaticIpApigw{} }},
		{"vpclink-https-backend", func() Settings { return &VpclinkHttpsBackend{} }},
	}
}

// Parse returns the settings of the blueprint that a stack selects, and
// everything that is wrong with them as far as the text can tell.
//
// values holds all configuration of the stack by full key, as the engine hands
// it to a program. secret reports whether a key is encrypted; values of such
// keys are never quoted in problems. The settings are nil if the stack selects
// no blueprint that exists.
func Parse(values map[string]string, secret func(key string) bool) (Settings, *settings.Problems) {
	problems := &settings.Problems{Secret: secret}
	root := problems.Section(Namespace)
	selected := values[root.At("name")]
	if s := parse(Namespace, selected, values, problems); s != nil {
		return s, problems
	}
	if selected == "" {
		root.Reject("name", nil, "required: %s%s", oneOf(names()), misspelled(values))
	} else {
		root.Reject("name", selected, "want %s", oneOf(names()))
	}
	return nil, problems
}

// ParseInputs returns the settings of a blueprint that are the inputs of its
// component: values holds them by key, without a namespace, as Parse takes them.
// It adds everything that is wrong with them to problems. The settings are nil if
// there is no such blueprint.
func ParseInputs(blueprint string, values map[string]string, problems *settings.Problems) Settings {
	if _, given := values["name"]; given {
		problems.Add("name", nil, "unknown key; a component has the name of its resource")
	}
	return parse("", blueprint, values, problems)
}

// parse returns the settings of a blueprint from the values of a namespace.
func parse(namespace, name string, values map[string]string, problems *settings.Problems) Settings {
	root := problems.Section(namespace)
	for _, blueprint := range Blueprints() {
		if blueprint.Name == name {
			s := blueprint.New()
			settings.Decode(namespace, values, s, problems)
			s.Selected().Name = name
			setTiers(reflect.ValueOf(s).Elem())
			checkGroup(root, s)
			return s
		}
	}
	return nil
}

// misspelled returns a hint at a key that was probably meant to be the name.
func misspelled(values map[string]string) string {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(names(), values[key]) {
			return fmt.Sprintf("; found %s = %q", key, values[key])
		}
	}
	return ""
}

// names returns the names of all blueprints.
func names() []string {
	var list []string
	for _, blueprint := range Blueprints() {
		list = append(list, blueprint.Name)
	}
	return list
}

// setTiers sets, for every network in a struct, the tiers of subnets that the
// blueprint uses there.
func setTiers(group reflect.Value) {
	for i := range group.NumField() {
		field := group.Field(i)
		if field.Kind() == reflect.Pointer && !field.IsNil() {
			field = field.Elem()
		}
		if field.Kind() != reflect.Struct || field.Type().PkgPath() != group.Type().PkgPath() {
			continue
		}
		if network, ok := field.Addr().Interface().(*Network); ok {
			network.Tiers = parseTiers(group.Type().Field(i).Tag.Get("tiers"))
		} else {
			setTiers(field)
		}
	}
}

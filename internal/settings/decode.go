package settings

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
)

// Decode fills the struct that target points to with the configuration of one
// namespace, and reports every key that it does not know and every value of
// another type to problems. It stops at nothing.
//
// config holds all configuration of the stack, by full key; structured values
// are JSON, as the engine hands them to a program. A field takes the key in
// its `config` tag; a field without one is not configuration. What the
// configuration leaves out keeps the value that target had before, which is
// how defaults are given.
//
// Fields may be strings, ints, bools, encoding.TextUnmarshalers, structs,
// pointers to structs, and slices of these. A pointer is nil unless the key is
// there, and then points to what the struct's SetDefaults method makes, if it
// has one.
func Decode(namespace string, config map[string]string, target any, problems *Problems) {
	fields := fieldsOf(reflect.ValueOf(target).Elem())
	for _, full := range slices.Sorted(maps.Keys(config)) {
		key, ours := strings.CutPrefix(full, namespace+":")
		if !ours {
			continue
		}
		field, known := fields[key]
		if !known {
			addUnknown(problems, full, key, fields)
			continue
		}
		value, err := parseTopLevel(config[full], field.Type())
		if err != nil {
			problems.Add(full, config[full], "want %s", wanted(field.Type()))
			continue
		}
		decode(full, value, field, problems)
	}
}

// parseTopLevel turns the text of a top-level value into what JSON would hold.
func parseTopLevel(text string, to reflect.Type) (any, error) {
	if isText(to) {
		return text, nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if decoder.More() {
		return nil, fmt.Errorf("more than one value")
	}
	return value, nil
}

func decode(key string, value any, into reflect.Value, problems *Problems) {
	if into.Kind() == reflect.Pointer && !isText(into.Type()) {
		into.Set(reflect.New(into.Type().Elem()))
		if group, ok := into.Interface().(interface{ SetDefaults() }); ok {
			group.SetDefaults()
		}
		into = into.Elem()
	}
	ok := true
	switch {
	case isText(into.Type()):
		ok = decodeText(value, into)
	case into.Kind() == reflect.Int:
		ok = decodeInt(value, into)
	case into.Kind() == reflect.Bool:
		var flag bool
		flag, ok = value.(bool)
		into.SetBool(flag)
	case into.Kind() == reflect.Slice:
		ok = decodeList(key, value, into, problems)
	case into.Kind() == reflect.Struct:
		ok = decodeGroup(key, value, into, problems)
	default:
		panic(fmt.Sprintf("settings: %s has a field of type %s, which configuration cannot hold", key, into.Type()))
	}
	if !ok {
		problems.Add(key, asJSON(value), "want %s", wanted(into.Type()))
	}
}

func decodeText(value any, into reflect.Value) bool {
	text, ok := value.(string)
	if !ok {
		return false
	}
	if into.Kind() == reflect.String {
		into.SetString(text)
		return true
	}
	return into.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)) == nil
}

func decodeInt(value any, into reflect.Value) bool {
	number, ok := value.(json.Number)
	if !ok {
		return false
	}
	n, err := number.Int64()
	into.SetInt(n)
	return err == nil
}

func decodeList(key string, value any, into reflect.Value, problems *Problems) bool {
	list, ok := value.([]any)
	if !ok {
		return false
	}
	into.Set(reflect.MakeSlice(into.Type(), len(list), len(list)))
	for i, item := range list {
		decode(fmt.Sprintf("%s[%d]", key, i), item, into.Index(i), problems)
	}
	return true
}

func decodeGroup(key string, value any, into reflect.Value, problems *Problems) bool {
	group, ok := value.(map[string]any)
	if !ok {
		return false
	}
	fields := fieldsOf(into)
	for _, name := range slices.Sorted(maps.Keys(group)) {
		full := key + "." + name
		if field, known := fields[name]; known {
			decode(full, group[name], field, problems)
		} else {
			addUnknown(problems, full, name, fields)
		}
	}
	return true
}

// fieldsOf maps configuration keys to the fields of a struct, those of
// embedded structs included.
func fieldsOf(group reflect.Value) map[string]reflect.Value {
	fields := map[string]reflect.Value{}
	for i := range group.NumField() {
		field := group.Type().Field(i)
		switch key := field.Tag.Get("config"); {
		case field.Anonymous:
			maps.Copy(fields, fieldsOf(group.Field(i)))
		case key != "":
			fields[key] = group.Field(i)
		}
	}
	return fields
}

func addUnknown(problems *Problems, full, key string, fields map[string]reflect.Value) {
	names := slices.Sorted(maps.Keys(fields))
	problems.Add(full, nil, "unknown key%s; known here: %s", suggestion(key, names), strings.Join(names, ", "))
}

// suggestion names the key that was probably meant, if one is near enough.
func suggestion(key string, names []string) string {
	best, distance := "", 1+len(key)/2
	for _, name := range names {
		if d := levenshtein.Distance(strings.ToLower(key), strings.ToLower(name), nil); d < distance {
			best, distance = name, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

func isText(t reflect.Type) bool {
	return t.Kind() == reflect.String || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// wanted says in a user's words what a field takes.
func wanted(t reflect.Type) string {
	switch {
	case t.String() == "netip.Prefix":
		return "an address range in CIDR notation, such as 10.0.0.0/16"
	case t.String() == "netip.Addr":
		return "an IP address, such as 10.0.0.10"
	case isText(t):
		return "a string"
	}
	switch t.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list of which each item is " + wanted(t.Elem())
	default:
		return "a group of keys"
	}
}

// literal is text that is quoted as it stands.
type literal string

func asJSON(value any) literal {
	text, err := json.Marshal(value)
	if err != nil {
		return literal(fmt.Sprint(value))
	}
	return literal(text)
}

package settings

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
)

// Decode fills the struct that target points to with the configuration of one
// namespace, or of none if it is empty. It reports every unknown key and every value of the wrong type to
// problems, and never stops at one.
//
// config holds all configuration of the stack by full key. Structured values
// are JSON, as the engine hands them to a program. A field takes the key in its
// `config` tag, and a field without that tag is not configuration. A key that
// the configuration leaves out has the value in the field's `default` tag.
//
// Fields may be strings, ints, bools, encoding.TextUnmarshalers, structs,
// pointers to structs, and slices of these, and maps from names to these. A
// TextUnmarshaler takes no empty text. A pointer is nil unless its key is
// present.
//
// A key with a secret value is a problem, and its field keeps the default, so that
// no other problem quotes the value.
//
// A target with a method Absent(key string) string says why it lacks a key that other
// targets have.
func Decode(namespace string, config map[string]string, target any, problems *Problems) {
	setDefaults(reflect.ValueOf(target).Elem())
	fields := fieldsOf(reflect.ValueOf(target).Elem())
	for _, full := range slices.Sorted(maps.Keys(config)) {
		key, ours := strings.CutPrefix(full, prefixOf(namespace))
		if !ours {
			continue
		}
		field, known := fields[key]
		if !known {
			if absent, ok := target.(absenter); ok && absent.Absent(key) != "" {
				problems.Add(full, nil, "%s", absent.Absent(key))
			} else {
				addUnknown(problems, full, key, fields)
			}
			continue
		}
		if problems.Secret != nil && problems.Secret(full) {
			problems.addSecret(full)
			continue
		}
		value, err := parseTopLevel(config[full], field.Type())
		if err != nil {
			problems.addMistyped(full, config[full], wanted(field.Type()))
			continue
		}
		decode(full, value, field, problems)
	}
}

// absenter is a target that knows why it has no field for a key, which others have.
type absenter interface {
	// Absent returns what to do without the key, and why. It returns nothing for a key
	// that no target has.
	Absent(key string) string
}

// setDefaults sets the fields of a struct, and those of the structs in it, to
// their `default` tags.
func setDefaults(group reflect.Value) {
	for i := range group.NumField() {
		field, text := group.Field(i), group.Type().Field(i).Tag.Get("default")
		switch {
		case text == "":
			if field.Kind() == reflect.Struct && !isText(field.Type()) {
				setDefaults(field)
			}
		case field.Kind() == reflect.String:
			field.SetString(text)
		case field.Kind() == reflect.Int:
			number, err := strconv.Atoi(text)
			must(err)
			field.SetInt(int64(number))
		case field.Kind() == reflect.Bool:
			flag, err := strconv.ParseBool(text)
			must(err)
			field.SetBool(flag)
		default:
			panic(fmt.Sprintf("settings: a field of type %s cannot have a default", field.Type()))
		}
	}
}

// must panics if a `default` tag is malformed.
func must(err error) {
	if err != nil {
		panic("settings: default: " + err.Error())
	}
}

// parseTopLevel returns the text of a top-level value as json.Unmarshal would
// return it.
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

// decode fills a field with the value at key, or records why it cannot.
func decode(key string, value any, into reflect.Value, problems *Problems) {
	problems.addGiven(key)
	if into.Kind() == reflect.Pointer && !isText(into.Type()) {
		into.Set(reflect.New(into.Type().Elem()))
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
	case into.Kind() == reflect.Map:
		ok = decodeMap(key, value, into, problems)
	case into.Kind() == reflect.Struct:
		ok = decodeGroup(key, value, into, problems)
	default:
		panic(fmt.Sprintf("settings: %s has a field of type %s, which configuration cannot hold", key, into.Type()))
	}
	if !ok {
		problems.addMistyped(key, asJSON(value), wanted(into.Type()))
	}
}

// decodeText fills a field that configuration holds as text. It reports whether
// the value has the right type. An empty text is neither an address nor a range,
// though net/netip takes it for the zero value.
func decodeText(value any, into reflect.Value) bool {
	text, ok := value.(string)
	if !ok {
		return false
	}
	if into.Kind() == reflect.String {
		into.SetString(text)
		return true
	}
	return text != "" && into.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)) == nil
}

// decodeInt fills an int. It reports whether the value has the right type.
func decodeInt(value any, into reflect.Value) bool {
	number, ok := value.(json.Number)
	if !ok {
		return false
	}
	n, err := number.Int64()
	into.SetInt(n)
	return err == nil
}

// decodeList fills a slice. It reports whether the value has the right type.
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

// decodeMap fills a map from names that the user chooses. It reports whether the
// value has the right type.
func decodeMap(key string, value any, into reflect.Value, problems *Problems) bool {
	group, ok := value.(map[string]any)
	if !ok {
		return false
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, name := range slices.Sorted(maps.Keys(group)) {
		item := reflect.New(into.Type().Elem()).Elem()
		decode(key+"."+name, group[name], item, problems)
		into.SetMapIndex(reflect.ValueOf(name), item)
	}
	return true
}

// decodeGroup fills a struct. It reports whether the value has the right type.
func decodeGroup(key string, value any, into reflect.Value, problems *Problems) bool {
	group, ok := value.(map[string]any)
	if !ok {
		return false
	}
	setDefaults(into)
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

// fieldsOf returns the fields of a struct by key, including those of embedded
// structs.
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

// addUnknown records a key that no field has.
func addUnknown(problems *Problems, full, key string, fields map[string]reflect.Value) {
	names, hint := slices.Sorted(maps.Keys(fields)), ""
	if best := Nearest(key, names); best != "" {
		hint = fmt.Sprintf(", did you mean %q?", best)
	}
	problems.Add(full, nil, "unknown key%s; known here: %s", hint, strings.Join(names, ", "))
}

// Nearest returns the name that was probably meant by another one, or nothing if none resembles it.
func Nearest(name string, names []string) string {
	if len(name) > longestValue { // No name is so long, and comparing takes time.
		return ""
	}
	best, distance := "", 1+len(name)/2
	for _, other := range names {
		if d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(other), nil); d < distance {
			best, distance = other, d
		}
	}
	return best
}

// isText reports whether configuration holds values of a type as text.
func isText(t reflect.Type) bool {
	return t.Kind() == reflect.String || reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// wanted describes the values that a field takes.
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
		return "a list; each item is " + wanted(t.Elem())
	case reflect.Map:
		return "a group of names; each value is " + wanted(t.Elem())
	default:
		return "a group of keys"
	}
}

// literal is text that messages show without quotes around it.
type literal string

// asJSON returns a value as it would be written in JSON.
func asJSON(value any) literal {
	text, err := json.Marshal(value)
	if err != nil {
		return literal(fmt.Sprint(value))
	}
	return literal(text)
}

package cloud

import (
	"maps"
	"reflect"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Props holds the known values of a resource as JSON has them. Absent and null
// are the same. Reading a value of another type returns the zero value.
type Props map[string]any

// Has reports whether a value is given.
func (p Props) Has(key string) bool { return p[key] != nil }

// String returns the string at key.
func (p Props) String(key string) string { s, _ := p[key].(string); return s }

// StringOr returns the string at key, or fallback if it is absent or empty.
func (p Props) StringOr(key, fallback string) string {
	if s := p.String(key); s != "" {
		return s
	}
	return fallback
}

// Bool returns the boolean at key.
func (p Props) Bool(key string) bool { b, _ := p[key].(bool); return b }

// Int returns the whole number at key.
func (p Props) Int(key string) int {
	switch n := p[key].(type) {
	case float64: // JSON has no other numbers.
		return int(n)
	case int:
		return n
	}
	return 0
}

// List returns the list at key.
func (p Props) List(key string) []any { l, _ := p[key].([]any); return l }

// Object returns the object at key.
func (p Props) Object(key string) Props { return asProps(p[key]) }

// Strings returns the strings in the list at key.
func (p Props) Strings(key string) []string {
	var out []string
	for _, v := range p.List(key) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Objects returns the objects in the list at key.
func (p Props) Objects(key string) []Props {
	var out []Props
	for _, v := range p.List(key) {
		if m := asProps(v); m != nil {
			out = append(out, m)
		}
	}
	return out
}

// StringsAt returns every string at a path such as
// "subnetMappings[].allocationId". It returns booleans as AWS's filters write
// them.
func (p Props) StringsAt(path string) []string {
	head, rest, nested := strings.Cut(path, ".")
	key, many := strings.CutSuffix(head, "[]")
	if !nested {
		return p.stringsOf(key, many)
	}
	within := []Props{p.Object(key)}
	if many {
		within = p.Objects(key)
	}
	var out []string
	for _, o := range within {
		out = append(out, o.StringsAt(rest)...)
	}
	return out
}

// stringsOf returns the strings at a key that holds one value or many.
func (p Props) stringsOf(key string, many bool) []string {
	if many {
		return p.Strings(key)
	}
	if b, ok := p[key].(bool); ok {
		return []string{strconv.FormatBool(b)}
	}
	if s := p.String(key); s != "" {
		return []string{s}
	}
	return nil
}

// Clone returns a shallow copy.
func (p Props) Clone() Props { return maps.Clone(p) }

// plain returns the properties as they are after they were written to the
// account's file and read again.
func (p Props) plain() Props {
	if p == nil {
		return nil
	}
	return Props(plain(p).(map[string]any))
}

// plain returns a value as JSON has it: ints become floats, and slices and maps
// those of JSON.
func plain(value any) any {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Int:
		return float64(v.Int())
	case reflect.Slice:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = plain(v.Index(i).Interface())
		}
		return out
	case reflect.Map:
		out := make(map[string]any, v.Len())
		for _, key := range v.MapKeys() {
			out[key.String()] = plain(v.MapIndex(key).Interface())
		}
		return out
	}
	return value
}

// asProps returns an object as Props, or nil for any other value.
func asProps(v any) Props {
	switch m := v.(type) {
	case Props:
		return m
	case map[string]any:
		return m
	}
	return nil
}

// fromEngine converts values of the Pulumi engine. It leaves out the engine's
// own keys. An archive or asset becomes its hash, because AWS shows nothing else
// of it.
func fromEngine(m resource.PropertyMap) Props {
	out := Props{}
	for k, v := range m {
		if !strings.HasPrefix(string(k), "__") && !v.IsNull() {
			out[string(k)] = fromEngineValue(v)
		}
	}
	return out
}

// fromEngineValue converts one value of the Pulumi engine.
func fromEngineValue(v resource.PropertyValue) any {
	switch {
	case v.IsArchive():
		return v.ArchiveValue().Hash
	case v.IsAsset():
		return v.AssetValue().Hash
	case v.IsSecret():
		return fromEngineValue(v.SecretValue().Element)
	case v.IsOutput():
		return fromEngineValue(v.OutputValue().Element)
	case v.IsArray():
		out := []any{}
		for _, e := range v.ArrayValue() {
			out = append(out, fromEngineValue(e))
		}
		return out
	case v.IsObject():
		return map[string]any(fromEngine(v.ObjectValue()))
	default:
		return v.Mappable()
	}
}

// toEngine converts values to those of the Pulumi engine.
func toEngine(p Props) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(p)
}

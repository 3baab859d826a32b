package cloud

import (
	"maps"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// props holds the known values of a resource as JSON has them. Absent and
// null are one; reading a value of another type gives the zero value.
type props map[string]any

func (p props) has(key string) bool     { return p[key] != nil }
func (p props) str(key string) string   { s, _ := p[key].(string); return s }
func (p props) flag(key string) bool    { b, _ := p[key].(bool); return b }
func (p props) number(key string) int   { f, _ := p[key].(float64); return int(f) } // JSON has floats only
func (p props) list(key string) []any   { l, _ := p[key].([]any); return l }
func (p props) object(key string) props { return asProps(p[key]) }
func (p props) strings(key string) []string {
	var out []string
	for _, v := range p.list(key) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func (p props) objects(key string) []props {
	var out []props
	for _, v := range p.list(key) {
		if m := asProps(v); m != nil {
			out = append(out, m)
		}
	}
	return out
}

// or gives the string at key, or fallback where there is none.
func (p props) or(key, fallback string) string {
	if s := p.str(key); s != "" {
		return s
	}
	return fallback
}

// gather gives every string at a path such as "subnetMappings[].allocationId".
// What is true or false is given as AWS's filters write it.
func (p props) gather(path string) []string {
	head, rest, nested := strings.Cut(path, ".")
	key, many := strings.CutSuffix(head, "[]")
	if !nested {
		if many {
			return p.strings(key)
		}
		if b, ok := p[key].(bool); ok {
			return []string{strconv.FormatBool(b)}
		}
		if s := p.str(key); s != "" {
			return []string{s}
		}
		return nil
	}
	within := []props{p.object(key)}
	if many {
		within = p.objects(key)
	}
	var out []string
	for _, o := range within {
		out = append(out, o.gather(rest)...)
	}
	return out
}

func (p props) clone() props { return maps.Clone(p) }

func asProps(v any) props {
	switch m := v.(type) {
	case props:
		return m
	case map[string]any:
		return m
	}
	return nil
}

// list makes a JSON list of any slice.
func list[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}

// words splits the short lists of the kinds table.
func words(s string) []string { return strings.Fields(s) }

// known turns engine values into JSON ones, leaving out the engine's own keys.
// An archive or asset becomes its hash, which is all that AWS tells of it.
func known(m resource.PropertyMap) props {
	out := props{}
	for k, v := range m {
		if !strings.HasPrefix(string(k), "__") && !v.IsNull() {
			out[string(k)] = knownValue(v)
		}
	}
	return out
}

func knownValue(v resource.PropertyValue) any {
	switch {
	case v.IsArchive():
		return v.ArchiveValue().Hash
	case v.IsAsset():
		return v.AssetValue().Hash
	case v.IsSecret():
		return knownValue(v.SecretValue().Element)
	case v.IsOutput():
		return knownValue(v.OutputValue().Element)
	case v.IsArray():
		out := []any{}
		for _, e := range v.ArrayValue() {
			out = append(out, knownValue(e))
		}
		return out
	case v.IsObject():
		return map[string]any(known(v.ObjectValue()))
	default:
		return v.Mappable()
	}
}

// engine turns JSON values into engine ones.
func engine(p props) resource.PropertyMap {
	return resource.NewPropertyMapFromMap(p)
}

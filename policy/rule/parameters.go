package rule

import (
	"fmt"
	"math"
	"net/netip"
	"regexp"
)

// Parameter is a setting of a rule.
type Parameter interface {
	Name() string
	Description() string
	// Schema returns the JSON Schema of the value, with its default.
	Schema() map[string]any
	// Parse reads a value in the shape that JSON decoding gives it. The error says
	// what the value is and what would be accepted.
	Parse(value any) (any, error)
}

// ParameterOf is a [Parameter] with values of type T.
type ParameterOf[T any] struct {
	name, description string
	fallback          T
	schema            map[string]any
	parse             func(any) (T, error)
}

// Name returns the key that sets the parameter.
func (p *ParameterOf[T]) Name() string { return p.name }

// Description returns what the parameter means, in a sentence or two.
func (p *ParameterOf[T]) Description() string { return p.description }

// Schema returns the JSON Schema of the value, with its default.
func (p *ParameterOf[T]) Schema() map[string]any { return p.schema }

// Parse reads a value in the shape that JSON decoding gives it.
func (p *ParameterOf[T]) Parse(value any) (any, error) { return p.parse(value) }

// Value returns the value that the settings of the report's rule have, or the
// default.
func (p *ParameterOf[T]) Value(r *Report) T {
	if v, set := r.settings[p.name]; set {
		return v.(T)
	}
	return p.fallback
}

// Limits are the lowest and the highest value of a whole number, both included.
type Limits struct{ Least, Most int }

// Integer returns a parameter for a whole number within limits.
func Integer(name string, fallback int, limits Limits, description string) *ParameterOf[int] {
	return &ParameterOf[int]{
		name: name, description: description, fallback: fallback,
		schema: map[string]any{
			"type": "integer", "minimum": limits.Least, "maximum": limits.Most, "default": fallback,
			"description": description,
		},
		parse: func(value any) (int, error) {
			n, isNumber := value.(float64)
			if !isNumber || n != math.Trunc(n) || n < float64(limits.Least) || n > float64(limits.Most) {
				return 0, fmt.Errorf("is %s; want a whole number from %d to %d", shown(value), limits.Least, limits.Most)
			}
			return int(n), nil
		},
	}
}

// Flag returns a parameter that is true or false. The default is false.
func Flag(name, description string) *ParameterOf[bool] {
	return &ParameterOf[bool]{
		name: name, description: description,
		schema: map[string]any{"type": "boolean", "default": false, "description": description},
		parse: func(value any) (bool, error) {
			set, isFlag := value.(bool)
			if !isFlag {
				return false, fmt.Errorf("is %s; want true or false", shown(value))
			}
			return set, nil
		},
	}
}

// Pattern returns a parameter for a regular expression. It panics if the default
// is not one.
func Pattern(name, fallback, description string) *ParameterOf[*regexp.Regexp] {
	return &ParameterOf[*regexp.Regexp]{
		name: name, description: description, fallback: regexp.MustCompile(fallback),
		schema: map[string]any{"type": "string", "default": fallback, "description": description},
		parse: func(value any) (*regexp.Regexp, error) {
			text, isText := value.(string)
			if !isText {
				return nil, fmt.Errorf("is %s; want a regular expression such as %q", shown(value), fallback)
			}
			expression, err := regexp.Compile(text)
			if err != nil {
				return nil, fmt.Errorf("is %q, which is not a regular expression (%s); want one such as %q", shown(text),
					shown(err), fallback)
			}
			return expression, nil
		},
	}
}

// Ranges returns a parameter for a list of address ranges. The default is empty.
func Ranges(name, description string) *ParameterOf[[]netip.Prefix] {
	return &ParameterOf[[]netip.Prefix]{
		name: name, description: description, schema: listSchema(description), parse: parseRanges,
	}
}

func parseRanges(value any) ([]netip.Prefix, error) {
	items, isList := value.([]any)
	if !isList {
		return nil, fmt.Errorf("is %s; want a list of ranges such as \"10.0.0.0/16\"", shown(value))
	}
	prefixes := make([]netip.Prefix, len(items))
	for i, item := range items {
		text, _ := item.(string)
		p, err := netip.ParsePrefix(text)
		if err != nil || p != p.Masked() {
			return nil, fmt.Errorf("has %s at position %d; want a range such as \"10.0.0.0/16\" or \"2001:db8::/32\"",
				shown(item), i+1)
		}
		prefixes[i] = p
	}
	return prefixes, nil
}

// Names returns a parameter for a list of names. The default is empty.
func Names(name, description string) *ParameterOf[[]string] {
	return &ParameterOf[[]string]{
		name: name, description: description, schema: listSchema(description), parse: parseNames,
	}
}

func parseNames(value any) ([]string, error) {
	items, isList := value.([]any)
	if !isList {
		return nil, fmt.Errorf("is %s; want a list of names", shown(value))
	}
	list := make([]string, len(items))
	for i, item := range items {
		name, isText := item.(string)
		if !isText || name == "" {
			return nil, fmt.Errorf("has %s at position %d; want a name", shown(item), i+1)
		}
		list[i] = name
	}
	return list, nil
}

// listSchema returns the schema of a list of texts, empty by default.
func listSchema(description string) map[string]any {
	return map[string]any{
		"type": "array", "items": map[string]any{"type": "string"}, "default": []any{}, "description": description,
	}
}

// shown returns a value as a message quotes it: only the beginning of a long one.
func shown(value any) string {
	const most = 200
	text := []rune(fmt.Sprint(value))
	if len(text) <= most {
		return string(text)
	}
	return fmt.Sprintf("%s… (%d characters)", string(text[:most]), len(text))
}

package rule

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net/netip"
	"slices"
	"strings"
)

// Settings are the values of a rule's parameters, by name, as their Parse gave them.
type Settings map[string]any

// ParseSettings reads values of the rule's parameters as JSON gives them. Its error
// names everything that is wrong with them.
func (rule *Rule) ParseSettings(given map[string]any) (Settings, error) {
	settings := Settings{}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(given)) {
		parameter := rule.parameter(name)
		if parameter == nil {
			problems = append(problems, fmt.Errorf("policy %q: %s is %v; want %s", rule.ID, name, given[name], rule.accepted()))
			continue
		}
		value, err := parameter.Parse(given[name])
		if err != nil {
			problems = append(problems, fmt.Errorf("policy %q: %s %w", rule.ID, name, err))
			continue
		}
		settings[name] = value
	}
	return settings, errors.Join(problems...)
}

func (rule *Rule) parameter(name string) Parameter {
	for _, p := range rule.AllParameters() {
		if p.Name() == name {
			return p
		}
	}
	return nil
}

// accepted says what may be configured of a rule.
func (rule *Rule) accepted() string {
	names := []string{"enforcementLevel"}
	for _, p := range rule.AllParameters() {
		names = append(names, p.Name())
	}
	return "only " + strings.Join(names, ", ")
}

// Parameter is a setting of a rule.
type Parameter interface {
	Name() string
	Description() string
	// Schema is the JSON schema of the value, with its default.
	Schema() map[string]any
	// Parse reads a value as JSON gives it. Its error says what it is and what
	// would be accepted.
	Parse(value any) (any, error)
}

// Setting is a Parameter whose value is a T.
type Setting[T any] struct {
	name, description string
	fallback          T
	schema            map[string]any
	parse             func(any) (T, error)
}

func (p *Setting[T]) Name() string                 { return p.name }
func (p *Setting[T]) Description() string          { return p.description }
func (p *Setting[T]) Schema() map[string]any       { return p.schema }
func (p *Setting[T]) Parse(value any) (any, error) { return p.parse(value) }

// Value is the value that a rule works with.
func (p *Setting[T]) Value(r *Report) T {
	if v, set := r.settings[p.name]; set {
		return v.(T)
	}
	return p.fallback
}

// WholeNumber is a parameter that counts things.
func WholeNumber(name string, fallback, least int, description string) *Setting[int] {
	return &Setting[int]{
		name: name, description: description, fallback: fallback,
		schema: map[string]any{
			"type": "integer", "minimum": least, "default": fallback, "description": description,
		},
		parse: func(value any) (int, error) {
			n, isNumber := value.(float64)
			if !isNumber || n != math.Trunc(n) || n < float64(least) {
				return 0, fmt.Errorf("is %v; want a whole number of at least %d", value, least)
			}
			return int(n), nil
		},
	}
}

// Ranges is a parameter that lists ranges of addresses. Its default is none.
func Ranges(name, description string) *Setting[[]netip.Prefix] {
	return &Setting[[]netip.Prefix]{
		name: name, description: description,
		schema: map[string]any{
			"type": "array", "items": map[string]any{"type": "string"}, "default": []any{}, "description": description,
		},
		parse: parseRanges,
	}
}

func parseRanges(value any) ([]netip.Prefix, error) {
	items, isList := value.([]any)
	if !isList {
		return nil, fmt.Errorf("is %v; want a list of ranges such as \"10.0.0.0/16\"", value)
	}
	prefixes := make([]netip.Prefix, len(items))
	for i, item := range items {
		text, _ := item.(string)
		p, err := netip.ParsePrefix(text)
		if err != nil || p != p.Masked() {
			return nil, fmt.Errorf("has %v at position %d; want a range such as \"10.0.0.0/16\" or \"2001:db8::/32\"", item, i+1)
		}
		prefixes[i] = p
	}
	return prefixes, nil
}

// Names is a parameter that lists names. Its default is none.
func Names(name, description string) *Setting[[]string] {
	return &Setting[[]string]{
		name: name, description: description,
		schema: map[string]any{
			"type": "array", "items": map[string]any{"type": "string"}, "default": []any{}, "description": description,
		},
		parse: parseNames,
	}
}

func parseNames(value any) ([]string, error) {
	items, isList := value.([]any)
	if !isList {
		return nil, fmt.Errorf("is %v; want a list of names", value)
	}
	list := make([]string, len(items))
	for i, item := range items {
		name, isText := item.(string)
		if !isText || name == "" {
			return nil, fmt.Errorf("has %v at position %d; want a name", item, i+1)
		}
		list[i] = name
	}
	return list, nil
}

// Flag is a parameter that is true or false. Its default is false.
func Flag(name, description string) *Setting[bool] {
	return &Setting[bool]{
		name: name, description: description,
		schema: map[string]any{"type": "boolean", "default": false, "description": description},
		parse: func(value any) (bool, error) {
			set, isFlag := value.(bool)
			if !isFlag {
				return false, fmt.Errorf("is %v; want true or false", value)
			}
			return set, nil
		},
	}
}

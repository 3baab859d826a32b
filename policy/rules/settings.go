package rules

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

// Settings reads values of the rule's parameters as JSON gives them. Its error
// names everything that is wrong with them.
func (rule *Rule) Settings(given map[string]any) (Settings, error) {
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
	for _, p := range rule.Settable() {
		if p.Name() == name {
			return p
		}
	}
	return nil
}

// accepted says what may be configured of a rule.
func (rule *Rule) accepted() string {
	names := []string{"enforcementLevel"}
	for _, p := range rule.Settable() {
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

// parameter is a Parameter whose value is a T.
type parameter[T any] struct {
	name, description string
	fallback          T
	schema            map[string]any
	parse             func(any) (T, error)
}

func (p *parameter[T]) Name() string                 { return p.name }
func (p *parameter[T]) Description() string          { return p.description }
func (p *parameter[T]) Schema() map[string]any       { return p.schema }
func (p *parameter[T]) Parse(value any) (any, error) { return p.parse(value) }

// of is the value that a rule works with.
func (p *parameter[T]) of(r *Report) T {
	if v, set := r.settings[p.name]; set {
		return v.(T)
	}
	return p.fallback
}

// wholeNumber is a parameter that counts things.
func wholeNumber(name string, fallback, least int, description string) *parameter[int] {
	return &parameter[int]{
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

// ranges is a parameter that lists ranges of addresses. Its default is none.
func ranges(name, description string) *parameter[[]netip.Prefix] {
	return &parameter[[]netip.Prefix]{
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

package rule

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Settings holds the values of a rule's parameters by name, as
// [Parameter.Parse] returned them.
type Settings map[string]any

// ParseSettings reads values of the rule's parameters, in the shapes that JSON
// decoding gives them. The error names every problem.
func (r *Rule) ParseSettings(given map[string]any) (Settings, error) {
	settings := Settings{}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(given)) {
		parameter := r.parameter(name)
		if parameter == nil {
			problems = append(problems,
				fmt.Errorf("policy %q: %s is %s; want %s", r.ID, shown(name), shown(given[name]), r.accepted()))
			continue
		}
		value, err := parameter.Parse(given[name])
		if err != nil {
			problems = append(problems, fmt.Errorf("policy %q: %s %w", r.ID, name, err))
			continue
		}
		settings[name] = value
	}
	return settings, errors.Join(problems...)
}

// AllParameters returns the rule's own parameters and those that every rule has.
func (r *Rule) AllParameters() []Parameter {
	return append(slices.Clip(r.Parameters), r.levels(), exceptions)
}

// parameter returns the parameter with this name, or nil.
func (r *Rule) parameter(name string) Parameter {
	for _, p := range r.AllParameters() {
		if p.Name() == name {
			return p
		}
	}
	return nil
}

// accepted returns the keys that a configuration of the rule may have, for
// messages.
func (r *Rule) accepted() string {
	names := []string{"enforcementLevel"}
	for _, p := range r.AllParameters() {
		names = append(names, p.Name())
	}
	return "only " + strings.Join(names, ", ")
}

package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// anyEndpoint is the question that is True of every endpoint.
func anyEndpoint(*model.Endpoint) model.Truth { return model.True }

// mostNames is how many endpoints a message lists.
const mostNames = 3

// endpointNames lists, for messages, the endpoints whose addresses may be
// targets of a group.
func endpointNames(s *model.Stack, tg *model.TargetGroup) string {
	var names []string
	for _, t := range s.Targets {
		if t.TargetGroup.Names(tg) == model.False {
			continue
		}
		for _, e := range t.Endpoint.Among(s.Endpoints) {
			switch {
			case slices.Contains(names, e.Name):
			case len(names) == mostNames:
				return list(names) + " and others"
			default:
				names = append(names, e.Name)
			}
		}
	}
	return list(names)
}

// list puts names into a message, each once.
func list(names []string) string {
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// unset asks whether a stack leaves a value out.
func unset[T comparable](k model.Known[T]) model.Truth {
	if k.IsUnknown() {
		return model.Maybe
	}
	return model.TruthOf(k.IsAbsent())
}

// anyOf asks whether a value is one of several.
func anyOf[T comparable](k model.Known[T], values ...T) model.Truth {
	is := model.False
	for _, v := range values {
		is = is.Or(k.Equals(v))
	}
	return is
}

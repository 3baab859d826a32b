package rule

import (
	"slices"

	"private-api-blueprints/policy/model"
)

// AnyEndpoint is the question that is True of every endpoint.
func AnyEndpoint(*model.Endpoint) model.Truth { return model.True }

// mostNames is how many endpoints a message lists.
const mostNames = 3

// EndpointNames lists, for messages, the endpoints whose addresses may be
// targets of a group.
func EndpointNames(s *model.Stack, tg *model.TargetGroup) string {
	var names []string
	for _, t := range s.Targets {
		if t.TargetGroup.Names(tg) == model.False {
			continue
		}
		for _, e := range t.Endpoint.Among(s.Endpoints) {
			switch {
			case slices.Contains(names, e.Name):
			case len(names) == mostNames:
				return List(names) + " and others"
			default:
				names = append(names, e.Name)
			}
		}
	}
	return List(names)
}

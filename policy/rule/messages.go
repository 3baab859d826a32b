package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"private-api-blueprints/policy/model"
)

// List joins names for a message, sorted and each once.
func List(names []string) string {
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// Count returns a number with its noun for messages, such as "2 zones".
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// Number returns a number for a message, or a question mark if it is not known.
func Number(k model.Known[int]) string {
	if n, known := k.Get(); known {
		return strconv.Itoa(n)
	}
	return "?"
}

// NameOr returns a name for a message, or other words if it is not known.
func NameOr[T ~string](name model.Known[T], otherwise string) string {
	if text, known := name.Get(); known {
		return string(text)
	}
	return otherwise
}

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

// FirstLoadBalancer names, for messages, a load balancer of an endpoint service
// for which a question's answer is True. The fact is what that answer means.
func FirstLoadBalancer(
	all model.Refs[model.LoadBalancer], question func(model.Ref[model.LoadBalancer]) model.Truth, fact string,
) string {
	for _, ref := range all.Items {
		if question(ref) == model.True && len(ref.Candidates) == 1 {
			return fmt.Sprintf("load balancer %s %s", ref.Candidates[0].Name, fact)
		}
	}
	return "one of its load balancers " + fact
}

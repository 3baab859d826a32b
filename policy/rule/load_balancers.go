package rule

import (
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// APIGatewayPort is the only port that API Gateway answers on.
const APIGatewayPort = 443

// AnyEndpoint is the question whose answer is True for every endpoint.
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

// IsDualstack asks whether a load balancer has IPv6 addresses. An application
// load balancer may have them without public IPv4 addresses.
func IsDualstack(lb *model.LoadBalancer) model.Truth {
	kind, known := lb.Addresses.Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(strings.HasPrefix(string(kind), "dualstack"))
}

package balancer

import (
	"private-api-blueprints/sandbox/cloud"
)

// weighted is a target group with its share of the connections or requests.
type weighted struct {
	group  *targetGroup
	weight int
}

// forward returns the target groups of an action that forwards, with their weights.
// The weight of a single group means nothing.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
func (lb *loadBalancer) forward(action cloud.Props) []weighted {
	if group := lb.group(action.String("targetGroupArn")); group != nil {
		return []weighted{{group: group, weight: 1}}
	}
	var groups []weighted
	for _, tuple := range action.Object("forward").Objects("targetGroups") {
		group, weight := lb.group(tuple.String("arn")), 1
		if tuple.Has("weight") {
			weight = tuple.Int("weight")
		}
		if group != nil {
			groups = append(groups, weighted{group: group, weight: weight})
		}
	}
	if len(groups) == 1 {
		groups[0].weight = 1
	}
	return groups
}

// choose returns the group that a number falls to, or nil if no group has a weight.
func choose(groups []weighted, number func(*targetGroup) uint64) *targetGroup {
	total := 0
	for _, w := range groups {
		total += w.weight
	}
	if total == 0 {
		return nil
	}
	at := int(number(groups[0].group) % uint64(total))
	for _, w := range groups {
		if at -= w.weight; at < 0 {
			return w.group
		}
	}
	return nil
}

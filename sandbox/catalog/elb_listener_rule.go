package catalog

import (
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const listenerRuleType = "aws:lb/listenerRule:ListenerRule"

const createRule = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html"

func listenerRuleKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   listenerRuleType,
		Replace: words("listenerArn"),
		Sets:    words("conditions"),
		Constraints: []cloud.Constraint{
			cloud.Between("priority", 1, 50000), arnAt("listenerArn"), arnAt("actions[].targetGroupArn"),
			arnAt("actions[].forward.targetGroups[].arn"),
		},
		ID: func(r *cloud.Request) string {
			return strings.Replace(r.Inputs.String("listenerArn"), ":listener/", ":listener-rule/", 1) + "/" + r.Hex(16)
		},
		NotFound:   cloud.NewRefusal("RuleNotFound", "Rule '%s' not found", createRule),
		References: map[string]string{"listenerArn": listenerType},
		BlocksDeletionOf: map[string]string{
			"actions[].targetGroupArn": targetGroupType, "actions[].forward.targetGroups[].arn": targetGroupType,
		},
		Check: cloud.InOrder(checkRuleListener, checkRulePriority, checkRuleTarget),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.Object.ID)
			r.SetDefault("priority", nextPriority(r))
			return nil
		},
		Example: cloud.Example{
			Name: "listener rule",
			Inputs: cloud.Props{
				"actions":     []any{cloud.Props{"targetGroupArn": "${http targets}", "type": "forward"}},
				"conditions":  []any{cloud.Props{"pathPattern": cloud.Props{"values": []any{"/orders/*"}}}},
				"listenerArn": "${https listener}",
				"priority":    10,
			},
		},
	}
}

// checkRuleListener refuses rules of listeners that forward connections.
func checkRuleListener(r *cloud.Request) error {
	listener := r.Find(listenerType, r.Inputs.String("listenerArn"), r.Region)
	if protocol := listener.Output("protocol"); !strings.HasPrefix(protocol, "HTTP") {
		return cloud.NewRefusal("UnsupportedOperation",
			"Rules are not supported for listeners with protocol %s", createRule).With(protocol)
	}
	return nil
}

// rulesOf returns the other rules of a rule's listener.
func rulesOf(r *cloud.Request) []*cloud.Object {
	return slices.DeleteFunc(slices.Clone(r.Others(listenerRuleType)), func(o *cloud.Object) bool {
		return o.Inputs.String("listenerArn") != r.Inputs.String("listenerArn")
	})
}

func checkRulePriority(r *cloud.Request) error {
	for _, other := range rulesOf(r) {
		if priority := other.Outputs().Int("priority"); priority == r.Inputs.Int("priority") {
			return cloud.NewRefusal("PriorityInUse", "Priority '%d' is currently in use", createRule).With(priority)
		}
	}
	return nil
}

// nextPriority returns the priority that the provider gives a rule without one: that
// after the last rule.
func nextPriority(r *cloud.Request) int {
	last := 0
	for _, other := range rulesOf(r) {
		last = max(last, other.Outputs().Int("priority"))
	}
	return last + 1
}

// checkRuleTarget refuses target groups that only another kind of load balancer serves.
func checkRuleTarget(r *cloud.Request) error {
	arns := slices.Concat(r.Inputs.StringsAt("actions[].targetGroupArn"),
		r.Inputs.StringsAt("actions[].forward.targetGroups[].arn"))
	for _, arn := range arns {
		group := r.Find(targetGroupType, arn, r.Region)
		if family := targetFamily(group.Inputs); family == "network" {
			return cloud.NewRefusal("IncompatibleProtocols",
				"The target group '%s' has protocol %s, which a listener rule cannot forward to",
				createRule).With(arn, group.Inputs.String("protocol"))
		}
	}
	return nil
}

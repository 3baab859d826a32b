package decode

import (
	"private-api-blueprints/policy/model"
)

func (b *builder) linkListenerRule(n *node) {
	rule := &model.ListenerRule{
		Element:  n.element(),
		Action:   b.action(n, "actions"),
		Listener: b.listeners.ref(n, "listenerArn"),
		Priority: n.get("priority").integer(),
		Rewrites: hasItems(n.get("transforms").list()),
	}
	conditions := n.get("conditions").list()
	rule.ConditionsComplete = !conditions.open
	for _, c := range conditions.items {
		rule.Conditions = append(rule.Conditions, readCondition(c))
	}
	b.stack.ListenerRules = append(b.stack.ListenerRules, rule)
}

// conditionKinds are the members of a condition. Exactly one of them is set.
var conditionKinds = []model.ConditionKind{
	model.ConditionHost, model.ConditionHeader, model.ConditionMethod, model.ConditionPath,
	model.ConditionQueryString, model.ConditionSourceIP,
}

// readCondition reads a condition of a rule. A condition that is newer than this
// package has an unknown kind.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
func readCondition(condition value) model.RuleCondition {
	for _, kind := range conditionKinds {
		block := condition.field(string(kind))
		switch {
		case block.absent:
			continue
		case block.hidden:
			return model.RuleCondition{Kind: model.Unknown[model.ConditionKind]()}
		case kind == model.ConditionQueryString: // Its values are objects.
			return model.RuleCondition{Kind: model.Of(kind)}
		}
		c := model.RuleCondition{
			Kind:   model.Of(kind),
			Header: block.only().field("httpHeaderName").str(),
			Values: texts[string](block.only().field("values").list()),
		}
		c.Values.Complete = c.Values.Complete && block.only().field("regexValues").absent
		return c
	}
	return model.RuleCondition{Kind: model.Unknown[model.ConditionKind]()}
}

// maxUnplacedRules limits how many rules are kept that may belong to any
// listener. More of them are kept as one rule about which nothing is known.
const maxUnplacedRules = 64

// placeRules tells each listener its rules, and the target groups to which they
// forward.
func (b *builder) placeRules() {
	var unplaced []*model.ListenerRule
	for _, rule := range b.stack.ListenerRules {
		if len(rule.Listener.Candidates) == 0 && rule.Listener.Open && rule.Listener.Value.IsUnknown() {
			unplaced = append(unplaced, rule)
			continue
		}
		for _, l := range rule.Listener.Candidates {
			l.Rules = append(l.Rules, rule)
			if rule.Listener.Names(l) == model.True {
				l.TargetGroups = union(l.TargetGroups, rule.TargetGroups)
			} else {
				l.TargetGroups = union(l.TargetGroups, maybeEach(rule.TargetGroups))
			}
		}
	}
	if len(unplaced) > maxUnplacedRules {
		unplaced = []*model.ListenerRule{unknownRule()}
	}
	var groups model.Refs[model.TargetGroup]
	for _, rule := range unplaced {
		groups = union(groups, maybeEach(rule.TargetGroups))
	}
	for _, l := range b.stack.Listeners {
		l.Rules = append(l.Rules, unplaced...)
		l.TargetGroups = union(l.TargetGroups, groups)
	}
}

// unknownRule returns a rule about which nothing is known.
func unknownRule() *model.ListenerRule {
	anything := model.UnknownRef[model.TargetGroup]()
	return &model.ListenerRule{
		Action: model.Action{
			Kind: model.Unknown[model.ActionKind](), TargetGroups: model.Refs[model.TargetGroup]{Rest: &anything},
		},
		Listener: model.UnknownRef[model.Listener](), Priority: model.Unknown[int](),
	}
}

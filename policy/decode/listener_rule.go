package decode

import (
	"strings"

	"private-api-blueprints/policy/model"
)

func (b *builder) linkListenerRule(n *node) {
	rule := &model.ListenerRule{
		Element:       n.element(),
		Action:        b.action(n, "actions"),
		Listener:      b.listeners.ref(n, "listenerArn"),
		Priority:      n.get("priority").integer(),
		ForAnyone:     model.True,
		ForEverything: model.True,
	}
	conditions := n.get("conditions").list()
	for _, c := range conditions.items {
		anyone, everything := readCondition(c)
		rule.ForAnyone, rule.ForEverything = rule.ForAnyone.And(anyone), rule.ForEverything.And(everything)
	}
	if conditions.open {
		rule.ForAnyone, rule.ForEverything = rule.ForAnyone.AtMostMaybe(), rule.ForEverything.AtMostMaybe()
	}
	b.stack.ListenerRules = append(b.stack.ListenerRules, rule)
}

// conditionBlocks are the members of a condition. Exactly one of them is set.
var conditionBlocks = []string{
	"hostHeader", "httpHeader", "httpRequestMethod", "pathPattern", "queryStrings", "sourceIp",
}

// readCondition asks whether every client can send a request that matches a
// condition, and whether every request matches it.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
func readCondition(condition value) (anyone, everything model.Truth) {
	for _, key := range conditionBlocks {
		block := condition.field(key)
		if block.absent {
			continue
		}
		if block.hidden {
			return model.Maybe, model.Maybe
		}
		values := texts[string](block.only().field("values").list())
		is := func(question func(string) bool) model.Truth {
			return values.Any(func(v string) model.Truth { return model.TruthOf(question(v)) })
		}
		all := is(func(v string) bool { return v == "*" || v == "/*" }).
			OrMaybeIf(!block.only().field("regexValues").absent)
		switch key {
		case "hostHeader":
			return model.True, all
		case "httpRequestMethod": // A method for OPTIONS answers everyone anyway.
			return is(func(v string) bool { return v != "OPTIONS" }).AtMostMaybe(), model.False
		case "pathPattern":
			return is(func(v string) bool { return strings.HasSuffix(v, "*") }).Or(model.Maybe), all
		case "sourceIp":
			open := is(func(v string) bool { return strings.HasSuffix(v, "/0") })
			return open, open.AtMostMaybe() // One of the two families may be left out.
		}
		return all.Or(model.Maybe), model.False // A header or a query string, whose value may be a secret.
	}
	return model.Maybe, model.Maybe // The condition is newer than this package.
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
		Action:   model.Action{TargetGroups: model.Refs[model.TargetGroup]{Rest: &anything}},
		Listener: model.UnknownRef[model.Listener](), Priority: model.Unknown[int](),
	}
}

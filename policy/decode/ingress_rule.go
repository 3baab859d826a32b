package decode

import "private-api-blueprints/policy/model"

// inlineRules reads the rules in a security group's own property.
func (b *builder) inlineRules(n *node) {
	inForce := isOverridden(b.ruleOverrides, elementOf(&b.securityGroups, n)).Not()
	if inForce == model.False {
		return
	}
	inline, from := n.get("ingress").list(), n.sources("ingress")
	if inline.open {
		inline.items = append(inline.items, n.get("ingress"))
	}
	for _, item := range inline.items {
		rule := newRule(n, item.path, itself(&b.securityGroups, n))
		rule.InForce = inForce
		rule.Protocol = item.field("protocol").str()
		rule.From, rule.To = item.field("fromPort").integer(), item.field("toPort").integer()
		addRanges(rule, item.field("cidrBlocks").list())
		addRanges(rule, item.field("ipv6CidrBlocks").list())
		addGroups(rule, b.securityGroups.refsIn(item.field("securityGroups").list(), "", from))
		addLists(rule, b.prefixLists.refsIn(item.field("prefixListIds").list(), "", from))
		addSelf(rule, item.field("self").boolean())
		b.stack.AddIngressRule(rule)
	}
}

// linkGroupRule reads a SecurityGroupRule, the older of the two dedicated
// resources. It may also be an egress rule.
func (b *builder) linkGroupRule(n *node) {
	direction := n.get("type").str()
	if direction.IsNot("ingress") {
		return
	}
	rule := newRule(n, "", b.securityGroups.ref(n, "securityGroupId"))
	rule.InForce = direction.Equals("ingress")
	rule.Protocol = n.get("protocol").str()
	rule.From, rule.To = n.get("fromPort").integer(), n.get("toPort").integer()
	addRanges(rule, n.get("cidrBlocks").list())
	addRanges(rule, n.get("ipv6CidrBlocks").list())
	addGroups(rule, b.securityGroups.atMostOne(n, "sourceSecurityGroupId"))
	addLists(rule, b.prefixLists.refs(n, "prefixListIds", ""))
	addSelf(rule, n.get("self").boolean())
	b.addDedicatedRule(rule)
}

// linkIngressRule reads a SecurityGroupIngressRule.
func (b *builder) linkIngressRule(n *node) {
	rule := newRule(n, "", b.securityGroups.ref(n, "securityGroupId"))
	rule.InForce = model.True
	rule.Protocol = n.get("ipProtocol").str()
	rule.From, rule.To = n.get("fromPort").integer(), n.get("toPort").integer()
	addRanges(rule, n.get("cidrIpv4").sole())
	addRanges(rule, n.get("cidrIpv6").sole())
	addGroups(rule, b.securityGroups.atMostOne(n, "referencedSecurityGroupId"))
	addLists(rule, b.prefixLists.atMostOne(n, "prefixListId"))
	addSelf(rule, n.get("self").boolean())
	b.addDedicatedRule(rule)
}

// addDedicatedRule adds a rule that overrides the group's own property.
func (b *builder) addDedicatedRule(rule *model.IngressRule) {
	b.ruleOverrides = append(b.ruleOverrides, override[model.SecurityGroup]{rule.Group, rule.InForce})
	b.stack.AddIngressRule(rule)
}

// newRule returns a rule without sources. Its path is empty if the resource is
// the rule.
func newRule(n *node, path string, group model.Ref[model.SecurityGroup]) *model.IngressRule {
	rule := &model.IngressRule{Element: n.element(), Group: group, SourcesComplete: true}
	rule.Origin = n.origin(path)
	return rule
}

// addRanges adds the ranges in a list to the sources of a rule.
func addRanges(rule *model.IngressRule, l list) {
	rule.SourcesComplete = rule.SourcesComplete && !l.open
	for _, item := range l.items {
		rule.Sources = append(rule.Sources, model.Source{Range: item.prefix()})
	}
}

// addGroups adds security groups to the sources of a rule.
func addGroups(rule *model.IngressRule, groups model.Refs[model.SecurityGroup]) {
	rule.SourcesComplete = rule.SourcesComplete && groups.Rest == nil
	for _, ref := range groups.Items {
		rule.Sources = append(rule.Sources, model.Source{Group: ref})
	}
}

// addLists adds prefix lists to the sources of a rule.
func addLists(rule *model.IngressRule, lists model.Refs[model.PrefixList]) {
	rule.SourcesComplete = rule.SourcesComplete && lists.Rest == nil
	for _, ref := range lists.Items {
		rule.Sources = append(rule.Sources, model.Source{List: ref})
	}
}

// addSelf reads the flag by which a rule admits the members of the same group.
func addSelf(rule *model.IngressRule, self model.Known[bool]) {
	switch {
	case self.Is(true):
		rule.Sources = append(rule.Sources, model.Source{Group: rule.Group})
	case self.IsUnknown():
		rule.SourcesComplete = false
	}
}

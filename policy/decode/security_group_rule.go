package decode

import "private-api-blueprints/policy/model"

// directions are the directions of rules, each with the name that the provider
// has for it. It is also the name of the property with a group's own rules.
var directions = []struct {
	model.Direction
	name string
}{{model.Inbound, "ingress"}, {model.Outbound, "egress"}}

// inlineRules reads the rules in a security group's own properties. The provider
// removes AWS's rule for all outbound traffic, so a group without egress has no
// outbound rule.
// https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/
func (b *builder) inlineRules(n *node) {
	for _, d := range directions {
		inForce := b.inlineInForce(n, d.Direction)
		if inForce == model.False {
			continue
		}
		inline := n.get(d.name).list()
		if inline.open {
			inline.items = append(inline.items, n.get(d.name))
		}
		for _, item := range inline.items {
			rule := b.inlineRule(n, d.name, item)
			rule.Direction, rule.InForce = d.Direction, inForce
			b.stack.AddSecurityGroupRule(rule)
		}
	}
}

// inlineInForce asks whether a group's own rules of a direction count. If there
// are dedicated rules, they may be old copies of those. But a program may also
// write both, although the provider advises against it. For inbound rules of a
// group that exists, copies are assumed.
func (b *builder) inlineInForce(n *node, direction model.Direction) model.Truth {
	inForce := b.ruleOverrides[direction].of(elementOf(&b.securityGroups, n)).Not()
	return inForce.OrMaybeIf(direction == model.Outbound || !n.exists())
}

// inlineRule reads an item of a security group's own property.
func (b *builder) inlineRule(n *node, key string, item value) *model.SecurityGroupRule {
	from := n.sources(key)
	rule := newRule(n, item.path, itself(&b.securityGroups, n))
	rule.Protocol = item.field("protocol").str()
	rule.From, rule.To = item.field("fromPort").integer(), item.field("toPort").integer()
	addRanges(rule, item.field("cidrBlocks").list(), model.False)
	addRanges(rule, item.field("ipv6CidrBlocks").list(), model.True)
	addGroups(rule, b.securityGroups.refsIn(item.field("securityGroups").list(), "", from))
	addLists(rule, b.prefixLists.refsIn(item.field("prefixListIds").list(), "", from))
	addSelf(rule, item.field("self").boolean())
	return rule
}

// linkGroupRule reads a SecurityGroupRule, the oldest of the dedicated resources.
// If its direction is not known, it may be a rule of either.
func (b *builder) linkGroupRule(n *node) {
	direction := n.get("type").str()
	for _, d := range directions {
		if direction.IsNot(d.name) {
			continue
		}
		rule := newRule(n, "", b.securityGroups.ref(n, "securityGroupId"))
		rule.Direction, rule.InForce = d.Direction, direction.Equals(d.name)
		rule.Protocol = n.get("protocol").str()
		rule.From, rule.To = n.get("fromPort").integer(), n.get("toPort").integer()
		addRanges(rule, n.get("cidrBlocks").list(), model.False)
		addRanges(rule, n.get("ipv6CidrBlocks").list(), model.True)
		addGroups(rule, b.securityGroups.atMostOne(n, "sourceSecurityGroupId"))
		addLists(rule, b.prefixLists.refs(n, "prefixListIds", ""))
		addSelf(rule, n.get("self").boolean())
		b.addDedicatedRule(rule)
	}
}

// linkIngressRule reads a SecurityGroupIngressRule.
func (b *builder) linkIngressRule(n *node) { b.linkRule(n, model.Inbound) }

// linkEgressRule reads a SecurityGroupEgressRule.
func (b *builder) linkEgressRule(n *node) { b.linkRule(n, model.Outbound) }

// linkRule reads a dedicated resource that is for one direction.
func (b *builder) linkRule(n *node, direction model.Direction) {
	rule := newRule(n, "", b.securityGroups.ref(n, "securityGroupId"))
	rule.Direction, rule.InForce = direction, model.True
	rule.Protocol = n.get("ipProtocol").str()
	rule.From, rule.To = n.get("fromPort").integer(), n.get("toPort").integer()
	addRanges(rule, n.get("cidrIpv4").sole(), model.False)
	addRanges(rule, n.get("cidrIpv6").sole(), model.True)
	for i := range rule.Sources {
		rule.Sources[i].Of = b.subnetOfRange(n, rule.Sources[i])
	}
	addGroups(rule, b.securityGroups.atMostOne(n, "referencedSecurityGroupId"))
	addLists(rule, b.prefixLists.atMostOne(n, "prefixListId"))
	b.addDedicatedRule(rule)
}

// subnetOfRange returns the subnet of whose range the range of a rule is made, by the
// only resource that it comes from.
func (b *builder) subnetOfRange(n *node, s model.Source) model.Ref[model.Subnet] {
	key := "cidrIpv4"
	if s.IsIPv6 == model.True {
		key = "cidrIpv6"
	}
	from := n.sources(key)
	if !s.Range.IsUnknown() || len(from) != 1 || b.subnets.byURN[from[0]] == nil {
		return model.Ref[model.Subnet]{}
	}
	return b.subnets.resolve(model.Unknown[string](), from)
}

// addDedicatedRule adds a rule that overrides the group's own property.
func (b *builder) addDedicatedRule(rule *model.SecurityGroupRule) {
	b.ruleOverrides[rule.Direction].add(rule.Group, rule.InForce)
	b.stack.AddSecurityGroupRule(rule)
}

// newRule returns a rule without sources. Its path is empty if the resource is
// the rule.
func newRule(n *node, path string, group model.Ref[model.SecurityGroup]) *model.SecurityGroupRule {
	rule := &model.SecurityGroupRule{Element: n.element(), Group: group, SourcesComplete: true}
	rule.Origin = n.origin(path)
	return rule
}

// addRanges adds the ranges in a list to the sources of a rule. The property says of
// which family they are.
func addRanges(rule *model.SecurityGroupRule, l list, ipv6 model.Truth) {
	rule.SourcesComplete = rule.SourcesComplete && !l.open
	for _, item := range l.items {
		rule.Sources = append(rule.Sources, model.Source{Range: item.prefix(), IsIPv6: ipv6})
	}
}

// addGroups adds security groups to the sources of a rule.
func addGroups(rule *model.SecurityGroupRule, groups model.Refs[model.SecurityGroup]) {
	rule.SourcesComplete = rule.SourcesComplete && groups.Rest == nil
	for _, ref := range groups.Items {
		rule.Sources = append(rule.Sources, model.Source{Group: ref})
	}
}

// addLists adds prefix lists to the sources of a rule.
func addLists(rule *model.SecurityGroupRule, lists model.Refs[model.PrefixList]) {
	rule.SourcesComplete = rule.SourcesComplete && lists.Rest == nil
	for _, ref := range lists.Items {
		rule.Sources = append(rule.Sources, model.Source{List: ref})
	}
}

// addSelf reads the flag by which a rule admits the members of the same group.
func addSelf(rule *model.SecurityGroupRule, self model.Known[bool]) {
	switch {
	case self.Is(true):
		rule.Sources = append(rule.Sources, model.Source{Group: rule.Group})
	case self.IsUnknown():
		rule.SourcesComplete = false
	}
}

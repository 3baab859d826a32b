package decode

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

var securityReaders = map[string]reader{
	"aws:ec2/securityGroup:SecurityGroup":                       {make: (*builder).makeGroup, repeat: (*builder).repeatRules},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":         {make: (*builder).makeGroup, link: (*builder).linkDefaultGroup, repeat: (*builder).repeatRules},
	"aws:ec2/securityGroupRule:SecurityGroupRule":               {link: (*builder).linkGroupRule},
	"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {link: (*builder).linkIngressRule},
	"aws:ec2/managedPrefixList:ManagedPrefixList":               {make: (*builder).makePrefixList},
	"aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry":     {link: (*builder).linkPrefixListEntry},
}

func (b *builder) makeGroup(n *node) {
	b.groups.add(n, &model.SecurityGroup{Element: n.element()})
}

// part is a resource, or an object inside one of its properties. The engine
// records dependencies for a property as a whole.
type part struct {
	*node
	property string
	object   value
}

func (p part) get(key string) value {
	if p.property == "" {
		return p.node.get(key)
	}
	return p.object.field(key)
}

func (p part) sources(key string) []resource.URN {
	if p.property == "" {
		return p.node.sources(key)
	}
	return p.node.sources(p.property)
}

// ruleKeys are the properties in which one spelling of a rule says whom it admits.
type ruleKeys struct {
	protocol      string
	ranges        []key
	groups, lists key
}

// key is a property that holds one value or many.
type key struct {
	name string
	many bool
}

func (k key) of(p part) list {
	if k.many {
		return p.get(k.name).list()
	}
	return p.get(k.name).sole()
}

var (
	inlineKeys = ruleKeys{
		protocol: "protocol",
		ranges:   []key{{"cidrBlocks", true}, {"ipv6CidrBlocks", true}},
		groups:   key{"securityGroups", true},
		lists:    key{"prefixListIds", true},
	}
	groupRuleKeys = ruleKeys{
		protocol: "protocol",
		ranges:   []key{{"cidrBlocks", true}, {"ipv6CidrBlocks", true}},
		groups:   key{"sourceSecurityGroupId", false},
		lists:    key{"prefixListIds", true},
	}
	ingressRuleKeys = ruleKeys{
		protocol: "ipProtocol",
		ranges:   []key{{"cidrIpv4", false}, {"cidrIpv6", false}},
		groups:   key{"referencedSecurityGroupId", false},
		lists:    key{"prefixListId", false},
	}
)

// repeatRules reads the rules inside a group.
func (b *builder) repeatRules(n *node) {
	inForce := owned(b.ruleOwners, elementOf(b.groups, n)).Not()
	if inForce == model.False {
		return
	}
	inline := n.get("ingress").list()
	if inline.open {
		inline.items = append(inline.items, n.get("ingress"))
	}
	for _, item := range inline.items {
		b.addRule(part{n, "ingress", item}, itself(b.groups, n), inlineKeys).InForce = inForce
	}
}

func (b *builder) linkIngressRule(n *node) {
	rule := b.addRule(part{node: n}, b.groups.ref(n, "securityGroupId"), ingressRuleKeys)
	b.ruleOwners = append(b.ruleOwners, owner[model.SecurityGroup]{rule.Group, model.True})
}

// linkGroupRule reads the older of the two standalone rules, which may be about
// the other direction.
func (b *builder) linkGroupRule(n *node) {
	direction := n.get("type").str()
	if direction.IsNot("ingress") {
		return
	}
	rule := b.addRule(part{node: n}, b.groups.ref(n, "securityGroupId"), groupRuleKeys)
	rule.InForce = direction.Equals("ingress")
	b.ruleOwners = append(b.ruleOwners, owner[model.SecurityGroup]{rule.Group, rule.InForce})
}

func (b *builder) addRule(p part, group model.Ref[model.SecurityGroup], keys ruleKeys) *model.IngressRule {
	rule := &model.IngressRule{
		Element:         p.element(),
		Group:           group,
		InForce:         model.True,
		Protocol:        p.get(keys.protocol).str(),
		From:            p.get("fromPort").integer(),
		To:              p.get("toPort").integer(),
		SourcesComplete: true,
	}
	rule.Origin = p.origin(p.object.path)
	for _, k := range keys.ranges {
		addRanges(rule, k.of(p))
	}
	addSources(rule, b.groups.refsIn(keys.groups.of(p), "", p.sources(keys.groups.name)), fromGroup)
	addSources(rule, b.prefixLists.refsIn(keys.lists.of(p), "", p.sources(keys.lists.name)), fromList)
	addSelf(rule, p.get("self").boolean())
	b.stack.AddIngressRule(rule)
	return rule
}

func addRanges(rule *model.IngressRule, l list) {
	rule.SourcesComplete = rule.SourcesComplete && !l.open
	for _, item := range l.items {
		rule.Sources = append(rule.Sources, model.Source{Range: item.prefix()})
	}
}

func addSources[T any](rule *model.IngressRule, refs model.Refs[T], source func(model.Ref[T]) model.Source) {
	rule.SourcesComplete = rule.SourcesComplete && refs.Rest == nil
	for _, ref := range refs.Items {
		rule.Sources = append(rule.Sources, source(ref))
	}
}

func fromGroup(g model.Ref[model.SecurityGroup]) model.Source { return model.Source{Group: g} }

func fromList(l model.Ref[model.PrefixList]) model.Source { return model.Source{List: l} }

// addSelf reads the flag by which a rule admits the members of its own group.
func addSelf(rule *model.IngressRule, self model.Known[bool]) {
	switch {
	case self.Is(true):
		rule.Sources = append(rule.Sources, fromGroup(rule.Group))
	case self.IsUnknown():
		rule.SourcesComplete = false
	}
}

func (b *builder) makePrefixList(n *node) {
	entries := n.get("entries").list()
	l := &model.PrefixList{Element: n.element(), Complete: !entries.open}
	for _, item := range entries.items {
		l.Ranges = append(l.Ranges, item.field("cidr").prefix())
	}
	b.prefixLists.add(n, l)
}

func (b *builder) linkPrefixListEntry(n *node) {
	list := b.prefixLists.ref(n, "prefixListId")
	for _, l := range list.Among(b.prefixLists.all) {
		if list.Names(l) == model.True {
			l.Ranges = append(l.Ranges, n.get("cidr").prefix())
		} else {
			l.Complete = false
		}
	}
}

// defaultGroup is the default group of a VPC, where the stack manages it.
type defaultGroup struct {
	of    model.Ref[model.VPC]
	group model.Ref[model.SecurityGroup]
}

func (b *builder) linkDefaultGroup(n *node) {
	b.defaultGroups = append(b.defaultGroups, defaultGroup{b.vpcs.ref(n, "vpcId"), itself(b.groups, n)})
}

// settleDefaultGroups gives the default group of its VPC to an endpoint that
// names none. Once AWS has filled that group in, it reads like one left out.
func (b *builder) settleDefaultGroups() {
	for _, e := range b.endpoints.all {
		if b.hasDefaultOnly(e) {
			e.Groups = model.Refs[model.SecurityGroup]{}
		}
		if !e.Groups.IsEmpty() {
			continue
		}
		if b.defaultMayHaveRules(e) {
			e.Groups.Items = []model.Ref[model.SecurityGroup]{{Value: model.Unknown[string](), Open: true}}
			continue
		}
		for _, d := range b.defaultGroups {
			if same := d.of.Same(e.VPC); same != model.False {
				e.Groups = join(e.Groups, d.group, same)
			}
		}
	}
}

func (b *builder) hasDefaultOnly(e *model.Endpoint) bool {
	vpc, certain := e.VPC.Sole()
	if !certain || e.Groups.Rest != nil || len(e.Groups.Items) != 1 {
		return false
	}
	id, known := b.defaultIDs[vpc].Get()
	return known && e.Groups.Items[0].Value.Is(id)
}

// defaultMayHaveRules reports that a rule of the stack may be of a default group
// that the stack does not manage.
func (b *builder) defaultMayHaveRules(e *model.Endpoint) bool {
	vpc, _ := e.VPC.Sole()
	id, known := b.defaultIDs[vpc].Get()
	return slices.ContainsFunc(b.ruleOwners, func(o owner[model.SecurityGroup]) bool {
		return o.of.Open && !(known && o.of.Value.IsNot(id))
	})
}

package decode

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// addDefaultACL adds the default network ACL of a VPC. It lets everything pass,
// unless the stack has a DefaultNetworkAcl or gives it other rules.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
func (b *builder) addDefaultACL(n *node, vpc *model.VPC) {
	acl := &model.NetworkACL{Element: n.element(), VPC: itself(&b.vpcs, n)}
	b.networkACLs.addName(acl, n.get("defaultNetworkAclId").str())
	b.networkACLs.aliasPart(n, acl)
	vpc.DefaultACL = itself(&b.networkACLs, n)
}

// usualRules are the numbers and ranges of the rules that AWS gives a default
// network ACL.
var usualRules = []struct {
	number int
	all    netip.Prefix
}{{100, netip.MustParsePrefix("0.0.0.0/0")}, {101, netip.MustParsePrefix("::/0")}}

// addUsualRules gives the rules of AWS to the default network ACLs that the stack
// does not manage but adds rules to. All others pass everything.
func (b *builder) addUsualRules() {
	for _, vpc := range b.stack.VPCs {
		acl, certain := vpc.DefaultACL.Sole()
		if !certain || acl.URN != vpc.URN {
			continue
		}
		if acl.PassesAll = b.aclOverrides.of(acl) == model.False; acl.PassesAll {
			continue
		}
		for _, direction := range directions {
			for _, usual := range usualRules {
				b.stack.AddNetworkACLRule(&model.NetworkACLRule{
					Element: acl.Element, ACL: vpc.DefaultACL, Direction: direction.Direction, InForce: model.True,
					Number: model.Of(usual.number), Allows: model.Of(true), Protocol: model.Of("-1"),
					Range: model.Of(usual.all),
				})
			}
		}
	}
}

func (b *builder) makeNetworkACL(n *node) {
	b.stack.NetworkACLs = b.networkACLs.add(n, &model.NetworkACL{Element: n.element()})
}

// aliasDefaultACL makes a DefaultNetworkAcl the default network ACL of its VPC.
// Its defaultNetworkAclId is an output of the VPC.
func (b *builder) aliasDefaultACL(n *node) {
	acl := elementOf(&b.networkACLs, n)
	for _, usual := range b.networkACLs.ref(n, "defaultNetworkAclId").Candidates {
		vpc, certain := usual.VPC.Sole()
		if usual == acl || !certain {
			continue
		}
		acl.VPC = usual.VPC
		vpc.DefaultACL = itself(&b.networkACLs, n)
		b.networkACLs.replace(usual, acl, resource.URN(usual.URN))
	}
}

// linkNetworkACL reads the VPC and the subnets of a network ACL.
func (b *builder) linkNetworkACL(n *node) {
	acl := elementOf(&b.networkACLs, n)
	acl.VPC = b.vpcOf(n, acl.VPC)
	subnets := b.subnets.refs(n, "subnetIds", "")
	if subnets.Rest != nil {
		subnets.Items = append(subnets.Items, *subnets.Rest)
	}
	for _, subnet := range subnets.Items {
		b.stack.AddACLAssociation(model.Association[model.NetworkACL]{Subnet: subnet, To: itself(&b.networkACLs, n)})
	}
}

func (b *builder) linkACLAssociation(n *node) {
	b.stack.AddACLAssociation(model.Association[model.NetworkACL]{
		Subnet: b.subnets.ref(n, "subnetId"), To: b.networkACLs.ref(n, "networkAclId"),
	})
}

// inlineACLRules reads the rules in a network ACL's own properties. If there are
// dedicated rules, they may be old copies of those.
func (b *builder) inlineACLRules(n *node) {
	overridden := b.aclOverrides.of(elementOf(&b.networkACLs, n))
	for _, direction := range directions {
		inline := n.get(direction.name).list()
		if inline.open {
			inline.items = append(inline.items, n.get(direction.name))
		}
		for _, item := range inline.items {
			rule := newACLRule(n, item.path, itself(&b.networkACLs, n), item.field)
			rule.Direction, rule.InForce = direction.Direction, overridden.Not().Or(model.Maybe)
			rule.Number = item.field("ruleNo").integer()
			rule.Allows = allows(item.field("action"))
			b.stack.AddNetworkACLRule(rule)
		}
	}
}

// linkACLRule reads a NetworkAclRule. If its direction is not known, it may be a
// rule of either.
func (b *builder) linkACLRule(n *node) {
	acl, outbound := b.networkACLs.ref(n, "networkAclId"), n.get("egress").boolean().Or(false)
	b.aclOverrides.add(acl, model.True)
	for _, direction := range directions {
		inForce := outbound.Equals(direction.Direction == model.Outbound)
		if inForce == model.False {
			continue
		}
		rule := newACLRule(n, "", acl, n.get)
		rule.Direction, rule.InForce = direction.Direction, inForce
		rule.Number = n.get("ruleNumber").integer()
		rule.Allows = allows(n.get("ruleAction"))
		b.stack.AddNetworkACLRule(rule)
	}
}

// newACLRule returns a rule with what is named alike in both places.
func newACLRule(n *node, path string, acl model.Ref[model.NetworkACL], get func(string) value) *model.NetworkACLRule {
	rule := &model.NetworkACLRule{
		Element: n.element(), ACL: acl,
		Protocol: get("protocol").str(), From: get("fromPort").integer(), To: get("toPort").integer(),
	}
	rule.Origin = n.origin(path)
	if ipv6 := get("ipv6CidrBlock"); !ipv6.absent {
		rule.Range = ipv6.prefix()
	} else {
		rule.Range = get("cidrBlock").prefix()
	}
	return rule
}

// allows reads the action of a rule.
func allows(action value) model.Known[bool] {
	text, known := action.str().Get()
	if !known {
		return model.Unknown[bool]()
	}
	return model.Of(text == "allow" || text == "ALLOW")
}

package decode

import (
	"net/netip"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeVPC(n *node) { b.addVPC(n, false) }

// makeDefaultVPC reads the VPC that AWS has created, with DNS host names on.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
func (b *builder) makeDefaultVPC(n *node) { b.addVPC(n, true) }

// addVPC reads a VPC. A default VPC has its DNS host names on.
func (b *builder) addVPC(n *node, isDefault bool) {
	vpc := &model.VPC{
		Element:      n.element(),
		DNSSupport:   n.get("enableDnsSupport").boolean().Or(true),
		DNSHostnames: n.get("enableDnsHostnames").boolean().Or(isDefault),
		Range:        n.get("cidrBlock").prefix(),
		MoreRanges:   model.List[netip.Prefix]{Complete: true},
		Range6:       range6(n),
		MoreRanges6:  model.List[netip.Prefix]{Complete: true},
	}
	// A default VPC is adopted, with the routes that it has.
	vpc.IsNew = model.TruthOf(len(n.ids()) == 0 && !isDefault)
	if vpc.IsNew == model.False {
		vpc.IsNew = model.Maybe
	}
	b.stack.VPCs = b.vpcs.add(n, vpc)
	b.addMainTable(n, vpc)
	b.addDefaultACL(n, vpc)
	put(&b.defaultGroupIDs, vpc, n.get("defaultSecurityGroupId").str())
}

// range6 reads a VPC's IPv6 range. AWS chooses it if the program asks for one without naming it.
func range6(n *node) model.Known[netip.Prefix] {
	block := n.get("ipv6CidrBlock").prefix()
	asked := n.get("assignGeneratedIpv6CidrBlock").boolean().Or(false)
	if block.IsAbsent() && (!asked.Is(false) || n.sets("ipv6IpamPoolId") != model.False) {
		return model.Unknown[netip.Prefix]()
	}
	return block
}

// aliasRange6 adds an IPv6 range to a VPC. A subnet in that range may take the VPC's ID from the association.
func (b *builder) aliasRange6(n *node) {
	vpc := b.vpcs.ref(n, "vpcId")
	if sole, certain := vpc.Sole(); certain {
		block := n.get("ipv6CidrBlock").prefix() // AWS chooses an absent one.
		sole.MoreRanges6.Items = append(sole.MoreRanges6.Items, block)
		b.vpcs.alias(n, sole)
		return
	}
	for _, v := range vpc.Among(b.stack.VPCs) {
		v.MoreRanges6.Complete = false
	}
}

// aliasRange adds a range to a VPC. A subnet in that range may take the VPC's ID
// from the association, in order to wait for it.
func (b *builder) aliasRange(n *node) {
	vpc := b.vpcs.ref(n, "vpcId")
	if sole, certain := vpc.Sole(); certain {
		sole.MoreRanges.Items = append(sole.MoreRanges.Items, n.get("cidrBlock").prefix())
		b.vpcs.alias(n, sole)
		return
	}
	for _, v := range vpc.Among(b.stack.VPCs) {
		v.MoreRanges.Complete = false
	}
}

// vpcOf returns the VPC of a route table or a network ACL. A default one does not
// name its VPC, which may be known from elsewhere.
func (b *builder) vpcOf(n *node, known model.Ref[model.VPC]) model.Ref[model.VPC] {
	vpc := b.vpcs.ref(n, "vpcId")
	switch {
	case !vpc.IsAbsent():
		return vpc
	case !known.IsAbsent():
		return known
	}
	return model.UnknownRef[model.VPC]()
}

package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeHostedZone(n *node) {
	b.stack.HostedZones = b.hostedZones.add(n, &model.HostedZone{
		Element:   n.element(),
		Domain:    n.get("name").host(),
		ListsVPCs: hasItems(n.get("vpcs").list()),
		KeepsVPCs: n.ignoresChanges("vpcs"),
	})
}

func (b *builder) linkHostedZone(n *node) {
	zone := elementOf(&b.hostedZones, n)
	zone.VPCs = union(b.vpcs.refs(n, "vpcs", "vpcId"), zone.VPCs)
}

func (b *builder) linkZoneAssociation(n *node) {
	association := &model.ZoneAssociation{
		Element: n.element(),
		Zone:    b.hostedZones.ref(n, "zoneId"),
		VPC:     b.vpcs.ref(n, "vpcId"),
	}
	b.stack.ZoneAssociations = append(b.stack.ZoneAssociations, association)
	for _, z := range association.Zone.Among(b.stack.HostedZones) {
		z.VPCs = join(z.VPCs, association.VPC, association.Zone.Names(z))
	}
}

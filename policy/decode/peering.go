package decode

import "private-api-blueprints/policy/model"

func (b *builder) makePeering(n *node) {
	b.stack.Peerings = b.peerings.add(n, &model.Peering{Element: n.element()})
}

func (b *builder) linkPeering(n *node) {
	peering := elementOf(&b.peerings, n)
	peering.Requester, peering.Accepter = b.vpcs.ref(n, "vpcId"), b.vpcs.ref(n, "peerVpcId")
}

// aliasPeering lets references to the acceptance lead to the peering connection.
func (b *builder) aliasPeering(n *node) {
	if sole, certain := b.peerings.ref(n, "vpcPeeringConnectionId").Sole(); certain {
		b.peerings.alias(n, sole)
	}
}

package decode

import "private-api-blueprints/policy/model"

func (b *builder) makePeering(n *node) {
	b.stack.Peerings = b.peerings.add(n, &model.Peering{Element: n.element(), Accepted: model.False})
}

func (b *builder) linkPeering(n *node) {
	peering := elementOf(&b.peerings, n)
	peering.Requester, peering.Accepter = b.vpcs.ref(n, "vpcId"), b.vpcs.ref(n, "peerVpcId")
	peering.Accepted = peering.Accepted.Or(isAccepted(n, peering.Accepter)) // An acceptance may be read already.
}

// Statuses of a peering connection.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
const (
	peeringActive  = "active"
	peeringPending = "pending-acceptance"
)

// isAccepted asks whether a peering connection is accepted without a VpcPeeringConnectionAccepter. The state keeps the
// status of the last refresh, so a pending connection may be accepted by now. Nobody else accepts a connection if both
// VPCs are in the stack.
func isAccepted(n *node, accepter model.Ref[model.VPC]) model.Truth {
	status, known := n.get("acceptStatus").str().Get()
	switch accepts := n.get("autoAccept").boolean().Or(false); {
	case status == peeringActive:
		return model.True
	case known && status != peeringPending:
		return model.Maybe // It is on the way, or has failed.
	case !accepts.Is(false):
		return accepts.Equals(true)
	}
	if _, certain := accepter.Sole(); certain {
		return model.False
	}
	return model.Maybe
}

// aliasPeering lets references to the acceptance lead to the peering connection.
func (b *builder) aliasPeering(n *node) {
	if sole, certain := b.peerings.ref(n, "vpcPeeringConnectionId").Sole(); certain {
		b.peerings.alias(n, sole)
	}
}

// linkPeeringAcceptance reads the acceptance of a peering connection. Without autoAccept it accepts nothing.
// https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpcpeeringconnectionaccepter/
func (b *builder) linkPeeringAcceptance(n *node) {
	peering, accepts := b.peerings.ref(n, "vpcPeeringConnectionId"), n.get("autoAccept").boolean().Or(false)
	for _, p := range peering.Among(b.stack.Peerings) {
		p.Accepted = p.Accepted.Or(peering.Names(p).And(accepts.Equals(true)))
	}
}

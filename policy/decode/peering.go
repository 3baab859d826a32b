package decode

import (
	"net/netip"

	"private-api-blueprints/policy/model"
)

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

// peeredHolder returns the one of several endpoints in other networks that
// certainly has a target's address: a route table of the target group's VPC leads
// over a peering connection to the endpoint's VPC, and none leads anywhere else. No
// two things in one VPC have the same address.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
func (b *builder) peeredHolder(t *model.Target, holders []*model.Endpoint, address string) (*model.Endpoint, bool) {
	ip, err := netip.ParseAddr(address)
	tg, certain := t.TargetGroup.Sole()
	if err != nil || !certain || !t.Zone.Is(model.AllZones) {
		return nil, false
	}
	near, certain := tg.VPC.Sole()
	if !certain || near.Has(ip) != model.False {
		return nil, false
	}
	far, leads := b.vpcOver(near, ip)
	if !leads {
		return nil, false
	}
	for _, e := range holders {
		if e.VPC.Names(far) == model.True {
			return e, true
		}
	}
	return nil, false
}

// vpcOver returns the VPC to which the route tables of another one lead for an
// address. Routes to the internet do not lead to a private address.
func (b *builder) vpcOver(near *model.VPC, ip netip.Addr) (*model.VPC, bool) {
	var found *model.VPC
	for _, table := range b.stack.RouteTables {
		if table.VPC.Names(near) != model.True {
			continue
		}
		for _, route := range b.stack.Next(table, netip.PrefixFrom(ip, ip.BitLen())).Routes {
			far, certain := route.Beyond(table.VPC).Sole()
			leaves := route != nil && leavesForInternet(route.Target)
			switch {
			case route == nil, !certain && !leaves, certain && found != nil && far != found:
				return nil, false
			case certain:
				found = far
			}
		}
	}
	return found, found != nil
}

// leavesForInternet reports whether a route leads to a gateway of the internet.
func leavesForInternet(target model.RouteTarget) bool {
	switch target {
	case model.RouteToInternetGateway, model.RouteToNATGateway, model.RouteToEgressOnlyGateway:
		return true
	}
	return false
}

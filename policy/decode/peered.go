package decode

import (
	"net/netip"

	"private-api-blueprints/policy/model"
)

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
			far := overPeering(route, near)
			leaves := route != nil && leavesForInternet(route.Target)
			switch {
			case far == nil && !leaves, far != nil && found != nil && far != found:
				return nil, false
			case far != nil:
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

// overPeering returns the VPC to which a route leads over a peering connection, or
// nil.
func overPeering(route *model.VPCRoute, near *model.VPC) *model.VPC {
	if route == nil || route.Target != model.RouteToPeering {
		return nil
	}
	peering, certain := route.Peering.Sole()
	if !certain {
		return nil
	}
	far := peering.Requester
	if peering.Requester.Names(near) == model.True {
		far = peering.Accepter
	} else if peering.Accepter.Names(near) != model.True {
		return nil
	}
	vpc, _ := far.Sole()
	return vpc
}

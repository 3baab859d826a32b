package trace

import (
	"net/netip"

	"private-api-blueprints/policy/model"
)

// toServer goes to a target that is no endpoint: a server, whose certificate and
// answers the stack does not say. It also reports whether connections to it
// certainly fail.
func (w walk) toServer(c call, g group, t *model.Target) (traces []Trace, blocked bool) {
	at := place{
		what: "server " + addressOf(t), element: t.Element, open: true, address: parsed(t.Address),
		vpc: g.TargetGroup.VPC, subnet: model.UnknownRef[model.Subnet](),
	}
	address, known := at.address.Get()
	outside := known && g.TargetGroup.VPC.Ask(func(v *model.VPC) model.Truth { return v.Has(address) }) == model.False
	switch {
	case outside:
		at.vpc = model.Ref[model.VPC]{Value: model.Unknown[string](), Open: true}
	case known:
		at.subnet = w.subnetWith(g.TargetGroup.VPC, address)
	}
	w, ends := w.letOut(c, at)
	if ends != nil {
		return ends, true
	}
	if outside {
		w, ends = w.step(w.leadFrom(c.from, func(table *model.RouteTable) lead { return w.outwards(table, at, address) }))
		if ends != nil {
			return ends, true
		}
	} else if at.subnet.IsClosed() {
		if w, ends = w.passACLs(c, at); ends != nil {
			return ends, true
		}
	}
	w = w.enter("server", model.Element{Name: addressOf(t), Origin: t.Origin})
	if c.tls && c.verifies {
		w = w.unsure(t.Origin, "the stack does not say which certificate the server has")
	}
	return w.deliver(t.Element, "target %s gets the request on %s", t.Name, textOfPort(c.port)), false
}

// subnetWith returns the subnet of a VPC that has an address.
func (w walk) subnetWith(vpc model.Ref[model.VPC], address netip.Addr) model.Ref[model.Subnet] {
	for _, s := range w.stack.Subnets {
		r, known := s.Range.Get()
		if address.Is6() {
			r, known = s.Range6.Get()
		}
		if known && r.Contains(address) && s.VPC.Same(vpc) == model.True {
			return refTo(s)
		}
	}
	return model.UnknownRef[model.Subnet]()
}

// outwards returns whether a table has a route to an address that is outside the
// VPC, wherever the route leads.
func (w walk) outwards(table *model.RouteTable, to place, address netip.Addr) lead {
	next := w.stack.Next(table, netip.PrefixFrom(address, address.BitLen()))
	var leads []lead
	for _, route := range next.Routes {
		if route == nil {
			continue
		}
		l := lead{
			arrives: model.True, by: route.Element, at: route.Origin,
			text: "route " + route.Name + " leads out of the VPC, to a " + string(route.Target),
			fix:  "add a route to " + to.says() + " to " + tableName(table),
		}
		switch route.Target {
		case model.RouteToInternetGateway, model.RouteToNATGateway, model.RouteToEgressOnlyGateway, model.RouteToVPC:
			l.arrives = model.TruthOf(!address.IsPrivate())
		case model.RouteToPeering:
			l.arrives = route.Peering.Ask(func(p *model.Peering) model.Truth { return p.Accepted })
			if route.Peering.Open {
				l.arrives = model.True
			}
		case model.RouteToUnknown:
			l.arrives = model.Maybe
		}
		leads = append(leads, l)
	}
	if next.Open {
		leads = append(leads, openTable(table))
	}
	if next.None != model.False {
		leads = append(leads, lead{
			model.False, table.Element, table.Origin, tableName(table) + " has no route to " + to.says(),
			"add a route to " + to.says() + " to " + tableName(table),
		})
	}
	return agreed(leads)
}

// toAddress goes to an address: that of a node of a load balancer, of an endpoint,
// or one outside the stack.
func (w walk) toAddress(c call, address netip.Addr) []Trace {
	c.ipv6 = address.Is6()
	text := address.String()
	for _, lb := range w.stack.LoadBalancers {
		for _, node := range nodesOf(lb) {
			public := model.False
			for _, ip := range node.ElasticIP.Candidates {
				public = public.Or(node.ElasticIP.Names(ip).And(ip.PublicIP.Equals(text)))
			}
			if node.IPv4.Is(text) || node.IPv6.Is(text) || public == model.True {
				return w.toNodes(c, lb, []model.Node{node})
			}
		}
	}
	for _, e := range w.stack.Endpoints {
		for _, a := range e.Addresses {
			if a.IP.Is(text) && c.from.vpc.Same(e.VPC) != model.False {
				return w.toInterface(c, e, a.Subnet)
			}
		}
	}
	return w.giveUp(model.Origin{}, "no element of the stack certainly has the address %s", text)
}

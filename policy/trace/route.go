package trace

import (
	"fmt"
	"net/netip"

	"private-api-blueprints/policy/model"
)

// lead is where the route table of a subnet leads.
type lead struct {
	// arrives is whether packets get to their destination.
	arrives model.Truth
	by      model.Element
	at      model.Origin
	text    string // Such as "route peer leads to VPC shared". It is what is wrong if the packets do not arrive.
	fix     string
}

// agreed returns what all of the leads say. Only one of them is real, and which one
// is not known.
func agreed(leads []lead) lead {
	if len(leads) == 0 {
		return lead{text: "the subnet is not in the stack"}
	}
	result := leads[0]
	for _, l := range leads[1:] {
		if result.arrives.Agree(l.arrives) != result.arrives {
			return lead{by: l.by, at: l.at, text: "the route is not certain"}
		}
	}
	return result
}

// step records where a route leads.
func (w walk) step(l lead) (walk, []Trace) {
	switch l.arrives {
	case model.True:
		return w.pass(l.at, "%s", l.text), nil
	case model.False:
		return w, w.stop(end{NoRoute, l.by, l.at, l.fix}, "%s", l.text)
	}
	return w.unsureConnection(l.at, "not known yet where the packets go: %s", l.text), nil
}

// routeThere asks the route table of the sender's subnet. For a client on the
// internet, the table of the destination decides.
func (w walk) routeThere(c call, to place) (walk, []Trace) {
	switch {
	case c.from.gateway || c.from.private:
		return w, nil
	case c.from.internet:
		return w.step(w.leadFrom(to, func(t *model.RouteTable) lead { return w.gatewayFor(t, to, c.from, c.ipv6) }))
	}
	return w.route(c.from, to, c.ipv6)
}

// routeBack asks the route table of the destination's subnet.
func (w walk) routeBack(c call, to place) (walk, []Trace) {
	if to.internet || c.from.internet || c.from.gateway || c.from.private {
		return w, nil
	}
	return w.route(to, c.from, c.ipv6)
}

// route asks where packets from one place to another one go.
func (w walk) route(from, to place, ipv6 bool) (walk, []Trace) {
	if to.internet {
		return w.step(w.leadFrom(from, func(t *model.RouteTable) lead { return w.exit(t, from, to, ipv6) }))
	}
	switch from.vpc.Same(to.vpc) {
	case model.True:
		return w, nil // A local route leads to all subnets of the VPC.
	case model.Maybe:
		if w.mayShareVPC(from, to) {
			return w.unsureConnection(to.element.Origin, "not known yet whether %s and %s are in one VPC", from.what,
				to.what), nil
		}
	}
	l := w.leadFrom(from, func(t *model.RouteTable) lead { return w.crossing(t, from, to, ipv6) })
	w, ends := w.step(l)
	if l.arrives == model.Maybe {
		w = w.needing(from, to, ipv6)
	}
	return w, ends
}

// mayShareVPC reports whether two places may be in one VPC because the stack does
// not say in which VPC one of them is.
func (w walk) mayShareVPC(from, to place) bool {
	return !from.vpc.IsClosed() || !to.vpc.IsClosed() || len(from.vpc.Candidates) > 1 || len(to.vpc.Candidates) > 1
}

// leadFrom asks a question about the route table of each subnet that a place may
// be in.
func (w walk) leadFrom(from place, question func(*model.RouteTable) lead) lead {
	unknown := lead{
		by: from.element, at: from.element.Origin, text: "the route table of " + from.what + " is not in the stack",
	}
	if !from.subnet.IsClosed() {
		return unknown
	}
	var leads []lead
	for _, s := range from.subnet.Candidates {
		tables := w.stack.TableOf(s)
		for _, table := range tables.Candidates {
			leads = append(leads, question(table))
		}
		if !tables.IsClosed() {
			leads = append(leads, unknown)
		}
	}
	return agreed(leads)
}

// crossing returns where a table sends packets to a place in another VPC.
func (w walk) crossing(table *model.RouteTable, from, to place, ipv6 bool) lead {
	none := lead{
		model.False, table.Element, table.Origin,
		fmt.Sprintf("%s has no route to %s", tableName(table), to.says()),
		fmt.Sprintf("add a route to %s to %s", to.says(), tableName(table)),
	}
	ranges := to.ranges(ipv6)
	if len(ranges) == 0 {
		return w.anyCrossing(table, from, to, none)
	}
	var leads []lead
	for _, r := range ranges {
		next := w.stack.Next(table, r)
		for _, route := range next.Routes {
			leads = append(leads, w.over(table, route, from, to))
		}
		if next.Open {
			leads = append(leads, openTable(table))
		}
		if next.None != model.False {
			leads = append(leads, none)
		}
	}
	return agreed(leads)
}

// openTable returns the lead of a table whose routes the stack does not show completely.
func openTable(table *model.RouteTable) lead {
	return lead{
		by: table.Element, at: table.Origin, text: tableName(table) + " may have routes that the stack does not show",
	}
}

// anyCrossing returns where a table sends packets to a place whose address is not
// known. A table that leads to nothing but known other places does not lead there.
func (w walk) anyCrossing(table *model.RouteTable, from, to place, none lead) lead {
	found := none
	for route := range w.stack.RoutesOf(table) {
		if l := w.over(table, route, from, to); l.arrives != model.False {
			found = lead{by: l.by, at: l.at, text: "the address of " + to.what + " is not known yet"}
		}
	}
	if !table.RoutesComplete && found.arrives == model.False {
		return openTable(table)
	}
	return found
}

// over returns whether a route leads from a place to another one.
func (w walk) over(table *model.RouteTable, route *model.VPCRoute, from, to place) lead {
	if route == nil {
		return lead{
			model.False, table.Element, table.Origin,
			fmt.Sprintf("the local route of %s covers %s, which is in another VPC", tableName(table), to.says()),
			"use ranges that the two VPCs do not share",
		}
	}
	l := lead{by: route.Element, at: route.Origin, fix: "let the route lead to the VPC of " + to.what}
	switch route.Target {
	case model.RouteToPeering:
		w.overPeering(&l, route, from, to)
		if l.arrives != model.False {
			l.text = fmt.Sprintf("route %s of %s leads over a peering connection to %s", route.Name, tableName(table),
				to.says())
		}
	case model.RouteToInternetGateway, model.RouteToNATGateway, model.RouteToEgressOnlyGateway, model.RouteToVPC,
		model.RouteToCarrierGateway:
		l.arrives = model.False
		l.text = fmt.Sprintf("route %s of %s sends packets for %s to a %s", route.Name, tableName(table), to.says(),
			route.Target)
		l.fix = fmt.Sprintf("add a route to %s to %s", to.says(), tableName(table))
	default:
		l.text = fmt.Sprintf("route %s of %s leads outside the stack", route.Name, tableName(table))
	}
	return l
}

// overPeering asks whether the peering connection of a route connects two places,
// and is accepted.
func (w walk) overPeering(l *lead, route *model.VPCRoute, from, to place) {
	connects := route.Peering.Ask(func(p *model.Peering) model.Truth {
		forth := p.Requester.Same(from.vpc).And(p.Accepter.Same(to.vpc))
		return forth.Or(p.Requester.Same(to.vpc).And(p.Accepter.Same(from.vpc)))
	})
	accepted := route.Peering.Ask(func(p *model.Peering) model.Truth { return p.Accepted })
	l.arrives = connects.And(accepted)
	switch {
	case connects == model.False:
		l.text = fmt.Sprintf("route %s leads over a peering connection that does not connect the VPCs", route.Name)
	case accepted == model.False:
		notAccepted(l, route)
	}
}

// notAccepted says that nobody has accepted the peering connection of a route.
func notAccepted(l *lead, route *model.VPCRoute) {
	if peering, certain := route.Peering.Sole(); certain {
		l.by, l.at = peering.Element, peering.At("autoAccept")
		l.text = fmt.Sprintf("route %s leads over peering connection %s, which nobody has accepted", route.Name,
			peering.Name)
		l.fix = "accept peering connection " + peering.Name
	}
}

// throughPeering asks whether the peering connection of a route leads from a place
// to an address. A connection or a VPC outside the stack is assumed to fit.
func (w walk) throughPeering(l *lead, route *model.VPCRoute, from, to place, address netip.Addr) {
	if route.Peering.Open {
		l.arrives = model.True
		return
	}
	has := route.Peering.Ask(func(p *model.Peering) model.Truth {
		far, connects := p.Far(from.vpc)
		if !far.IsClosed() {
			return connects
		}
		return connects.And(far.Ask(func(v *model.VPC) model.Truth { return v.Has(address) }))
	})
	accepted := route.Peering.Ask(func(p *model.Peering) model.Truth { return p.Accepted })
	l.arrives = has.And(accepted)
	if has == model.False {
		l.text = fmt.Sprintf("route %s leads over a peering connection to a VPC that does not have %s", route.Name,
			to.says())
		l.fix = "let the route lead to the VPC that has " + to.says()
	} else if accepted == model.False {
		notAccepted(l, route)
	}
}

// vpcBeyond returns the VPC in which an address is, as the route tables of a place
// see it: the place's own VPC, or the one at the other end of a peering connection.
func (w walk) vpcBeyond(from place, address netip.Addr) model.Ref[model.VPC] {
	unknown := model.UnknownRef[model.VPC]()
	if !from.subnet.IsClosed() {
		return unknown
	}
	var found *model.VPC
	for _, s := range from.subnet.Candidates {
		tables := w.stack.TableOf(s)
		if !tables.IsClosed() {
			return unknown
		}
		for _, table := range tables.Candidates {
			next := w.stack.Next(table, netip.PrefixFrom(address, address.BitLen()))
			if next.Open || next.None != model.False {
				return unknown
			}
			for _, route := range next.Routes {
				vpc, certain := route.Beyond(from.vpc).Sole()
				if !certain || found != nil && found != vpc {
					return unknown
				}
				found = vpc
			}
		}
	}
	if found == nil {
		return unknown
	}
	return refTo(found)
}

// internetRoutes returns the routes of a table for a place on the internet. Routes
// to a part of the internet say nothing about everyone.
func (w walk) internetRoutes(table *model.RouteTable, to place, ipv6 bool) model.Next {
	ranges := to.ranges(ipv6)
	if len(ranges) == 0 {
		ranges = internetPlace().ranges(ipv6)
	}
	next := w.stack.Next(table, ranges[0])
	if ranges[0].Bits() > 0 || next.None == model.True {
		return next
	}
	var all []*model.VPCRoute
	for _, route := range next.Routes {
		if route == nil {
			continue
		}
		if r, known := route.Destination.Get(); !known || r.Bits() < 2 {
			all = append(all, route)
		}
	}
	next.Routes = all
	if len(all) == 0 && !next.Open {
		next.None = model.True
	}
	return next
}

// leads asks a question about each route that packets to the internet may take.
func (w walk) leads(table *model.RouteTable, from, to place, ipv6 bool, question func(*model.VPCRoute) lead) lead {
	next := w.internetRoutes(table, to, ipv6)
	var leads []lead
	for _, route := range next.Routes {
		if route != nil {
			leads = append(leads, question(route))
		}
	}
	if next.Open {
		leads = append(leads, openTable(table))
	}
	if next.None != model.False {
		leads = append(leads, lead{
			model.False, table.Element, table.Origin,
			fmt.Sprintf("%s, which %s uses, has no route to the internet", tableName(table), from.what),
			fmt.Sprintf("add a route to an internet gateway to %s", tableName(table)),
		})
	}
	return agreed(leads)
}

// gatewayFor returns whether a table leads to an internet gateway, so that clients
// on the internet can open connections to a place and get answers.
func (w walk) gatewayFor(table *model.RouteTable, of, client place, ipv6 bool) lead {
	return w.leads(table, of, client, ipv6, func(route *model.VPCRoute) lead {
		l := lead{
			by: route.Element, at: route.Origin,
			text: fmt.Sprintf("route %s leads to an internet gateway", route.Name),
			fix:  "let the route lead to an internet gateway that is attached to the VPC",
		}
		switch route.Target {
		case model.RouteToInternetGateway:
			l.arrives = attached(route, of.vpc)
		case model.RouteToCarrierGateway:
			l.arrives = model.True
		case model.RouteToNATGateway, model.RouteToEgressOnlyGateway, model.RouteToPeering, model.RouteToTransitGateway,
			model.RouteToVPC, model.RouteToVirtualPrivateGateway:
			l.arrives = model.False
			l.text = fmt.Sprintf("route %s leads to a %s, through which nobody on the internet can open connections",
				route.Name, route.Target)
			return l
		}
		if l.arrives == model.False {
			l.text = fmt.Sprintf("route %s leads to an internet gateway that is not attached to the VPC", route.Name)
		}
		return l
	})
}

// attached asks whether the internet gateway of a route is attached to a VPC. A
// gateway outside the stack is assumed to be.
func attached(route *model.VPCRoute, vpc model.Ref[model.VPC]) model.Truth {
	if route.InternetGateway.Open {
		return model.True
	}
	return route.InternetGateway.Ask(func(g *model.InternetGateway) model.Truth {
		if g.VPC.IsAbsent() {
			return model.False
		}
		return g.VPC.Same(vpc)
	})
}

// exit returns whether a table lets a place open connections to the internet.
func (w walk) exit(table *model.RouteTable, from, to place, ipv6 bool) lead {
	return w.leads(table, from, to, ipv6, func(route *model.VPCRoute) lead {
		l := lead{
			by: route.Element, at: route.Origin,
			text: fmt.Sprintf("route %s leads to a %s", route.Name, route.Target),
			fix:  "let the route lead to an internet gateway or a NAT gateway",
		}
		switch route.Target {
		case model.RouteToInternetGateway, model.RouteToCarrierGateway:
			return w.overInternetGateway(table, from, to, ipv6, l)
		case model.RouteToEgressOnlyGateway:
			l.arrives = model.TruthOf(ipv6)
		case model.RouteToNATGateway:
			return w.overNAT(route, to, l)
		case model.RouteToPeering, model.RouteToVPC:
			l.arrives = model.False
		}
		return l
	})
}

// overInternetGateway returns whether an internet gateway leads a place to the
// internet. Over IPv4 it only leads out who has a public address.
func (w walk) overInternetGateway(table *model.RouteTable, from, to place, ipv6 bool, l lead) lead {
	if !from.hidden || ipv6 {
		leads := w.gatewayFor(table, from, to, ipv6)
		if from.mayHide && !ipv6 && leads.arrives == model.True {
			leads.arrives, leads.text = model.Maybe, from.what+" may have no public address"
		}
		return leads
	}
	l.arrives = model.False
	l.text += ", and " + from.what + " has no public address"
	l.fix = "let the route lead to a NAT gateway, or give " + from.what + " a public address"
	return l
}

// overNAT returns whether a NAT gateway leads to the internet. It needs a way from
// its own subnet.
func (w walk) overNAT(route *model.VPCRoute, to place, l lead) lead {
	gateway, certain := route.NATGateway.Sole()
	if !certain {
		if route.NATGateway.Open && len(route.NATGateway.Candidates) == 0 {
			l.arrives = model.True // A NAT gateway outside the stack is assumed to work.
		}
		return l
	}
	if gateway.Public.Is(false) {
		l.arrives, l.text = model.False, "NAT gateway "+gateway.Name+" is private, and so leads to other networks only"
		l.by, l.at, l.fix = gateway.Element, gateway.At("connectivityType"), "make NAT gateway "+gateway.Name+" public"
		return l
	}
	at := place{what: "NAT gateway " + gateway.Name, element: gateway.Element, subnet: gateway.Subnet}
	if s, sole := gateway.Subnet.Sole(); sole {
		at.vpc = s.VPC
	}
	beyond := w.leadFrom(at, func(t *model.RouteTable) lead { return w.gatewayFor(t, at, to, false) })
	if beyond.arrives != model.True {
		return beyond
	}
	l.arrives = gateway.Public.Or(true).Equals(true)
	return l
}

// toInternet leaves the VPC of the connection's sender for the internet. If that is
// not possible, it returns the traces with which the walk ends.
func (w walk) toInternet(c call) (walk, []Trace) {
	w, _, ends := w.leave(c, internetPlace())
	return w, ends
}

// leave goes from the connection's sender to a place on the internet. It returns
// the call as it arrives there: with the address of the gateway that it passed.
func (w walk) leave(c call, to place) (walk, call, []Trace) {
	if c.from.internet || c.from.gateway {
		return w, c, nil
	}
	w, ends := w.cross(c, to)
	if ends != nil {
		return w, c, ends
	}
	from := c.from
	c.from = internetPlace()
	c.from.what, c.from.everyone = from.what, false
	c.from.address = w.publicAddress(from, to, c.ipv6)
	return w, c, nil
}

// publicAddress returns the address from which the internet sees connections of a
// place: that of its NAT gateway, or for IPv6 the place's own.
func (w walk) publicAddress(from, to place, ipv6 bool) model.Known[netip.Addr] {
	if ipv6 {
		return from.address
	}
	unknown := model.Unknown[netip.Addr]()
	subnet, sole := from.subnet.Sole()
	if !sole {
		return unknown
	}
	table, certain := w.stack.TableOf(subnet).Sole()
	if !certain {
		return unknown
	}
	routes := w.internetRoutes(table, to, false).Routes
	if len(routes) != 1 || routes[0] == nil {
		return unknown
	}
	gateway, certain := routes[0].NATGateway.Sole()
	if !certain {
		return unknown
	}
	if ip, has := gateway.ElasticIP.Sole(); has {
		return parsed(ip.PublicIP)
	}
	return unknown
}

// parsed returns the address that a text is.
func parsed(text model.Known[string]) model.Known[netip.Addr] {
	s, known := text.Get()
	if !known {
		return model.Unknown[netip.Addr]()
	}
	address, err := netip.ParseAddr(s)
	if err != nil {
		return model.Unknown[netip.Addr]()
	}
	return model.Of(address)
}

// tableName returns what a route table is called in texts. The model gives a main
// table that the stack does not manage the name of its VPC.
func tableName(table *model.RouteTable) string {
	if vpc, certain := table.VPC.Sole(); certain && vpc.URN == table.URN {
		return "the main route table of " + vpc.Name
	}
	return "route table " + table.Name
}

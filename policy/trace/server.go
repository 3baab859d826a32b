package trace

import (
	"net/netip"
	"slices"

	"private-api-blueprints/policy/model"
)

// toServer goes to a target that is no endpoint: an instance, or a server outside
// the stack. It also reports whether connections to it certainly fail.
func (w walk) toServer(c call, g group, t *model.Target) (traces []Trace, blocked bool) {
	at := w.serverPlace(g, t)
	w, ends := w.letOut(c, at)
	if ends != nil {
		return ends, true
	}
	kind := "server"
	if at.internet {
		at.internet = false
		address, _ := at.address.Get()
		w, ends = w.step(w.leadFrom(c.from, func(table *model.RouteTable) lead {
			return w.outwards(table, c.from, at, address)
		}))
		w = w.pass(t.Origin, "the server is outside the stack")
	} else if w, ends = w.passACLs(c, at); ends == nil {
		w, ends = w.admit(c, at)
	}
	if ends != nil {
		return ends, true
	}
	by := t.Element
	if i, certain := t.Instance.Sole(); certain {
		kind, by = "instance", i.Element
	}
	w = w.enter(kind, by)
	if w, ends = w.understands(c, g, at); ends != nil {
		return ends, false
	}
	if c.tls && c.verifies {
		w = w.unsure(t.Origin, "the stack does not say which certificate %s has", at.what)
	}
	return w.deliver(by, "%s gets the request on port %d", at.what, c.port), false
}

// toBalancerTarget goes to an address of a load balancer, of one of its nodes. It
// also reports whether connections to it certainly fail.
func (w walk) toBalancerTarget(c call, g group, t *model.Target, lb *model.LoadBalancer) (ways []Trace, blocked bool) {
	w = w.pass(t.Origin, "target %s on port %d is an address of load balancer %s", t.Name, c.port, lb.Name)
	if g.ProxyProtocol.Is(true) && lb.Type.Is(model.LoadBalancerApplication) {
		return w.stop(end{TLSFailed, g.TargetGroup.Element, g.TargetGroup.At("proxyProtocolV2"),
			"turn proxyProtocolV2 of " + g.TargetGroup.Name + " off"},
			"target group %s sends a PROXY header, which load balancer %s does not understand", g.TargetGroup.Name,
			lb.Name), true
	}
	w = w.enter("load balancer", lb.Element)
	c.depth++
	nodes := w.nodesAt(g, t, lb)
	switch {
	case c.depth > maxDepth:
		return w.giveUp(lb.Origin, "the way passes too many load balancers and gateways"), false
	case len(nodes) == 0:
		return w.giveUp(lb.At("subnets"), "the subnets of load balancer %s are not known yet", lb.Name), false
	}
	blocked = true
	var alternatives [][]Trace
	for _, node := range nodes {
		traces, stopped := w.connectInside(c, lb, node)
		alternatives = append(alternatives, traces)
		blocked = blocked && stopped
	}
	ways = w.oneOf(t.Origin, "the node of "+lb.Name+" that has the address of "+t.Name, alternatives...)
	if len(nodes) == 1 && !blocked {
		ways = withUnused(ways, w.unreachedNode(c, lb))
	}
	return ways, blocked
}

// withUnused notes on ways to a target that the load balancer cannot reach others.
func withUnused(ways, unused []Trace) []Trace {
	for i := range ways {
		ways[i].Unused = append(ways[i].Unused, unused...)
	}
	return ways
}

// unreachedNode returns a way to a node of a load balancer that does not lead on, if
// there is certainly one. Each of its nodes is a target. Before the first deployment, all
// of them may be in the same few subnets, but in different ones.
func (w walk) unreachedNode(c call, lb *model.LoadBalancer) []Trace {
	nodes := nodesOf(lb)
	if !sharesSubnets(nodes) {
		return nil
	}
	var ways [][]Trace
	for _, s := range nodes[0].Subnet.Candidates {
		traces, _ := w.connectInside(c, lb, model.Node{Subnet: refTo(s)})
		ways = append(ways, traces)
	}
	if most := mostArriving(ways); most > 0 && most < len(nodes) {
		return w.tooFew(lb, nodes, ways, most)[:1]
	}
	return nil
}

// nodesAt returns the nodes of a load balancer that may have the address of a
// target. If the group has as many such targets as there are nodes, each target is
// another node. Which one is which does not matter if the targets do not differ.
func (w walk) nodesAt(g group, t *model.Target, lb *model.LoadBalancer) []model.Node {
	all := nodesOf(lb)
	if ip, known := parsed(t.Address).Get(); known {
		for _, node := range all {
			if s, sole := node.Subnet.Sole(); sole && spans(s, ip) {
				return []model.Node{node}
			}
		}
		return all
	}
	var same []*model.Target
	for _, other := range w.forwardings.Targets(g.TargetGroup) {
		isNode := other.AddressOf.Names(lb) == model.True
		alike := other.Zone == t.Zone && other.PortIn(g.TargetGroup) == t.PortIn(g.TargetGroup)
		if isNode && alike && other.TargetGroup.Names(g.TargetGroup) == model.True && other.Address.IsUnknown() {
			same = append(same, other)
		}
	}
	if i := slices.Index(same, t); i >= 0 && len(same) == len(all) {
		return all[i : i+1]
	}
	return all
}

// spans reports whether the range of a subnet certainly contains an address.
func spans(s *model.Subnet, ip netip.Addr) bool {
	r, known := s.Range.Get()
	if ip.Is6() {
		r, known = s.Range6.Get()
	}
	return known && r.Contains(ip)
}

// connectInside opens a connection to the private address of a node. It also reports
// whether that certainly fails.
func (w walk) connectInside(c call, lb *model.LoadBalancer, node model.Node) (traces []Trace, blocked bool) {
	at := nodePlace(lb, node, c.ipv6)
	w, ends := w.cross(c, at)
	if ends != nil {
		return ends, true
	}
	traces = w.atNode(c, balancer{lb, at, node})
	return traces, len(traces) == 1 && traces[0].Disposition == NotListening && traces[0].By.URN == lb.URN
}

// serverPlace returns the place of a target that is no endpoint. Its place is on
// the internet as long as it has an address outside the VPC of its group.
func (w walk) serverPlace(g group, t *model.Target) place {
	at := place{
		what: "server " + addressOf(t), element: t.Element, open: true, address: parsed(t.Address),
		vpc: g.TargetGroup.VPC, subnet: w.subnetOf(g, t),
	}
	if i, certain := t.Instance.Sole(); certain {
		return instancePlace(i)
	}
	if address, known := at.address.Get(); known {
		at.internet = g.TargetGroup.VPC.Ask(func(v *model.VPC) model.Truth { return v.Has(address) }) == model.False
	}
	return at
}

// instancePlace returns the place of an instance.
func instancePlace(i *model.Instance) place {
	at := place{
		what: "instance " + i.Name, element: i.Element, vpc: i.VPC(), subnet: i.Subnet, address: parsed(i.IPv4),
		groups: i.Groups, groupsAt: i.At("vpcSecurityGroupIds"), hidden: i.PublicIPv4 == model.False,
		mayHide: i.PublicIPv4 == model.Maybe,
	}
	if i.Groups.IsEmpty() {
		return at.inDefaultGroup()
	}
	return at
}

// subnetOf returns the subnet of a target.
func (w walk) subnetOf(g group, t *model.Target) model.Ref[model.Subnet] {
	if i, certain := t.Instance.Sole(); certain {
		return i.Subnet
	}
	address, known := parsed(t.Address).Get()
	if known && len(t.Endpoint.Candidates) == 0 {
		return w.subnetWith(g.TargetGroup.VPC, address)
	}
	return t.Subnet
}

// subnetWith returns the subnet of a VPC that has an address.
func (w walk) subnetWith(vpc model.Ref[model.VPC], address netip.Addr) model.Ref[model.Subnet] {
	for _, s := range w.stack.Subnets {
		if spans(s, address) && s.VPC.Same(vpc) == model.True {
			return refTo(s)
		}
	}
	return model.UnknownRef[model.Subnet]()
}

// outwards returns whether a table has a route to an address that is outside the
// VPC, wherever the route leads.
func (w walk) outwards(table *model.RouteTable, from, to place, address netip.Addr) lead {
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
			w.throughPeering(&l, route, from, to, address)
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

// toAddress goes to an address: that of a node of a load balancer, of an endpoint, of
// an instance, or one outside the stack.
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
	if i := w.instanceWith(c.from, address); i != nil {
		return w.toInstance(c, i, model.Of(address))
	}
	return w.giveUp(model.Origin{}, "no element of the stack certainly has the address %s", text)
}

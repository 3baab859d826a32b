package trace

import (
	"iter"
	"net/netip"
	"slices"
	"strconv"

	"private-api-blueprints/policy/model"
)

// group is a target group as a node of a load balancer uses it.
type group struct {
	*model.TargetGroup
	balancer
	listener *model.Listener
}

// candidate is a target that a node may use, with what happens to a request that
// goes there.
type candidate struct {
	*model.Target
	used    model.Truth // Whether the node uses it, apart from its health.
	healthy model.Truth // What the health check finds out, if the target can be reached.
	// blocked is whether something on the way certainly stops connections to the target, so it is not healthy.
	blocked bool
	traces  []Trace
}

// toGroup goes on to the targets of a group that a node may use.
func (w walk) toGroup(c call, b balancer, l *model.Listener, tg *model.TargetGroup) []Trace {
	g := group{tg, b, l}
	w = w.enter("target group", tg.Element)
	c, ends := w.backend(c, g)
	if ends != nil {
		return ends
	}
	if w, ends = w.takesVersion(c, g); ends != nil {
		return ends
	}
	var alternatives [][]Trace
	for _, subnet := range w.zonesOf(g) {
		g.node.subnet = subnet
		alternatives = append(alternatives, w.toTargets(c, g))
	}
	return w.oneOf(tg.Origin, "the zone of the node", alternatives...)
}

// zonesOf returns the subnets that a node may be in, one reference for each zone. It
// returns only one reference if the zone does not decide which targets the node
// uses, or is not known.
func (w walk) zonesOf(g group) []model.Ref[model.Subnet] {
	all := []model.Ref[model.Subnet]{g.node.subnet}
	decides := slices.ContainsFunc(slices.Collect(w.targets(g)), func(t *model.Target) bool {
		return w.usesZone(g, t) == model.Maybe
	})
	if !decides || !g.node.subnet.IsClosed() {
		return all
	}
	var zones []string
	byZone := map[string][]*model.Subnet{}
	for _, s := range g.node.subnet.Candidates {
		zone, known := s.Zone.Get()
		if !known {
			return all
		}
		if byZone[zone] == nil {
			zones = append(zones, zone)
		}
		byZone[zone] = append(byZone[zone], s)
	}
	all = nil
	for _, zone := range zones {
		all = append(all, model.Ref[model.Subnet]{Value: g.node.subnet.Value, Candidates: byZone[zone]})
	}
	return all
}

// targets ranges over the targets that a group has or may have.
func (w walk) targets(g group) iter.Seq[*model.Target] {
	return func(yield func(*model.Target) bool) {
		for _, t := range w.forwardings.Targets(g.TargetGroup) {
			if t.TargetGroup.Names(g.TargetGroup) != model.False && !yield(t) {
				return
			}
		}
	}
}

// toTargets goes on to the targets that a node may use.
func (w walk) toTargets(c call, g group) []Trace {
	var all []candidate
	elsewhere := 0
	for t := range w.targets(g) {
		used := t.TargetGroup.Names(g.TargetGroup).And(w.usesZone(g, t))
		if used == model.False {
			elsewhere++
			continue
		}
		all = append(all, w.toTarget(c, g, t, used))
	}
	if len(all) == 0 {
		return w.noTarget(g, elsewhere)
	}
	return withUnused(w.pick(g, all), w.unreachedTarget(g, all))
}

// unreachedTarget returns the end of a way to a target, if the routes of the stack
// certainly do not suffice for all targets of a group. No route is in two tables.
func (w walk) unreachedTarget(g group, all []candidate) []Trace {
	var ways [][]Trace
	for _, t := range all {
		if t.used != model.True || t.blocked || Arrives(t.traces) == model.False {
			return nil
		}
		ways = append(ways, t.traces)
	}
	if most := mostArriving(ways); most < len(all) {
		return w.stop(end{NoRoute, g.TargetGroup.Element, g.TargetGroup.Origin,
			"add a route to the table of each target's subnet"},
			"target group %s has %d targets, and the routes of the stack are for at most %d of their subnets",
			g.TargetGroup.Name, len(all), most)
	}
	return nil
}

// othersTargets ends the walk at a group whose targets are not all in the stack.
func (w walk) othersTargets(g group) []Trace {
	return w.giveUp(g.TargetGroup.Origin, "others may register targets with %s, which the stack does not show",
		g.TargetGroup.Name)
}

// noTarget ends the walk at a group that has no target for a node.
func (w walk) noTarget(g group, elsewhere int) []Trace {
	e := end{NoTarget, g.TargetGroup.Element, g.TargetGroup.Origin, "register a target with " + g.TargetGroup.Name}
	if g.HasOthers() != model.False || elsewhere == 0 && g.TargetGroup.Shared != model.False {
		return w.othersTargets(g)
	}
	if elsewhere == 0 {
		return w.stop(e, "target group %s has no targets", g.TargetGroup.Name)
	}
	e.at = g.LoadBalancer.At("enableCrossZoneLoadBalancing")
	e.fix = "turn cross-zone load balancing on, or register a target in the zone of each node"
	zone := "the node's zone"
	if s, sole := g.node.subnet.Sole(); sole {
		if name, known := s.Zone.Get(); known {
			zone = name
		}
	}
	return w.stop(e, "target group %s has no targets in %s, and nodes use no targets of other zones",
		g.TargetGroup.Name, zone)
}

// usesZone asks whether a node uses the targets in the zone of a target.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html
func (w walk) usesZone(g group, t *model.Target) model.Truth {
	cross := model.Front{LoadBalancer: g.LoadBalancer, TargetGroup: g.TargetGroup}.CrossZone()
	if g.Type.Is(model.LoadBalancerApplication) && !g.TargetGroup.CrossZone.Is(model.CrossZoneOff) {
		cross = model.True // An application load balancer cannot turn it off, only its groups can.
	}
	if cross == model.True || t.Zone.Is(model.AllZones) || g.TargetType.Is(model.TargetLambda) ||
		g.TargetType.Is(model.TargetALB) {
		return model.True
	}
	return cross.Or(sameZone(g.node.subnet, w.subnetOf(g, t)))
}

// sameZone asks whether two subnets are in one zone.
func sameZone(a, b model.Ref[model.Subnet]) model.Truth {
	if a.Same(b) == model.True {
		return model.True
	}
	return a.Ask(func(x *model.Subnet) model.Truth {
		return b.Ask(func(y *model.Subnet) model.Truth {
			if x.Zone.IsAbsent() || y.Zone.IsAbsent() {
				return model.Maybe
			}
			return x.Zone.Same(y.Zone)
		})
	})
}

// backend returns the call as a node of a load balancer sends it to the targets of a group.
func (w walk) backend(c call, g group) (call, []Trace) {
	front, known := g.listener.Protocol.Get()
	back, alsoKnown := g.TargetGroup.Protocol.Get()
	if !known || !alsoKnown && !g.TargetType.Is(model.TargetLambda) {
		return c, w.giveUp(g.TargetGroup.At("protocol"), "the protocol of target group %s is not known yet",
			g.TargetGroup.Name)
	}
	ends := front == model.ProtocolTLS || front == model.ProtocolHTTPS || front == model.ProtocolHTTP
	switch {
	case !ends && (back == model.ProtocolTLS || back == model.ProtocolHTTPS):
		return c, w.stop(end{TLSFailed, g.TargetGroup.Element, g.TargetGroup.At("protocol"),
			"set the protocol of " + g.TargetGroup.Name + " to TCP, or that of the listener to TLS"},
			"listener %s does not end TLS, and target group %s starts it again", g.listener.Name, g.TargetGroup.Name)
	case ends:
		c.tls = back == model.ProtocolTLS || back == model.ProtocolHTTPS
		c.verifies, c.sni, c.alpn = false, "", nil
	}
	return c, nil
}

// sender returns the place from which a node opens connections to a group's
// targets of one family of addresses. If the group preserves clients' addresses, the targets see the client.
// That has no effect on clients that come over PrivateLink, or by IPv6 to IPv4.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
func (g group) sender(c call, ipv6 bool) place {
	from := nodePlace(g.LoadBalancer, g.of, ipv6)
	from.subnet = g.node.subnet
	preserves := g.TargetGroup.PreservesClientIP()
	if !g.isNetwork() || c.from.private || c.from.gateway || c.ipv6 || preserves == model.False {
		return from
	}
	shown := from
	shown.what = c.from.what
	shown.groups.Items = slices.Concat(from.groups.Items, c.from.groups.Items)
	if preserves == model.True {
		shown.address, shown.everyone, shown.subnet = c.from.address, c.from.everyone, c.from.subnet
	} else {
		shown.address, shown.subnet = model.Unknown[netip.Addr](), model.UnknownRef[model.Subnet]()
	}
	from.shown = &shown
	return from
}

// toTarget goes to one target.
func (w walk) toTarget(c call, g group, t *model.Target, used model.Truth) candidate {
	found := candidate{Target: t, used: used, healthy: model.True}
	port, known := t.PortIn(g.TargetGroup).Get()
	kind, kindKnown := g.TargetType.Or(model.TargetInstance).Get()
	switch {
	case !kindKnown:
		found.traces = w.giveUp(g.TargetGroup.At("targetType"), "the type of the targets of %s is not known yet",
			g.TargetGroup.Name)
		return found
	case kind == model.TargetLambda:
		found.traces = w.toFunction(g, t)
		return found
	case !known:
		found.traces = w.giveUp(g.TargetGroup.At("port"), "the port of target %s is not known yet", t.Name)
		return found
	}
	c.port = port
	ip, _ := parsed(t.Address).Get()
	c.from, c.ipv6 = g.sender(c, ip.Is6()), ip.Is6()
	if kind == model.TargetALB {
		next := func(lb *model.LoadBalancer) []Trace { return w.toBalancer(c, lb) }
		found.traces = follow(w, t.Origin, "the application load balancer", t.LoadBalancer, next)
		return found
	}
	if lb, certain := t.AddressOf.Sole(); certain && kind == model.TargetIP {
		found.traces, found.blocked = w.toBalancerTarget(c, g, t, lb)
		return found
	}
	w.toAddressTarget(c, g, &found, kind)
	return found
}

// toAddressTarget goes to a target that is an endpoint, an instance or a server. If
// several endpoints may have its address, they are alternatives.
func (w walk) toAddressTarget(c call, g group, t *candidate, kind model.TargetType) {
	endpoint := w.endpointOf(g, t.Target)
	if e, certain := endpoint.Sole(); certain && kind == model.TargetIP {
		t.healthy = passesCheck(e, g.TargetGroup)
		t.traces, t.blocked = w.toEndpointTarget(c, g, t.Target, e)
		return
	}
	if _, certain := t.Instance.Sole(); !certain && len(endpoint.Candidates) == 0 && w.isForEndpoint(g) {
		w = w.unsure(t.Origin, "other targets of %s are addresses of an endpoint, and the stack does not say what "+
			"has %s", g.TargetGroup.Name, addressOf(t.Target))
	}
	t.traces, t.blocked = w.toServer(c, g, t.Target)
	if len(endpoint.Candidates) == 0 {
		return
	}
	alternatives := [][]Trace{}
	blocked := t.blocked || !endpoint.Open
	for _, e := range endpoint.Candidates {
		traces, stopped := w.toEndpointTarget(c, g, t.Target, e)
		alternatives = append(alternatives, traces)
		blocked = blocked && stopped
	}
	if endpoint.Open {
		alternatives = append(alternatives, t.traces)
	}
	t.traces = w.oneOf(t.Origin, "the endpoint that has the address of "+t.Name, alternatives...)
	t.blocked = blocked
}

// isForEndpoint reports whether a target of a group is certainly an address of an execute-api endpoint.
func (w walk) isForEndpoint(g group) bool {
	for t := range w.targets(g) {
		if e, certain := t.Endpoint.Sole(); certain && e.IsExecuteAPI() == model.True {
			return true
		}
	}
	return false
}

// endpointOf returns the endpoint that has the address of a target. The stack may
// not say whether something else has the address of a target outside the VPC of its
// group. The routes of the node decide in which VPC the address is, and no two
// things of one VPC have the same address.
func (w walk) endpointOf(g group, t *model.Target) model.Ref[model.Endpoint] {
	address, known := parsed(t.Address).Get()
	if _, certain := t.Endpoint.Sole(); certain || !known || len(t.Endpoint.Candidates) == 0 {
		return t.Endpoint
	}
	vpc, certain := w.vpcBeyond(g.node, address).Sole()
	if !certain {
		return t.Endpoint
	}
	there := model.Ref[model.Endpoint]{Value: t.Endpoint.Value}
	for _, e := range t.Endpoint.Candidates {
		holds := model.TruthOf(addressOfEndpoint(e, address)).Or(model.Maybe)
		switch holds.And(e.VPC.Names(vpc)) {
		case model.True:
			return refTo(e)
		case model.Maybe:
			there.Candidates, there.Open = append(there.Candidates, e), true
		}
	}
	return there
}

// addressOfEndpoint reports whether an endpoint certainly has an address.
func addressOfEndpoint(e *model.Endpoint, address netip.Addr) bool {
	return slices.ContainsFunc(e.Addresses, func(a model.Address) bool { return a.IP.Is(address.String()) })
}

// subnetIn returns the subnet in which an endpoint has the address of a target.
func subnetIn(e *model.Endpoint, t *model.Target) model.Ref[model.Subnet] {
	if text, known := t.Address.Get(); known && t.Subnet.Open {
		for _, a := range e.Addresses {
			if a.IP.Is(text) {
				return a.Subnet
			}
		}
	}
	return t.Subnet
}

// addressOf returns the address of a target for texts.
func addressOf(t *model.Target) string {
	if address, known := t.Address.Get(); known {
		return address
	}
	return "of target " + t.Name
}

// opensOnly reports whether the health checks of a group only open connections. What a connection carries, and from
// which address the clients' ones come, does not matter to such a check.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func (g group) opensOnly() bool {
	return g.HealthCheck.Protocol.Or(model.ProtocolTCP).Is(model.ProtocolTCP)
}

// toEndpointTarget goes to an address of an endpoint. It also reports whether
// connections to it certainly fail, those of health checks too.
func (w walk) toEndpointTarget(c call, g group, t *model.Target, e *model.Endpoint) (traces []Trace, blocked bool) {
	w = w.pass(t.Origin, "target %s on port %d is an address of endpoint %s", t.Name, c.port, e.Name)
	subnet := subnetIn(e, t)
	at := endpointPlace(e, subnet, parsed(t.Address))
	if g.ProxyProtocol.Is(true) {
		return w.stop(end{TLSFailed, g.TargetGroup.Element, g.TargetGroup.At("proxyProtocolV2"),
			"turn proxyProtocolV2 of " + g.TargetGroup.Name + " off"},
			"target group %s sends a PROXY header, which endpoint %s does not understand", g.TargetGroup.Name,
			e.Name), !g.opensOnly()
	}
	if c.from.shown != nil && g.PreservesClientIP() == model.True {
		return w.stop(end{NoRoute, g.TargetGroup.Element, g.TargetGroup.At("preserveClientIp"),
			"set preserveClientIp of " + g.TargetGroup.Name + " to false"},
			"target group %s preserves clients' addresses, and the endpoint's answers then do not come back",
			g.TargetGroup.Name), !g.opensOnly()
	}
	w, ends := w.cross(c, at)
	if ends != nil {
		return ends, true
	}
	w = w.enter("endpoint", e.Element)
	w = w.takesHTTP(g, e)
	w, ends = w.listens(c, e)
	if ends != nil {
		return ends, true
	}
	return w.inside(c, e, subnet), false
}

// takesHTTP checks that the endpoint gets the version of HTTP that it understands. A network load balancer does not
// translate between versions. It offers the target the one that the client speaks, and AWS does not say whether
// an execute-api endpoint agrees to HTTP/2.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
func (w walk) takesHTTP(g group, e *model.Endpoint) walk {
	if w.protocol == http2 && g.isNetwork() && g.listener.Protocol.Is(model.ProtocolTLS) &&
		e.IsExecuteAPI() == model.True {
		return w.unsureConnection(g.listener.At("alpnPolicy"), "the client speaks HTTP/2, and AWS does not say "+
			"whether the endpoint agrees to it")
	}
	return w
}

// passesCheck asks whether the health check of a group finds an execute-api address
// healthy. API Gateway answers 403 to a host that it does not know.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func passesCheck(e *model.Endpoint, tg *model.TargetGroup) model.Truth {
	if e.IsExecuteAPI() != model.True {
		return model.Maybe
	}
	check := tg.HealthCheck
	port := check.Port.Or(model.TrafficPort)
	onPort := port.Equals(model.TrafficPort).Or(port.Equals(strconv.Itoa(model.APIGatewayPort)))
	protocol, known := check.Protocol.Or(model.ProtocolTCP).Get()
	switch {
	case !known:
		return onPort.AtMostMaybe()
	case protocol == model.ProtocolTCP || protocol == model.ProtocolTLS:
		return onPort
	case protocol == model.ProtocolHTTP:
		return model.False
	}
	reserved := check.Path.Equals("/ping").Or(check.Path.Equals("/sping"))
	return onPort.And(reserved.Or(check.Accepts(403)))
}

// pick returns the ways to those targets that a node uses. A target that it cannot
// reach is not healthy, and so not used, if another one is. If no target passes
// its health check, the load balancer uses all of them.
func (w walk) pick(g group, all []candidate) []Trace {
	var sure []Trace
	var doubtful []candidate
	var healthy, failing, blocked []candidate
	for _, t := range all {
		switch {
		case t.blocked:
			blocked = append(blocked, t)
		case t.healthy == model.False:
			failing = append(failing, t)
		default:
			healthy = append(healthy, t)
		}
	}
	usable := healthy
	if len(usable) == 0 {
		usable = failing
	}
	for _, t := range usable {
		if t.used == model.True {
			sure = append(sure, t.traces...)
		} else {
			doubtful = append(doubtful, t)
		}
	}
	var ways []Trace
	switch {
	case len(usable) > 0:
		ways = w.used(g, sure, doubtful)
	case g.HasOthers() == model.False:
		return blocked[0].traces
	default:
		ways = w.othersTargets(g)
	}
	for i := range ways {
		ways[i].MayBeUnused = append(ways[i].MayBeUnused, unreached(blocked, model.Maybe)...)
	}
	return withUnused(ways, unreached(blocked, model.True))
}

// unreached returns the ways to those targets that a node cannot reach and certainly uses, or only may use.
func unreached(blocked []candidate, used model.Truth) []Trace {
	var unused []Trace
	for _, t := range blocked {
		if t.used == used {
			unused = append(unused, t.traces...)
		}
	}
	return unused
}

// used returns the ways to the targets that a node certainly uses, and to those that
// it may use. Without one of the former, it may use none.
func (w walk) used(g group, sure []Trace, doubtful []candidate) []Trace {
	at := g.TargetGroup.Origin
	var more []Trace
	for _, t := range doubtful {
		traces := t.traces
		if len(sure) == 0 {
			traces = w.doubting(traces, at, "not known yet whether the node uses target %s", t.Name)
		}
		for _, way := range traces {
			way.Alternative = true
			more = append(more, way)
		}
	}
	switch {
	case len(sure) > 0 && (len(more) == 0 || Arrives(more) == model.True):
		return append(sure, more...)
	case len(sure) > 0:
		return append(sure, w.giveUp(at, "not known yet which targets of %s the node uses", g.TargetGroup.Name)...)
	case !agree(more):
		return w.giveUp(at, "which targets of %s the node uses is not known yet, and it decides", g.TargetGroup.Name)
	}
	return more
}

// toFunction calls the function that is a target of an application load balancer.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
func (w walk) toFunction(g group, t *model.Target) []Trace {
	return follow(w, t.Origin, "the function of "+t.Name, t.Function, func(f *model.Function) []Trace {
		may := w.stack.MayInvoke(model.Invocation{
			Function: f, By: t.FunctionRef, Principal: model.PrincipalLoadBalancing,
			Source: g.TargetGroup.Element, SourceARN: g.TargetGroup.ID,
		})
		w, ends := w.require(may, check{
			end: end{IntegrationFailed, f.Element, f.Origin,
				"permit " + model.PrincipalLoadBalancing + " to invoke " + f.Name},
			passes: "a permission lets the load balancer invoke " + f.Name,
			stops:  "no permission lets the load balancer invoke " + f.Name,
		})
		if ends != nil {
			return ends
		}
		return w.enter("function", f.Element).deliver(f.Element, "function %s gets the request", f.Name)
	})
}

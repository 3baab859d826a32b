package trace

import (
	"fmt"
	"net/netip"
	"slices"

	"private-api-blueprints/policy/model"
)

// balancer is a node of a load balancer that has a connection.
type balancer struct {
	*model.LoadBalancer
	node place
	of   model.Node
}

// isNetwork reports whether it is a network load balancer.
func (b balancer) isNetwork() bool { return b.Type.Is(model.LoadBalancerNetwork) }

// toBalancer goes to all nodes of a load balancer, as a client does that has
// resolved its name.
func (w walk) toBalancer(c call, lb *model.LoadBalancer) []Trace {
	return w.toNodes(c, lb, nodesOf(lb))
}

// toNode goes to the node of a load balancer in one subnet.
func (w walk) toNode(c call, lb *model.LoadBalancer, subnet *model.Subnet) []Trace {
	for _, node := range nodesOf(lb) {
		if node.Subnet.Names(subnet) == model.True {
			return w.toNodes(c, lb, []model.Node{node})
		}
	}
	return w.toNodes(c, lb, []model.Node{{Subnet: refTo(subnet)}})
}

// toNodes goes to some nodes of a load balancer. Each is a separate way.
func (w walk) toNodes(c call, lb *model.LoadBalancer, nodes []model.Node) []Trace {
	w = w.enter("load balancer", lb.Element)
	c.depth++
	switch {
	case c.depth > maxDepth:
		return w.giveUp(lb.Origin, "the way passes too many load balancers and gateways")
	case lb.Type.IsUnknown() || lb.Type.Is(model.LoadBalancerGateway):
		return w.giveUp(lb.At("loadBalancerType"), "gateway load balancers are not walked")
	case len(nodes) == 0:
		return w.giveUp(lb.At("subnets"), "the subnets of load balancer %s are not known yet", lb.Name)
	}
	if c.ipv6 {
		var ends []Trace
		w, ends = w.require(lb.IsDualstack(), check{
			end: end{NameNotResolved, lb.Element, lb.At("ipAddressType"),
				"set ipAddressType of " + lb.Name + " to dualstack"},
			passes: "the load balancer has IPv6 addresses",
			stops:  "load balancer " + lb.Name + " has no IPv6 addresses",
		})
		if ends != nil {
			return ends
		}
	}
	return w.spread(lb, nodes, func(w walk, node model.Node) []Trace { return w.connect(c, lb, node) })
}

// nodesOf returns the nodes of a load balancer: one in each of its subnets.
func nodesOf(lb *model.LoadBalancer) []model.Node {
	subnets := slices.Clone(lb.Subnets.Items)
	if lb.Subnets.Rest != nil {
		subnets = append(subnets, *lb.Subnets.Rest)
	}
	var nodes []model.Node
	for i, subnet := range subnets {
		node := model.Node{Subnet: subnet}
		for j, n := range lb.Nodes {
			if n.Subnet.Same(subnet) == model.True || i == j && len(lb.Nodes) == len(subnets) && lb.NodesComplete {
				node = n
				node.Subnet = subnet
				break
			}
		}
		nodes = append(nodes, node)
	}
	return nodes
}

// vpcOf returns the VPC of a subnet.
func vpcOf(subnet model.Ref[model.Subnet]) model.Ref[model.VPC] {
	if !subnet.IsClosed() {
		return model.UnknownRef[model.VPC]()
	}
	vpc := subnet.Candidates[0].VPC
	for _, s := range subnet.Candidates[1:] {
		if s.VPC.Same(vpc) != model.True {
			return model.UnknownRef[model.VPC]()
		}
	}
	return vpc
}

// nodePlace returns the place of a node of a load balancer in its VPC.
func nodePlace(lb *model.LoadBalancer, node model.Node, ipv6 bool) place {
	p := place{
		what: "load balancer " + lb.Name, element: lb.Element, subnet: node.Subnet, vpc: vpcOf(node.Subnet),
		groups: lb.Groups, groupsAt: lb.At("securityGroups"), address: model.Unknown[netip.Addr](),
	}
	switch {
	case ipv6 && !node.IPv6.IsAbsent():
		p.address = parsed(node.IPv6)
	case !ipv6 && !node.IPv4.IsAbsent():
		p.address = parsed(node.IPv4)
	}
	if lb.Groups.IsEmpty() {
		p.open = lb.IsNetwork() == model.True
		if !p.open { // An application load balancer has the VPC's default group then.
			p = p.inDefaultGroup()
		}
	}
	return p
}

// connect opens a connection to a node.
func (w walk) connect(c call, lb *model.LoadBalancer, node model.Node) []Trace {
	at := nodePlace(lb, node, c.ipv6)
	if s, sole := node.Subnet.Sole(); sole {
		w = w.pass(lb.At("subnets"), "the client takes the address of the node in subnet %s%s", s.Name, addressText(at))
	}
	w, c, ends := w.nearNode(c, lb, node, at)
	if ends != nil {
		return ends
	}
	if w, ends = w.cross(c, at); ends != nil {
		return ends
	}
	return w.atNode(c, balancer{lb, at, node})
}

// addressText returns the address of a place in brackets, if it is known.
func addressText(p place) string {
	if address, known := p.address.Get(); known {
		return " (" + address.String() + ")"
	}
	return ""
}

// nearNode goes out to the internet if the address of a node is a public one. An
// internal load balancer has none, and lets no packets of an internet gateway in.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
func (w walk) nearNode(c call, lb *model.LoadBalancer, node model.Node, at place) (walk, call, []Trace) {
	if c.from.internet {
		w, ends := w.require(lb.Internal.Equals(true).Not(), check{
			end: end{NoRoute, lb.Element, lb.At("internal"), "call from inside its network, or set internal of " +
				lb.Name + " to false"},
			passes: "the load balancer faces the internet",
			stops:  "load balancer " + lb.Name + " is internal: it has no public address",
		})
		return w, c, ends
	}
	local := c.ipv6 && c.from.vpc.Same(at.vpc) != model.False
	if !lb.Internal.Is(false) || local || c.from.private || c.depth > 1 { // Load balancers use private addresses.
		return w, c, nil
	}
	public := place{
		what: at.what, element: at.element, internet: true, open: true, address: model.Unknown[netip.Addr](),
	}
	if ip, has := node.ElasticIP.Sole(); has && !c.ipv6 {
		public.address = parsed(ip.PublicIP)
	}
	return w.leave(c, public)
}

// atNode finds the listener for the port of a connection.
func (w walk) atNode(c call, b balancer) []Trace {
	var found []*model.Listener
	sure := false
	for _, l := range w.forwardings.Listeners(b.LoadBalancer) {
		switch l.LoadBalancer.Names(b.LoadBalancer).And(l.Port.Equals(c.port)).And(takesTCP(l)) {
		case model.True:
			found, sure = []*model.Listener{l}, true
		case model.Maybe:
			if !sure {
				found = append(found, l)
			}
		}
		if sure {
			break
		}
	}
	fix := fmt.Sprintf("add a listener for port %d to %s", c.port, b.Name)
	nothing := w.stop(end{NotListening, b.Element, b.Origin, fix},
		"load balancer %s has no listener on port %d", b.Name, c.port)
	if len(found) == 0 {
		return nothing
	}
	var alternatives [][]Trace
	for _, l := range found {
		alternatives = append(alternatives, w.atListener(c, b, l))
	}
	if !sure {
		alternatives = append(alternatives, nothing)
	}
	return w.oneOf(b.Origin, fmt.Sprintf("the listener on port %d", c.port), alternatives...)
}

// takesTCP asks whether a listener takes TCP connections.
func takesTCP(l *model.Listener) model.Truth {
	protocol, known := l.Protocol.Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(protocol != model.ProtocolUDP && protocol != "QUIC" && protocol != "GENEVE")
}

// atListener takes a connection. A TCP listener hands TLS on to the targets.
func (w walk) atListener(c call, b balancer, l *model.Listener) []Trace {
	w = w.pass(l.At("port"), "listener %s takes port %d", l.Name, c.port)
	protocol, known := l.Protocol.Get()
	if !known {
		return w.giveUp(l.At("protocol"), "the protocol of listener %s is not known yet", l.Name)
	}
	var ends []Trace
	switch protocol {
	case model.ProtocolTLS, model.ProtocolHTTPS:
		if w, ends = w.endTLS(c, l); ends != nil {
			return ends
		}
	case model.ProtocolHTTP:
		if c.tls {
			return w.stop(end{TLSFailed, l.Element, l.At("protocol"), "ask for an http URL, or let listener " + l.Name +
				" speak HTTPS"}, "listener %s speaks plain HTTP, and the client starts TLS", l.Name)
		}
		w.protocol = http1
	}
	if l.MutualTLS.Is(model.MutualTLSVerify) {
		return w.stop(end{TLSFailed, l.Element, l.At("mutualAuthentication"), "send a client certificate"},
			"listener %s wants a certificate of the client", l.Name)
	}
	return w.choose(c, b, l)
}

// forward sends a connection or a request to the target groups of an action. Each
// of them is a separate way.
func (w walk) forward(c call, b balancer, l *model.Listener, action model.Action, at model.Origin) []Trace {
	kind, known := action.Kind.Get()
	groups := action.Receivers()
	switch {
	case known && kind != model.ActionForward:
		return w.stop(end{AnsweredByBalancer, l.Element, at, "let the action forward to a target group"},
			"the load balancer itself answers with a %s", kind)
	case groups.IsEmpty() && !action.TargetGroups.IsEmpty():
		return w.stop(end{NoTarget, l.Element, at, "give a target group a weight above 0"},
			"all target groups of the action have the weight 0")
	case groups.IsEmpty():
		return w.giveUp(at, "not known yet what listener %s does with the request", l.Name)
	case action.Authenticates != model.False:
		w = w.unsure(at, "the load balancer may ask who the client is")
	}
	var all []Trace
	for _, ref := range groups.Items {
		all = append(all, follow(w, at, "the target group", ref, func(tg *model.TargetGroup) []Trace {
			return w.toGroup(c, b, l, tg)
		})...)
	}
	if groups.Rest != nil {
		all = append(all, w.giveUp(at, "not all target groups of listener %s are known yet", l.Name)...)
	}
	return all
}

// fromLink goes to a network load balancer over a VPC link V1, as API Gateway does.
// Each node of it is a way.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
func (w walk) fromLink(c call, lb *model.LoadBalancer) []Trace {
	c.from = place{what: "API Gateway", gateway: true, private: true, open: true}
	return w.overPrivateLink(c, lb, nodesOf(lb))
}

// overPrivateLink goes to nodes of a network load balancer through PrivateLink.
func (w walk) overPrivateLink(c call, lb *model.LoadBalancer, nodes []model.Node) []Trace {
	w = w.enter("load balancer", lb.Element)
	c.depth++
	switch {
	case c.depth > maxDepth:
		return w.giveUp(lb.Origin, "the way passes too many load balancers and gateways")
	case lb.IsNetwork() == model.False:
		return w.stop(end{IntegrationFailed, lb.Element, lb.At("loadBalancerType"), "use a network load balancer"},
			"load balancer %s is no network load balancer, and PrivateLink leads to no other", lb.Name)
	case len(nodes) == 0:
		return w.giveUp(lb.At("subnets"), "the subnets of load balancer %s are not known yet", lb.Name)
	}
	w, ends := w.admitPrivate(c, lb)
	if ends != nil {
		return ends
	}
	return w.spread(lb, nodes, func(w walk, node model.Node) []Trace {
		if s, sole := node.Subnet.Sole(); sole {
			w = w.pass(lb.At("subnets"), "PrivateLink leads to the node in subnet %s", s.Name)
		}
		return w.atNode(c, balancer{lb, nodePlace(lb, node, false), node})
	})
}

// admitPrivate asks the security groups of a load balancer about connections that
// come over PrivateLink. Those of an endpoint have the client's private address.
// Those of a VPC link have addresses of AWS.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
func (w walk) admitPrivate(c call, lb *model.LoadBalancer) (walk, []Trace) {
	const property = "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
	at := lb.At(property)
	if lb.Groups.IsEmpty() {
		return w, nil
	}
	enforced := lb.PrivateLinkRules.Or(model.PrivateLinkRulesOn).Equals(model.PrivateLinkRulesOn)
	if enforced == model.False {
		return w.pass(at, "the security groups of %s do not apply to PrivateLink", lb.Name), nil
	}
	question := c.from.isIn(false)
	if c.from.gateway {
		question = w.isAmazons(lb)
	}
	admits := w.stack.Admits(lb.Groups, c.port, question)
	return w.require(enforced.Not().Or(admits), check{
		end: end{DeniedBySecurityGroup, lb.Element, at, "set " + property + " of " + lb.Name +
			" to off, or admit the clients of PrivateLink"},
		passes: fmt.Sprintf("the security groups of %s admit %s over PrivateLink", lb.Name, c.from.says()),
		stops: fmt.Sprintf("the security groups of %s apply to PrivateLink and do not admit %s on port %d",
			lb.Name, c.from.says(), c.port),
	})
}

// isAmazons returns the question whether a source has the addresses with which a
// VPC link comes. They are not in the load balancer's VPC, and otherwise unknown.
func (w walk) isAmazons(lb *model.LoadBalancer) func(model.Source) model.Truth {
	return func(s model.Source) model.Truth {
		return s.AnyRange(func(r netip.Prefix) model.Truth {
			if r.Bits() == 0 {
				return model.True
			}
			near := lb.Subnets.Any(func(subnet model.Ref[model.Subnet]) model.Truth {
				return w.stack.VPCSpans(vpcOf(subnet), r)
			})
			return near.Not().AtMostMaybe()
		})
	}
}

package rules

import (
	"net/netip"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerNetworkACLs = &rule.Rule{
	ID:    "load-balancer-network-acls",
	Title: "The network ACLs let clients reach a load balancer, let it reach its endpoint, and let the answers pass",
	Why: `A network ACL keeps no state. A connection needs an inbound rule for the port that it is
opened to, and an outbound rule for the port that it comes from: one of 1024-65535. Between
two subnets both network ACLs must let both directions pass. A new network ACL stops
everything, and the rule with the lowest number decides. Connections time out, and only flow
logs say why.`,
	Fix: `In the network ACL of the load balancer's subnets, allow inbound the listener's port from
the clients and 1024-65535 from the targets, and outbound 1024-65535 to the clients and the
targets' port to the targets. In the network ACL of the endpoint's subnets, allow 443 from
the load balancer's subnets, and outbound 1024-65535 back to them.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html",
	},
	Tags:    []string{"network-load-balancer", "vpc", "network-acl"},
	Defects: []*rule.Defect{aclBlocksClients, aclBlocksEndpoint},
	Check:   checkLoadBalancerNetworkACLs,
}

var aclBlocksClients = &rule.Defect{
	ID: "blocks-clients", Outcome: rule.Broken,
	Summary: "A network ACL stops the clients of an internet-facing load balancer, or the answers to them.",
	Effect:  "Clients that get the address in that subnet from DNS see their connections time out.",
}

var aclBlocksEndpoint = &rule.Defect{
	ID: "blocks-endpoint", Outcome: rule.Broken,
	Summary: "A network ACL stops a load balancer's connections to the endpoint behind it, or the answers.",
	Effect:  "The endpoint's addresses are unhealthy targets. Clients see their connections time out.",
}

func checkLoadBalancerNetworkACLs(s *model.Stack, r *rule.Report) {
	if !s.HasACLs() {
		return
	}
	forwardings, fronts := s.Forwardings(), frontsByBalancer(s)
	for _, lb := range s.LoadBalancers {
		p := passage{s, lb}
		faults := p.blockedClients(forwardings)
		for _, front := range fronts[lb] {
			faults = append(faults, p.blockedEndpoint(front)...)
		}
		if len(faults) > 0 {
			r.Judge(lb.Origin, faults...)
		}
	}
}

// passage is what the network ACLs do to the connections of a load balancer.
type passage struct {
	stack    *model.Stack
	balancer *model.LoadBalancer
}

// hop is the passage of a network ACL: packets of one direction to some ports.
type hop struct {
	subnet    model.Ref[model.Subnet]
	direction model.Direction
	ports     ports
	peers     []netip.Prefix
}

// ports are the ports of packets. If they are not exact, the packets go to one of
// them.
type ports struct {
	model.Ports
	exact bool
}

// portsOf returns a port, or all ports if it is not known.
func portsOf(port model.Known[int]) ports {
	if number, known := port.Get(); known {
		return ports{model.Port(number), true}
	}
	return ports{model.AllPorts, false}
}

// ephemeral are the ports that answers go to.
var ephemeral = ports{model.EphemeralPorts, true}

// stops asks whether the network ACL of the hop's subnet stops all of its packets.
func (p passage) stops(h hop) model.Truth {
	if len(h.peers) == 0 {
		return model.Maybe
	}
	stops := h.subnet.Ask(func(subnet *model.Subnet) model.Truth {
		return p.stack.ACLOf(subnet).Ask(func(acl *model.NetworkACL) model.Truth {
			return p.stack.Blocks(acl, h.direction, h.ports.Ports, h.peers...)
		})
	})
	return stops.OrMaybeIf(!h.ports.exact)
}

// The ranges of all addresses.
var (
	allIPv4 = netip.MustParsePrefix("0.0.0.0/0")
	allIPv6 = netip.MustParsePrefix("::/0")
)

// blockedClients returns the faults of subnets in which no client in the internet
// reaches a listener. Clients of an internal load balancer may be in the same
// subnet, whose network ACL does not filter them.
func (p passage) blockedClients(forwardings *model.Forwardings) []rule.Fault {
	lb := p.balancer
	public := lb.Internal.Equals(false).And(lb.Type.Equals(model.LoadBalancerGateway).Not())
	if public == model.False {
		return nil
	}
	clients := []netip.Prefix{allIPv4}
	if lb.IsDualstack() != model.False {
		clients = append(clients, allIPv6)
	}
	var faults []rule.Fault
	for _, l := range forwardings.Listeners(lb) {
		certain := public.And(l.LoadBalancer.Names(lb)).And(opensTCP(l))
		for _, n := range p.nodes() {
			faults = append(faults, p.blockedListener(l, n.subnet, clients, certain.And(n.exists))...)
		}
	}
	return faults
}

// opensTCP asks whether clients open TCP connections to a listener.
func opensTCP(l *model.Listener) model.Truth {
	return rule.AnyOf(l.Protocol,
		model.ProtocolHTTP, model.ProtocolHTTPS, model.ProtocolTCP, model.ProtocolTCPUDP, model.ProtocolTLS)
}

// blockedListener returns the faults of a subnet in which no client reaches a
// listener, or gets an answer.
func (p passage) blockedListener(
	l *model.Listener, subnet model.Ref[model.Subnet], clients []netip.Prefix, certain model.Truth,
) []rule.Fault {
	in := p.stops(hop{subnet, model.Inbound, portsOf(l.Port), clients})
	out := p.stops(hop{subnet, model.Outbound, ephemeral, clients})
	at, name := p.balancer.At("subnets"), p.balancer.Name
	return []rule.Fault{
		aclBlocksClients.If(certain.And(in), at,
			"%s: the network ACL of its %s stops every client of %s; want an inbound rule that allows its port",
			name, subnetName(subnet), l.Name),
		aclBlocksClients.If(certain.And(out), at,
			"%s: the network ACL of its %s stops the answers to clients; want an outbound rule that allows ports "+
				"1024-65535", name, subnetName(subnet)),
	}
}

// blockedEndpoint returns the fault of the first way between a load balancer's
// subnets and those of its targets that a network ACL stops.
func (p passage) blockedEndpoint(front model.Front) []rule.Fault {
	var found []rule.Fault
	for _, t := range front.Targets {
		certain := front.Certain.And(t.TargetGroup.Names(front.TargetGroup)).And(t.Endpoint.Names(front.Endpoint))
		for _, node := range p.nodes() {
			used := certain.And(usesTarget(front, node.subnet, t.Subnet)).And(node.exists)
			fault := p.blockedWay(way{front, node.subnet, t}).And(used)
			if found = append(found, fault); fault.IsPresent() {
				return found
			}
		}
	}
	return found
}

// node is a load balancer's node in a subnet, if it exists.
type node struct {
	subnet model.Ref[model.Subnet]
	exists model.Truth
}

// nodes returns the nodes of the load balancer.
func (p passage) nodes() []node {
	var all []node
	for _, subnet := range p.balancer.Subnets.Items {
		all = append(all, node{subnet, model.True})
	}
	if rest := p.balancer.Subnets.Rest; rest != nil {
		all = append(all, node{*rest, model.Maybe})
	}
	return all
}

// usesTarget asks whether a load balancer's node in one subnet connects to a target
// in another one. A network ACL does not filter connections inside a subnet.
func usesTarget(front model.Front, node, target model.Ref[model.Subnet]) model.Truth {
	sameZone := node.Ask(func(a *model.Subnet) model.Truth {
		return target.Ask(func(b *model.Subnet) model.Truth {
			if a.Zone.IsAbsent() || b.Zone.IsAbsent() {
				return model.Maybe
			}
			return a.Zone.Same(b.Zone)
		})
	})
	return node.Same(target).Not().And(front.CrossZone().Or(sameZone))
}

// way is the way from a load balancer's node to a target.
type way struct {
	front  model.Front
	node   model.Ref[model.Subnet]
	target *model.Target
}

// blockedWay returns the fault of a way on which a network ACL stops the
// connection, or its answers.
func (p passage) blockedWay(w way) rule.Fault {
	nodes, targets := rangeOf(w.node), rangeOf(w.target.Subnet)
	text, _ := w.target.Address.Get()
	if ip, err := netip.ParseAddr(text); err == nil {
		targets = []netip.Prefix{netip.PrefixFrom(ip, ip.BitLen())}
		if ip.Is6() {
			nodes = nil // The addresses of nodes that connect over IPv6.
		}
	}
	there, back := portsOf(model.PortOf(w.target, w.front.TargetGroup)), ephemeral
	hops := []hop{
		{w.node, model.Outbound, there, targets}, {w.target.Subnet, model.Inbound, there, nodes},
		{w.target.Subnet, model.Outbound, back, nodes}, {w.node, model.Inbound, back, targets},
	}
	possible := aclBlocksEndpoint.If(model.False, w.front.LoadBalancer.Origin, "")
	for _, h := range hops {
		stops := p.stops(h)
		if stops == model.False {
			continue
		}
		fault := aclBlocksEndpoint.If(stops, p.balancer.At("subnets"),
			"%s: the network ACL of %s stops %s traffic between %s and %s on TCP ports %d-%d; want a rule for it",
			p.balancer.Name, subnetName(h.subnet), h.direction, p.balancer.Name, w.front.Endpoint.Name,
			h.ports.From, h.ports.To)
		if fault.IsPresent() {
			return fault
		}
		possible = fault
	}
	return possible
}

// rangeOf returns the IPv4 range of a subnet if it is known.
func rangeOf(subnet model.Ref[model.Subnet]) []netip.Prefix {
	if sole, certain := subnet.Sole(); certain {
		if all, known := sole.Range.Get(); known {
			return []netip.Prefix{all}
		}
	}
	return nil
}

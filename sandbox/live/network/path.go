package network

import (
	"context"
	"fmt"
	"net/netip"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/trail"
)

// packet is the first packet of a connection on its way.
type packet struct {
	ctx  context.Context
	from Place
	to   netip.AddrPort
	src  netip.Addr // The source as the network sees it at this point.
	// groups are the security groups of the source that a rule can name. A gateway that translates addresses
	// hides them.
	groups []string
	ports  portRange // From which the sender chooses its port.
	// preserved says that a load balancer sends with the address of its client. The answers come back to the load
	// balancer, and rules that name its groups admit the packet.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
	preserved bool
	hops      int // NAT gateways on the way.
}

// The ports that senders choose from: those of Linux, and those of load balancers and NAT gateways.
// https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
var (
	linuxPorts = portRange{32768, 60999}
	nodePorts  = portRange{1024, 65535}
)

// landing is where a connection arrives.
type landing struct {
	object  string // The ID of the object, or the name of a service of AWS.
	arrival Arrival
	node    *nic // Nil for a service of AWS.
}

// dropped returns a time-out.
func dropped(source, format string, args ...any) *Stopped {
	return &Stopped{End: TimedOut, Source: source, Reason: fmt.Sprintf(format, args...)}
}

// fails returns that a subnet's zone has failed, or nil.
func (t *topology) fails(s *subnet) *Stopped {
	if t.failed == "" || s.zone != t.failed {
		return nil
	}
	return dropped(s.ID, "zone %s fails, and %s is in it", t.failed, s.ID)
}

// carry returns where a packet arrives.
func (t *topology) carry(p *packet) (*landing, *Stopped) {
	switch s := t.subnets[p.from.Subnet]; {
	case s == nil && p.from.Subnet != "":
		return nil, &Stopped{End: Unreachable, Source: p.from.Subnet,
			Reason: fmt.Sprintf("the account has no subnet %s to send from", p.from.Subnet)}
	case s != nil && p.from.Outside == "":
		return t.fromSubnet(p, s)
	case p.from.Outside == OnPremises:
		return t.fromOnPremises(p)
	case p.from.Outside == Service && p.from.Owner != "":
		return t.fromLink(p)
	}
	return t.fromInternet(p)
}

// fromSubnet follows a packet that leaves an interface in a subnet.
func (t *topology) fromSubnet(p *packet, s *subnet) (*landing, *Stopped) {
	if stop := t.fails(s); stop != nil {
		return nil, stop
	}
	if s.vpc.owns(p.to.Addr()) {
		return t.deliver(p, s, s.vpc, "")
	}
	target, prefix := s.table.find(p.to.Addr())
	if target == "" {
		return nil, dropped(s.table.id, "route table %s of %s has no route to %s", s.table.id, s.ID, p.to.Addr())
	}
	trail.Add(p.ctx, label(s.Object), s.table.id, "%s routes %s to %s", s.table.id, prefix, target)
	if peering := t.inv.Find(peeringType, target); peering != nil {
		return t.throughPeering(p, s, peering)
	}
	if stop := t.leave(p, nil); stop != nil {
		return nil, stop
	}
	if nat := t.inv.Find(natGatewayType, target); nat != nil {
		return t.throughNATGateway(p, s, nat)
	}
	if stop := t.throughGateway(p, s, target); stop != nil {
		return nil, stop
	}
	if stop := (crossing{from: s}).check(p); stop != nil {
		return nil, stop
	}
	return t.fromInternet(p)
}

// throughGateway sends a packet to the internet, or to a service of AWS through a gateway endpoint.
func (t *topology) throughGateway(p *packet, s *subnet, target string) *Stopped {
	switch {
	case t.inv.Find(internetGatewayType, target) != nil:
		return t.throughInternetGateway(p, s, target)
	case t.inv.Find("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", target) != nil:
	case t.inv.Find(endpointType, target) != nil: // The service sees the private address.
	default:
		return dropped(target, "the sandbox does not simulate %s, to which %s routes %s", target, s.table.id,
			p.to.Addr())
	}
	p.groups = nil
	return nil
}

// throughInternetGateway replaces a private address by the public one of the interface.
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
func (t *topology) throughInternetGateway(p *packet, s *subnet, gateway string) *Stopped {
	p.groups = nil
	if p.to.Addr().Is6() {
		return nil
	}
	public := t.publicOf(p, s)
	if !public.IsValid() {
		return dropped(gateway, "%s has no public IPv4 address, so %s drops its packets", p.src, gateway)
	}
	trail.Add(p.ctx, label(s.Object), gateway, "%s sends from %s", gateway, public)
	p.src = public
	return nil
}

// publicOf returns the public IPv4 address of a packet's sender, which may be invalid. A client that is
// no object of the account has one if its subnet gives new instances one.
func (t *topology) publicOf(p *packet, s *subnet) netip.Addr {
	if c := s.vpc.nics[p.src]; c != nil {
		return c.public
	}
	if p.from.Owner == "" && !p.from.Private && s.Out.Bool("mapPublicIpOnLaunch") {
		return t.autoAssigned()
	}
	return netip.Addr{}
}

// throughNATGateway sends a packet through a NAT gateway, and then by the routes of the gateway's subnet.
// https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
func (t *topology) throughNATGateway(p *packet, s *subnet, nat *inventory.Object) (*landing, *Stopped) {
	nics := t.nics[nat.ID]
	if p.hops++; p.hops > 2 || len(nics) == 0 || p.to.Addr().Is6() {
		return nil, dropped(nat.ID, "%s sends no packets of %s to %s", nat.ID, s.ID, p.to.Addr())
	}
	node := nics[0]
	if stop := (crossing{from: s, to: node.subnet}).check(p); stop != nil {
		return nil, stop
	}
	p.src, p.groups, p.ports = node.addr(p.src), nil, nodePorts
	p.from = Place{Subnet: node.subnet.ID, Owner: nat.ID, Addrs: node.addrs}
	trail.Add(p.ctx, label(nat), nat.ID, "%s sends from %s", nat.ID, node.addrs[0])
	return t.fromSubnet(p, node.subnet)
}

// throughPeering sends a packet to the VPC on the other side, and no further.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
func (t *topology) throughPeering(p *packet, s *subnet, peering *inventory.Object) (*landing, *Stopped) {
	other := peering.Out.String("peerVpcId")
	if other == s.vpc.ID {
		other = peering.Out.String("vpcId")
	}
	v := t.vpcs[other]
	switch status := peering.Out.String("acceptStatus"); {
	case status != "active":
		return nil, dropped(peering.ID, "%s is not active but %s", peering.ID, status)
	case v == nil:
		return nil, dropped(peering.ID, "%s leads to %s, which is not in the account", peering.ID, other)
	case !v.owns(p.to.Addr()):
		return nil, dropped(peering.ID, "%s leads to %s, which does not pass packets on to %s", peering.ID, other,
			p.to.Addr())
	}
	return t.deliver(p, s, v, peering.ID)
}

// deliver brings a packet to an interface in a VPC, its own one or one over a peering connection.
func (t *topology) deliver(p *packet, s *subnet, v *vpc, peering string) (*landing, *Stopped) {
	c := v.nics[p.to.Addr()]
	if stop := t.leave(p, c); stop != nil {
		return nil, stop
	}
	if c == nil {
		return nil, dropped(v.ID, "no interface in %s has the address %s", v.ID, p.to.Addr())
	}
	if peering != "" && v.Region != s.vpc.Region {
		p.groups = nil // https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
	}
	if peering != "" && !p.preserved {
		if target, _ := c.subnet.table.find(p.src); target != peering {
			return nil, noWayBack(c.subnet, p.src, target, peering)
		}
	}
	if stop := (crossing{from: s, to: c.subnet}).check(p); stop != nil {
		return nil, stop
	}
	return t.arrive(p, c)
}

// noWayBack returns why an answer does not reach its receiver.
func noWayBack(s *subnet, to netip.Addr, target, want string) *Stopped {
	if target == "" {
		return dropped(s.table.id, "the answer is lost: route table %s of %s has no route to %s", s.table.id, s.ID, to)
	}
	return dropped(s.table.id, "the answer is lost: route table %s of %s leads to %s by %s, not by %s", s.table.id,
		s.ID, to, target, want)
}

// leave asks the security groups of the sender. The receiver is nil if it is outside of the VPC.
func (t *topology) leave(p *packet, receiver *nic) *Stopped {
	if len(p.from.Groups) == 0 {
		return nil
	}
	to := peer{addr: p.to.Addr(), port: p.to.Port()}
	if receiver != nil {
		to.groups = receiver.groups
	}
	id, unknown := t.find(p.from.Groups, egress, to)
	if id == "" {
		return noRule(p.from.Groups, unknown, fmt.Sprintf("lets traffic out to %s", p.to))
	}
	return nil
}

// fromOnPremises follows a packet from a network that is connected with a VPC. Its route to the VPC and the way back
// are taken for granted.
func (t *topology) fromOnPremises(p *packet) (*landing, *Stopped) {
	if s := t.subnets[p.from.Subnet]; s != nil && s.vpc.owns(p.to.Addr()) {
		c := s.vpc.nics[p.to.Addr()]
		if c == nil {
			return nil, dropped(s.vpc.ID, "no interface in %s has the address %s", s.vpc.ID, p.to.Addr())
		}
		if stop := (crossing{to: c.subnet}).check(p); stop != nil {
			return nil, stop
		}
		return t.arrive(p, c)
	}
	if private(p.to.Addr()) {
		return nil, dropped("", "the network on premises has no route to %s", p.to.Addr())
	}
	p.src = sameVersion(onPremisesExit, p.src)
	return t.fromInternet(p)
}

// private reports whether the internet has no route to an address.
func private(addr netip.Addr) bool {
	return addr.IsPrivate() || addr.IsLoopback() || addr.IsLinkLocalUnicast() || shared.Contains(addr)
}

// shared is the address space of RFC 6598.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// What API Gateway learns about clients in a VPC of somebody else. No policy names it.
const strangersVPC, strangersEndpoint = "vpc-0fedcba9876543210", "vpce-0fedcba9876543210"

var strangersAddr = netip.MustParseAddr("10.255.0.10")

// fromInternet follows a packet that arrives from outside of the account's networks.
func (t *topology) fromInternet(p *packet) (*landing, *Stopped) {
	to := p.to.Addr()
	if s, ok := t.services[to]; ok && s.name == "execute-api" && p.from.Outside == AnotherVPC {
		p.src = strangersAddr
		return &landing{object: s.name, arrival: Arrival{To: p.to, Region: s.region, Endpoint: strangersEndpoint,
			VPC: strangersVPC}}, nil
	}
	if s, ok := t.services[to]; ok {
		return &landing{object: s.name, arrival: Arrival{To: p.to, Region: s.region}}, nil
	}
	c := t.public[to]
	switch {
	case c == nil && private(to):
		return nil, dropped("", "%s is a private address, to which the internet has no route", to)
	case c == nil:
		return nil, dropped("", "nothing in the account has the address %s", to)
	case c.owner.Type == natGatewayType:
		return nil, dropped(c.owner.ID, "%s accepts no connections from outside", c.owner.ID)
	case to.Is6() && c.owner.Type == loadBalancerType && c.owner.Out.Bool("internal"):
		// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html
		return nil, dropped(c.owner.ID, "%s is internal and denies all traffic of internet gateways", c.label())
	}
	target, _ := c.subnet.table.find(p.src)
	if t.inv.Find(internetGatewayType, target) == nil {
		return nil, noWayBack(c.subnet, p.src, target, "an internet gateway")
	}
	if stop := (crossing{to: c.subnet}).check(p); stop != nil {
		return nil, stop
	}
	return t.arrive(p, c)
}

// arrive asks the security groups of an interface, and passes the packet on if the interface is an endpoint's.
func (t *topology) arrive(p *packet, c *nic) (*landing, *Stopped) {
	if stop := t.fails(c.subnet); stop != nil {
		return nil, stop
	}
	if stop := t.enter(p, c); stop != nil {
		return nil, stop
	}
	if c.owner.Type == endpointType {
		return t.throughEndpoint(p, c)
	}
	to := netip.AddrPortFrom(c.addr(p.to.Addr()), p.to.Port())
	return &landing{object: c.owner.ID, node: c, arrival: Arrival{To: to, Region: c.owner.Region}}, nil
}

// enter asks the security groups of a receiver. A load balancer without groups admits everything.
func (t *topology) enter(p *packet, c *nic) *Stopped {
	if len(c.groups) == 0 {
		return nil
	}
	id, unknown := t.find(c.groups, ingress, peer{addr: p.src, groups: p.groups, port: p.to.Port()})
	if id == "" {
		return noRule(c.groups, unknown, fmt.Sprintf("admits %s to port %d", p.src, p.to.Port()))
	}
	trail.Add(p.ctx, c.label(), id, "%s admits %s to port %d", id, p.src, p.to.Port())
	return nil
}

package trace

import (
	"fmt"
	"net/netip"

	"private-api-blueprints/policy/model"
)

// Every address of the internet.
var (
	allIPv4 = netip.MustParsePrefix("0.0.0.0/0")
	allIPv6 = netip.MustParsePrefix("::/0")
)

// ranges returns the ranges in which the address of a place lies: the address
// itself, every address, or the range of each subnet that the place may be in. It
// returns none if the stack does not say.
func (p place) ranges(ipv6 bool) []netip.Prefix {
	if address, known := p.address.Get(); known && address.Is6() == ipv6 {
		return []netip.Prefix{netip.PrefixFrom(address, address.BitLen())}
	}
	if p.everyone && ipv6 {
		return []netip.Prefix{allIPv6}
	}
	if p.everyone {
		return []netip.Prefix{allIPv4}
	}
	if !p.subnet.IsClosed() {
		return nil
	}
	var all []netip.Prefix
	for _, s := range p.subnet.Candidates {
		block := s.Range
		if ipv6 {
			block = s.Range6
		}
		r, known := block.Get()
		if !known {
			return nil
		}
		all = append(all, r)
	}
	return all
}

// within asks a question about the range in which a place's address lies.
func (p place) within(ipv6 bool, question func(netip.Prefix) model.Truth) model.Truth {
	ranges := p.ranges(ipv6)
	if len(ranges) == 0 {
		return model.Maybe
	}
	answer := question(ranges[0])
	for _, r := range ranges[1:] {
		answer = answer.Agree(question(r))
	}
	return answer
}

// isIn returns the question whether a source or destination of a rule has a place.
// A source that has only a part of the internet does not have everyone.
func (p place) isIn(ipv6 bool) func(model.Source) model.Truth {
	all := allIPv4
	if ipv6 {
		all = allIPv6
	}
	return func(s model.Source) model.Truth {
		byGroup := p.groups.Any(s.IsGroup)
		if p.gateway && !p.private && !s.Group.IsAbsent() {
			byGroup = model.Maybe // The groups of a VPC link V2 are not in the model.
		}
		switch {
		case s.HasRange() == model.False, s.MayHave(ipv6) == model.False, p.isOutside(s.Of):
			return byGroup
		case p.everyone:
			return byGroup.Or(s.AnyRange(func(r netip.Prefix) model.Truth { return model.TruthOf(r == all) }))
		case len(p.ranges(ipv6)) == 0: // Only a rule for every address is certain.
			return byGroup.Or(s.AnyRange(func(r netip.Prefix) model.Truth {
				return model.TruthOf(r == all).Or(model.TruthOf(r.Addr().Is6() == ipv6).AtMostMaybe())
			}))
		}
		return byGroup.Or(p.within(ipv6, s.Covers))
	}
}

// isOutside reports whether a place is certainly in another subnet than the one of
// whose range a rule is made.
func (p place) isOutside(of model.Ref[model.Subnet]) bool {
	return !of.IsAbsent() && !p.internet && p.subnet.Same(of) == model.False
}

// says returns the address of a place for texts, or what it is.
func (p place) says() string {
	if address, known := p.address.Get(); known {
		return address.String()
	}
	return p.what
}

// cross opens a connection from the sender of a call to another place: routes,
// security groups and network ACLs in both directions. If something stops it, it
// returns the traces with which the walk ends.
func (w walk) cross(c call, to place) (walk, []Trace) {
	steps := []func(walk, call, place) (walk, []Trace){
		walk.hasFamily, walk.letOut, walk.routeThere, walk.passACLs, walk.admit, walk.routeBack,
	}
	for _, step := range steps {
		var ends []Trace
		if w, ends = step(w, c, to); ends != nil {
			return w, ends
		}
	}
	return w, nil
}

// hasFamily checks that the sender opens connections by the IP version of a call.
func (w walk) hasFamily(c call, to place) (walk, []Trace) {
	from := c.from
	switch {
	case c.ipv6 && from.onlyIPv4:
		return w, w.stop(end{NoRoute, from.element, from.element.At("vpcConfig"),
			"set ipv6AllowedForDualStack of " + from.element.Name + " to true"},
			"%s opens no connections by IPv6, and %s has an IPv6 address", from.what, to.what)
	case c.ipv6 && from.mayOnlyIPv4:
		return w.unsureConnection(from.element.At("vpcConfig"), "not known yet whether %s opens connections by IPv6",
			from.what), nil
	}
	return w, nil
}

// letOut asks the security groups of the sender.
func (w walk) letOut(c call, to place) (walk, []Trace) {
	from := c.from
	if from.internet || from.gateway || from.private || from.open || from.inDefault {
		return w, nil
	}
	lets := w.stack.LetsOut(from.groups, model.Port(c.port), to.isIn(c.ipv6))
	return w.requireConnection(lets, check{
		end: end{DeniedBySecurityGroup, from.element, from.groupsOrigin(), fmt.Sprintf(
			"add an outbound rule for port %d and %s to the security groups of %s", c.port, to.says(), from.what)},
		passes: fmt.Sprintf("the security groups of %s let port %d out to %s", from.what, c.port, to.says()),
		stops: fmt.Sprintf("no outbound rule of the security groups of %s is for port %d and %s", from.what, c.port,
			to.says()),
	})
}

// admit asks the security groups of the destination. Connections over PrivateLink
// are another matter: see [walk.admitPrivate].
func (w walk) admit(c call, to place) (walk, []Trace) {
	if to.open {
		return w, nil
	}
	from := c.from.seen()
	admits := w.stack.Admits(to.groups, c.port, from.isIn(c.ipv6))
	if to.inDefault {
		admits = from.mayBeInDefault()
	}
	return w.requireConnection(admits, check{
		end: end{DeniedBySecurityGroup, to.element, to.groupsOrigin(), fmt.Sprintf(
			"add an inbound rule for port %d from %s to the security groups of %s", c.port, from.says(), to.what)},
		passes: fmt.Sprintf("the security groups of %s admit %s on port %d", to.what, from.says(), c.port),
		stops: fmt.Sprintf("no inbound rule of the security groups of %s admits %s on port %d", to.what, from.says(),
			c.port),
	})
}

// inDefaultGroup returns a place without security groups of the program, with the
// default group of its VPC. Nobody can have changed that of a VPC that the stack
// creates, and the stack does not, or the model would have the group. It admits its own
// members, and lets everything out.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
func (p place) inDefaultGroup() place {
	vpc, certain := p.vpc.Sole()
	p.inDefault = certain && vpc.IsNew == model.True
	if !p.inDefault {
		p.groups.Items = []model.Ref[model.SecurityGroup]{model.UnknownRef[model.SecurityGroup]()}
	}
	return p
}

// mayBeInDefault asks whether the default group of a VPC admits a place.
func (p place) mayBeInDefault() model.Truth {
	if p.inDefault {
		return model.Maybe
	}
	return p.groups.Any(func(g model.Ref[model.SecurityGroup]) model.Truth {
		if g.IsClosed() {
			return model.False
		}
		return model.Maybe
	})
}

// passACLs asks the network ACLs of both subnets, for the packets of the connection
// and for those of its answers. Traffic inside a subnet passes no network ACL.
func (w walk) passACLs(c call, to place) (walk, []Trace) {
	same := model.False
	if !c.from.internet && !to.internet {
		same = c.from.subnet.Same(to.subnet)
	}
	if !w.stack.HasACLs() || same == model.True {
		return w, nil
	}
	port := model.Port(c.port)
	for _, passage := range []passage{
		{c.from, to, model.Outbound, port, ""}, {to, c.from.seen(), model.Inbound, port, ""},
		{to, c.from.seen(), model.Outbound, model.EphemeralPorts, "answers "},
		{c.from, to, model.Inbound, model.EphemeralPorts, "answers "},
	} {
		var ends []Trace
		if w, ends = w.passACL(c, passage, same); ends != nil {
			return w, ends
		}
	}
	return w, nil
}

// passage is the way of packets through the network ACL of a place.
type passage struct {
	of, peer  place
	direction model.Direction
	ports     model.Ports
	kind      string
}

// passACL asks the network ACL of one place. Only those that stop packets, or may
// do so, are worth a step.
func (w walk) passACL(c call, p passage, sameSubnet model.Truth) (walk, []Trace) {
	if p.of.internet || p.of.gateway || p.of.private {
		return w, nil
	}
	peers := p.peer.ranges(c.ipv6)
	if len(peers) == 0 && p.peer.internet {
		peers = internetPlace().ranges(c.ipv6)
	}
	at := p.of.element.Origin
	var decides model.Element
	blocks := model.Maybe
	if len(peers) > 0 {
		blocks = p.of.subnet.Ask(func(s *model.Subnet) model.Truth {
			return w.stack.ACLOf(s).Ask(func(acl *model.NetworkACL) model.Truth {
				decides = acl.Element
				return w.stack.Blocks(acl, p.direction, p.ports, peers...)
			})
		})
	}
	blocks = blocks.And(sameSubnet.Not())
	if decides.URN != "" {
		at = decides.Origin
	}
	ports := fmt.Sprint(p.ports.From)
	if p.ports.To != p.ports.From {
		ports = fmt.Sprintf("%d to %d", p.ports.From, p.ports.To)
	}
	way := fmt.Sprintf("from %s", p.peer.says())
	if p.direction == model.Outbound {
		way = fmt.Sprintf("to %s", p.peer.says())
	}
	switch blocks {
	case model.True:
		return w, w.stop(end{DeniedByNetworkACL, decides, at, fmt.Sprintf(
			"let the network ACL %s allow %s TCP packets to ports %s %s", decides.Name, p.direction, ports, way)},
			"network ACL %s stops %s%s packets to ports %s %s", decides.Name, p.kind, p.direction, ports, way)
	case model.Maybe:
		return w.unsureConnection(at, "not known yet whether the network ACL of %s allows %s%s packets to ports %s %s",
			p.of.what, p.kind, p.direction, ports, way), nil
	}
	return w, nil
}

// seen returns the place as the destination sees it.
func (p place) seen() place {
	if p.shown != nil {
		return *p.shown
	}
	return p
}

// groupsOrigin returns the property that lists the security groups of a place.
func (p place) groupsOrigin() model.Origin {
	if p.groupsAt.URN == "" {
		return p.element.Origin
	}
	return p.groupsAt
}

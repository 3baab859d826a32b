package network

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
)

// acl is a network ACL. A nil ACL is the default one of a VPC, which admits everything.
// https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
type acl struct {
	id              string
	ingress, egress []aclRule // By rule number.
}

// aclRule allows or denies TCP.
type aclRule struct {
	number int
	allow  bool
	ports  portRange
	blocks []netip.Prefix
}

// aclsOf returns the network ACLs by subnet. A subnet has one.
func aclsOf(inv *inventory.Inventory) map[string]*acl {
	all := map[string]*acl{}
	for _, o := range inv.All("aws:ec2/networkAcl:NetworkAcl") {
		a := &acl{id: o.ID, ingress: aclRules(o.Out.Objects("ingress")), egress: aclRules(o.Out.Objects("egress"))}
		for _, id := range o.Out.Strings("subnetIds") {
			all[id] = a
		}
	}
	return all
}

// aclRules returns the rules for TCP in the order in which AWS evaluates them.
func aclRules(in []cloud.Props) []aclRule {
	var rules []aclRule
	for _, rule := range in {
		if ports, ok := tcpPorts(rule.String("protocol"), rule); ok {
			rules = append(rules, aclRule{number: rule.Int("ruleNo"), allow: rule.String("action") == "allow",
				ports: ports, blocks: prefixes(rule.String("cidrBlock"), rule.String("ipv6CidrBlock"))})
		}
	}
	slices.SortFunc(rules, func(a, b aclRule) int { return cmp.Compare(a.number, b.number) })
	return rules
}

// denies returns which rules keep packets from or to an address out, at any of some ports. It returns an empty
// text if they admit all: an ACL knows no connections, so answers go to a port that the client chose.
func denies(rules []aclRule, addr netip.Addr, ports portRange) string {
	points := []int{ports.from} // Where the verdict may change.
	for _, rule := range rules {
		for _, port := range []int{rule.ports.from, rule.ports.to + 1} {
			if ports.from < port && port <= ports.to {
				points = append(points, port)
			}
		}
	}
	for _, port := range points {
		if verdict := denyAt(rules, addr, uint16(port)); verdict != "" {
			return verdict
		}
	}
	return ""
}

// denyAt returns which rule denies a port, or an empty text.
func denyAt(rules []aclRule, addr netip.Addr, port uint16) string {
	for _, rule := range rules {
		names := slices.ContainsFunc(rule.blocks, func(b netip.Prefix) bool { return b.Contains(addr) })
		switch {
		case !names || !rule.ports.contains(port):
		case rule.allow:
			return ""
		default:
			return fmt.Sprintf("rule %d denies port %d", rule.number, port)
		}
	}
	return fmt.Sprintf("no rule allows port %d", port)
}

// crossing is a packet's way from one subnet to another one. One of them is nil if the packet leaves or enters the
// account's networks.
type crossing struct{ from, to *subnet }

// check returns which network ACL stops a packet or its answer. Packets within a subnet pass none.
func (c crossing) check(p *packet) *Stopped {
	if c.from == c.to {
		return nil
	}
	request := portRange{int(p.to.Port()), int(p.to.Port())}
	if c.from != nil && c.from.acl != nil {
		if s := c.from.acl.verdict(c.from.acl.egress, p.to.Addr(), request, "packets to"); s != nil {
			return s
		}
	}
	if c.to != nil && c.to.acl != nil {
		if s := c.to.acl.verdict(c.to.acl.ingress, p.src, request, "packets from"); s != nil {
			return s
		}
		if s := c.to.acl.verdict(c.to.acl.egress, p.src, p.ports, "answers to"); s != nil {
			return s
		}
	}
	if c.from != nil && c.from.acl != nil {
		return c.from.acl.verdict(c.from.acl.ingress, p.to.Addr(), p.ports, "answers from")
	}
	return nil
}

// verdict returns why rules of the ACL stop packets, or nil.
func (a *acl) verdict(rules []aclRule, addr netip.Addr, ports portRange, what string) *Stopped {
	why := denies(rules, addr, ports)
	if why == "" {
		return nil
	}
	return dropped(a.id, "network ACL %s stops %s %s: %s", a.id, what, addr, why)
}

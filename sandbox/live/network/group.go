package network

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
)

// group is a security group.
// https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
type group struct {
	ingress, egress []groupRule
}

// groupRule admits TCP from or to peers at some ports.
type groupRule struct {
	ports    portRange
	prefixes []netip.Prefix
	groups   []string // IDs of security groups.
	lists    []string // IDs of prefix lists that the account does not know.
}

// portRange is a range of ports, both ends included.
type portRange struct{ from, to int }

// allPorts is the range of every port.
var allPorts = portRange{0, 65535}

func (r portRange) contains(port uint16) bool { return r.from <= int(port) && int(port) <= r.to }

// groupsOf returns the security groups of an account, with inline and separate rules.
func groupsOf(inv *inventory.Inventory) map[string]*group {
	all, lists := map[string]*group{}, prefixLists(inv)
	for _, v := range inv.All(vpcType) { // A default group is no object until a program adopts it.
		id := v.Out.String("defaultSecurityGroupId")
		all[id] = defaultGroup(id)
	}
	for _, token := range []string{
		"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "aws:ec2/securityGroup:SecurityGroup",
	} {
		for _, o := range inv.All(token) {
			all[o.ID] = &group{ingress: inlineRules(o, "ingress", lists), egress: inlineRules(o, "egress", lists)}
		}
	}
	for _, o := range inv.All("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") {
		if g, rule, ok := separateRule(all, o, lists); ok {
			g.ingress = append(g.ingress, rule)
		}
	}
	for _, o := range inv.All("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule") {
		if g, rule, ok := separateRule(all, o, lists); ok {
			g.egress = append(g.egress, rule)
		}
	}
	return all
}

// defaultGroup returns the group of a new VPC: it admits its own members, and lets everything leave.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
func defaultGroup(id string) *group {
	return &group{
		ingress: []groupRule{{ports: allPorts, groups: []string{id}}},
		egress:  []groupRule{{ports: allPorts, prefixes: prefixes("0.0.0.0/0", "::/0")}},
	}
}

// prefixLists returns the entries of the prefix lists that the account knows: those of gateway endpoints.
func prefixLists(inv *inventory.Inventory) map[string][]netip.Prefix {
	all := map[string][]netip.Prefix{}
	for _, o := range inv.Where(endpointType, "vpcEndpointType", "Gateway") {
		all[o.Out.String("prefixListId")] = gatewayPrefixes(inv, o)
	}
	return all
}

// inlineRules returns the rules for TCP in a list of a group.
func inlineRules(o *inventory.Object, direction string, lists map[string][]netip.Prefix) []groupRule {
	var rules []groupRule
	for _, in := range o.Out.Objects(direction) {
		ports, ok := tcpPorts(in.String("protocol"), in)
		if !ok {
			continue
		}
		rule := groupRule{ports: ports,
			prefixes: prefixes(append(in.Strings("cidrBlocks"), in.Strings("ipv6CidrBlocks")...)...)}
		for _, id := range in.Strings("securityGroups") {
			rule.groups = append(rule.groups, withoutAccount(id))
		}
		if in.Bool("self") {
			rule.groups = append(rule.groups, o.ID)
		}
		for _, id := range in.Strings("prefixListIds") {
			rule.addList(id, lists)
		}
		rules = append(rules, rule)
	}
	return rules
}

// separateRule returns a rule that is a resource, and its group. ok is false if it is not for TCP.
func separateRule(groups map[string]*group, o *inventory.Object,
	lists map[string][]netip.Prefix) (g *group, rule groupRule, ok bool) {
	g = groups[o.Out.String("securityGroupId")]
	ports, ok := tcpPorts(o.Out.String("ipProtocol"), o.Out)
	if g == nil || !ok {
		return nil, rule, false
	}
	rule = groupRule{ports: ports, prefixes: prefixes(o.Out.String("cidrIpv4"), o.Out.String("cidrIpv6"))}
	if id := o.Out.String("referencedSecurityGroupId"); id != "" {
		rule.groups = []string{withoutAccount(id)}
	}
	if id := o.Out.String("prefixListId"); id != "" {
		rule.addList(id, lists)
	}
	return g, rule, true
}

func (r *groupRule) addList(id string, lists map[string][]netip.Prefix) {
	if entries, ok := lists[id]; ok {
		r.prefixes = append(r.prefixes, entries...)
		return
	}
	r.lists = append(r.lists, id)
}

// withoutAccount returns the ID of a group of a peer, which may stand after the account: 123456789012/sg-….
func withoutAccount(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// tcpPorts returns the ports that a rule has for TCP. ok is false if the rule is for another protocol.
func tcpPorts(protocol string, rule cloud.Props) (ports portRange, ok bool) {
	switch strings.ToLower(protocol) {
	case "-1", "all":
		return allPorts, true
	case "tcp", "6":
		return portRange{rule.Int("fromPort"), rule.Int("toPort")}, true
	}
	return portRange{}, false
}

// groupIDs returns the IDs of the security groups of an object's interfaces.
func groupIDs(o *inventory.Object) []string {
	for _, path := range []string{"securityGroups[]", "securityGroupIds[]", "vpcSecurityGroupIds[]",
		"vpcConfig.securityGroupIds[]"} {
		if ids := o.Out.StringsAt(path); len(ids) > 0 {
			return ids
		}
	}
	return nil
}

// peer is the other side of a connection, as a security group sees it.
type peer struct {
	addr   netip.Addr
	groups []string // None if the connection came through a gateway that translates addresses.
	port   uint16   // The port of the receiver.
}

// find returns the group among some that has a rule for a peer, or an empty text. It also returns the IDs of prefix
// lists that could have admitted the peer.
func (t *topology) find(ids []string, rules func(*group) []groupRule, p peer) (admitting string, unknown []string) {
	for _, id := range ids {
		g := t.groups[id]
		if g == nil {
			continue
		}
		for _, rule := range rules(g) {
			if !rule.ports.contains(p.port) {
				continue
			}
			if rule.admits(p) {
				return id, nil
			}
			unknown = append(unknown, rule.lists...)
		}
	}
	return "", unknown
}

// admits reports whether a rule names a peer.
func (r groupRule) admits(p peer) bool {
	return slices.ContainsFunc(r.prefixes, func(block netip.Prefix) bool { return block.Contains(p.addr) }) ||
		slices.ContainsFunc(r.groups, func(id string) bool { return slices.Contains(p.groups, id) })
}

func ingress(g *group) []groupRule { return g.ingress }

func egress(g *group) []groupRule { return g.egress }

// noRule returns why some groups stop a connection.
func noRule(ids, unknown []string, what string) *Stopped {
	reason := fmt.Sprintf("no rule of %s %s", strings.Join(ids, ", "), what)
	if len(unknown) > 0 {
		reason += fmt.Sprintf(" (the sandbox does not know the entries of %s)", strings.Join(unknown, ", "))
	}
	return &Stopped{End: TimedOut, Source: ids[0], Reason: reason}
}

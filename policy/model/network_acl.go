package model

import (
	"math"
	"net/netip"
	"slices"
)

// NetworkACL is a network ACL, which filters what enters and leaves its subnets.
// It does not filter traffic inside a subnet. It keeps no state: the answers of a
// connection need rules, too. Its rules are [NetworkACLRule] elements.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
type NetworkACL struct {
	Element
	VPC Ref[VPC]
	// PassesAll is true for the default network ACL of a VPC as AWS creates it.
	PassesAll bool
}

// NetworkACLRule lets traffic of one direction pass a network ACL, or stops it.
// Of all rules that match a packet, the one with the lowest number counts. A packet
// that no rule matches is stopped.
type NetworkACLRule struct {
	Element
	ACL       Ref[NetworkACL]
	Direction Direction
	// InForce is Maybe if the rule may be an old copy of another one, or may be of the other direction.
	InForce  Truth
	Number   Known[int]
	Allows   Known[bool]
	Protocol Known[string]
	From, To Known[int]
	// Range is the source of inbound traffic, or the destination of outbound traffic.
	Range Known[netip.Prefix]
}

// EphemeralPorts are the ports from which clients and load balancers open connections. The answers go there.
// https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html
var EphemeralPorts = Ports{1024, 65535}

// AddNetworkACLRule adds a rule to the stack.
func (s *Stack) AddNetworkACLRule(rule *NetworkACLRule) {
	s.aclRules[rule.Direction].add(rule.ACL, rule)
}

// AddACLAssociation adds the association of a subnet with a network ACL.
func (s *Stack) AddACLAssociation(a Association[NetworkACL]) { s.aclsOf.add(a.Subnet, a) }

// ACLOf returns the network ACL of a subnet: the one that it is associated with,
// or otherwise the default network ACL of its VPC.
func (s *Stack) ACLOf(subnet *Subnet) Ref[NetworkACL] {
	return associated(&s.aclsOf, subnet, func(vpc *VPC) Ref[NetworkACL] { return vpc.DefaultACL })
}

// HasACLs reports whether the stack may change what passes the network ACLs of its
// subnets.
func (s *Stack) HasACLs() bool {
	has := len(s.NetworkACLs) > 0
	for _, rules := range s.aclRules {
		has = has || len(rules.of) > 0 || len(rules.ofAny) > 0
	}
	return has
}

// Blocks asks whether a network ACL stops every TCP packet of a direction to a
// port of a range, from or to an address of one of the peers' ranges. If it lets
// some of the packets pass, the answer is False.
func (s *Stack) Blocks(acl *NetworkACL, direction Direction, ports Ports, peers ...netip.Prefix) Truth {
	if acl.PassesAll {
		return False
	}
	rules, ordered := s.orderedRules(acl, direction)
	blocks := True
	for _, peer := range peers {
		blocks = blocks.And(stopsAll(rules, ordered, ports, peer))
	}
	return blocks
}

// orderedRules returns the rules of a network ACL in the order of their numbers,
// and whether all numbers are known.
func (s *Stack) orderedRules(acl *NetworkACL, direction Direction) (rules []certainRule, ordered bool) {
	ordered = true
	for rule := range s.aclRules[direction].mayName(acl) {
		if certain := rule.InForce.And(rule.ACL.Names(acl)); certain != False {
			rules = append(rules, certainRule{rule, certain})
			_, known := rule.Number.Get()
			ordered = ordered && known
		}
	}
	slices.SortStableFunc(rules, func(a, b certainRule) int {
		m, _ := a.Number.Get()
		n, _ := b.Number.Get()
		return m - n
	})
	return rules, ordered
}

// certainRule is a rule, and whether a network ACL has it.
type certainRule struct {
	*NetworkACLRule
	certain Truth
}

// stopsAll asks whether rules stop all packets. The first rule decides about the
// packets that it matches.
func stopsAll(rules []certainRule, ordered bool, ports Ports, peer netip.Prefix) Truth {
	stops, denied := True, 0.0 // The latter is the largest share of packets that earlier rules may stop.
	if !ordered {
		denied = 1
	}
	for _, rule := range rules {
		some, all := rule.matches(ports, peer)
		some, all = rule.certain.And(some), rule.certain.And(all)
		allows := rule.Allows.Equals(true)
		switch {
		case some == False:
		case allows == False && all == True && ordered:
			return stops
		case allows == False:
			denied += rule.share(ports, peer)
		case allows.And(some) == True && denied == 0, allows.And(all) == True && denied < 1:
			return False
		default:
			stops = Maybe
			if allows == Maybe {
				denied++
			}
		}
	}
	return stops
}

// matches asks whether the rule matches some packets, and whether it matches all of them.
func (r *NetworkACLRule) matches(ports Ports, peer netip.Prefix) (some, all Truth) {
	near := askRange(r.Range, func(known netip.Prefix) Truth { return TruthOf(known.Overlaps(peer)) })
	within := askRange(r.Range, func(known netip.Prefix) Truth { return TruthOf(contains(known, peer)) })
	tcp, every := isTCP(r.Protocol)
	if every != False {
		return every.And(near), every.And(within)
	}
	some = tcp.And(near).And(atMost(r.From, ports.To)).And(atLeast(r.To, ports.From))
	return some, tcp.And(within).And(atMost(r.From, ports.From)).And(atLeast(r.To, ports.To))
}

// share returns the largest share of packets that the rule may match.
func (r *NetworkACLRule) share(ports Ports, peer netip.Prefix) float64 {
	share := 1.0
	if known, isKnown := r.Range.Get(); isKnown && known.Bits() > peer.Bits() {
		share = math.Ldexp(share, peer.Bits()-known.Bits())
	}
	from, fromKnown := r.From.Get()
	to, toKnown := r.To.Get()
	if _, every := isTCP(r.Protocol); every == False && fromKnown && toKnown {
		share *= float64(min(to, ports.To)-max(from, ports.From)+1) / float64(ports.To-ports.From+1)
	}
	return share
}

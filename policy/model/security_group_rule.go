package model

import (
	"net/netip"
	"strings"
)

// SecurityGroupRule lets traffic into a security group, or out of it. A stack
// can write it in several places.
type SecurityGroupRule struct {
	Element
	Group     Ref[SecurityGroup]
	Direction Direction
	// InForce is Maybe if the rule may be an old copy of another one, or may be of the other direction.
	InForce  Truth
	Protocol Known[string]
	From, To Known[int]
	// Sources are whom an inbound rule admits. The rule of the other direction has destinations instead.
	Sources []Source
	// SourcesComplete is false if the rule has, or may have, other sources.
	SourcesComplete bool
}

// Direction is the direction of traffic, as seen from a network interface or a subnet.
type Direction int

// Directions of traffic.
const (
	Inbound Direction = iota
	Outbound
)

// String returns "inbound" or "outbound".
func (d Direction) String() string { return [...]string{"inbound", "outbound"}[d] }

// Source is whom a rule is for: the source of inbound traffic, or the
// destination of outbound traffic. Exactly one of Range, Group and List is set.
type Source struct {
	Range Known[netip.Prefix]
	// IsIPv6 is whether that range is one of IPv6 addresses. It is known from the property even if the range is not.
	IsIPv6 Truth
	// Of is the subnet of whose range the range is made, as long as the range is not known. It is absent otherwise.
	Of Ref[Subnet]
	// Group stands for the members of a security group.
	Group Ref[SecurityGroup]
	// List stands for the ranges of a prefix list.
	List Ref[PrefixList]
}

// Ports is a range of TCP ports, both ends included.
type Ports struct{ From, To int }

// Port returns the range of one port.
func Port(port int) Ports { return Ports{port, port} }

// AllPorts is the range of every port.
var AllPorts = Ports{0, 65535}

// takesTCP asks whether the rule applies to a port of a range.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func (r *SecurityGroupRule) takesTCP(ports Ports) Truth {
	tcp, all := isTCP(r.Protocol)
	if all != False {
		return all
	}
	return tcp.And(atMost(r.From, ports.To)).And(atLeast(r.To, ports.From))
}

// isTCP asks whether a protocol, as AWS writes it in a rule, includes TCP. The
// second answer is True for all protocols, of which the rule's ports count for
// nothing.
func isTCP(protocol Known[string]) (tcp, all Truth) {
	name, known := protocol.Get()
	if !known {
		return Maybe, Maybe
	}
	switch strings.ToLower(name) {
	case "-1", "all":
		return True, True
	case "tcp", "6":
		return True, False
	}
	return False, False
}

// atMost asks whether a number is n or less.
func atMost(k Known[int], n int) Truth {
	v, known := k.Get()
	if !known {
		return Maybe
	}
	return TruthOf(v <= n)
}

// atLeast asks whether a number is n or more.
func atLeast(k Known[int], n int) Truth {
	v, known := k.Get()
	if !known {
		return Maybe
	}
	return TruthOf(v >= n)
}

// isForAny asks whether the question is True for one of the rule's sources.
func (r *SecurityGroupRule) isForAny(question func(Source) Truth) Truth {
	answer := False
	for _, source := range r.Sources {
		answer = answer.Or(question(source))
	}
	return answer.OrMaybeIf(!r.SourcesComplete)
}

// IsEveryone asks whether the source is the whole internet.
func (s Source) IsEveryone() Truth {
	return s.AnyRange(func(r netip.Prefix) Truth { return TruthOf(r.Bits() == 0) })
}

// IsAnyone returns True: it is the question about a source for which every
// source will do.
func (s Source) IsAnyone() Truth { return True }

// Covers asks whether the source has every address of a range. If it has only
// some of them, the answer is Maybe.
func (s Source) Covers(all netip.Prefix) Truth {
	return s.AnyRange(func(r netip.Prefix) Truth { return coverage(r, all) })
}

// Outside asks whether the source has a range that lies in none of the given ranges.
func (s Source) Outside(ranges []netip.Prefix) Truth {
	return s.AnyRange(func(r netip.Prefix) Truth {
		for _, allowed := range ranges {
			if contains(allowed, r) {
				return False
			}
		}
		return True
	})
}

// IsGroup asks whether the source is the members of a security group.
func (s Source) IsGroup(group Ref[SecurityGroup]) Truth {
	if s.Group.IsAbsent() {
		return False
	}
	return s.Group.Same(group)
}

// AnyRange asks whether the question is True for the source's range, or for a
// range of its prefix list.
func (s Source) AnyRange(question func(netip.Prefix) Truth) Truth {
	if !s.List.IsAbsent() {
		return s.List.Ask(func(l *PrefixList) Truth { return l.Ranges.Any(question) })
	}
	if s.Range.IsAbsent() {
		return False
	}
	return askRange(s.Range, question)
}

// MayHave asks whether the source may have addresses of a family. The answer is never
// True: the source may also have none.
func (s Source) MayHave(ipv6 bool) Truth {
	if ipv6 {
		return s.IsIPv6.AtMostMaybe()
	}
	return s.IsIPv6.Not().AtMostMaybe()
}

// HasRange asks whether the source is, or includes, a range of addresses.
func (s Source) HasRange() Truth {
	return s.AnyRange(func(netip.Prefix) Truth { return True })
}

// ruleIndex holds the rules of one direction.
type ruleIndex struct {
	all     []*SecurityGroupRule
	byGroup index[SecurityGroup, *SecurityGroupRule]
}

// AddSecurityGroupRule adds a rule to the stack.
func (s *Stack) AddSecurityGroupRule(rule *SecurityGroupRule) {
	of := &s.rules[rule.Direction]
	of.all = append(of.all, rule)
	of.byGroup.add(rule.Group, rule)
}

// Admits asks whether a set of security groups admits a TCP port from a source
// for which the question is True.
func (s *Stack) Admits(groups Refs[SecurityGroup], port int, question func(Source) Truth) Truth {
	return s.rules[Inbound].lets(groups, Port(port), question)
}

// HasInboundRules asks whether a set of security groups admits anyone on any TCP port.
func (s *Stack) HasInboundRules(groups Refs[SecurityGroup]) Truth {
	return s.rules[Inbound].lets(groups, AllPorts, Source.IsAnyone)
}

// LetsOut asks whether a set of security groups lets connections out, on a TCP
// port of a range, to a destination for which the question is True.
func (s *Stack) LetsOut(groups Refs[SecurityGroup], ports Ports, question func(Source) Truth) Truth {
	return s.rules[Outbound].lets(groups, ports, question)
}

// lets asks whether a rule of one of the groups is for a port of a range and for
// a source for which the question is True.
func (x *ruleIndex) lets(groups Refs[SecurityGroup], ports Ports, question func(Source) Truth) Truth {
	return groups.Any(func(group Ref[SecurityGroup]) Truth {
		answer := False
		if group.Open { // A group outside the stack may have other rules too.
			answer = Maybe
			if group.Value.IsUnknown() { // No rule is certainly one of this group.
				return answer
			}
			for _, rule := range x.all {
				if answer = answer.Or(group.Same(rule.Group).And(rule.lets(ports, question))); answer == True {
					break
				}
			}
			return answer
		}
		return group.Ask(func(g *SecurityGroup) Truth {
			answer := False
			for rule := range x.byGroup.mayName(g) {
				if answer = answer.Or(rule.Group.Names(g).And(rule.lets(ports, question))); answer == True {
					break
				}
			}
			return answer
		})
	})
}

// lets asks whether the rule is for a port of a range and for a source for which
// the question is True.
func (r *SecurityGroupRule) lets(ports Ports, question func(Source) Truth) Truth {
	applies := r.InForce.And(r.takesTCP(ports))
	if applies == False {
		return False
	}
	return applies.And(r.isForAny(question))
}

// Admitting returns the rules by which a set of security groups certainly
// admits a TCP port from a source for which the question is True.
func (s *Stack) Admitting(groups Refs[SecurityGroup], port int, question func(Source) Truth) []*SecurityGroupRule {
	var found []*SecurityGroupRule
	for _, rule := range s.rules[Inbound].all {
		onGroup := groups.Any(func(group Ref[SecurityGroup]) Truth { return group.Same(rule.Group) })
		if onGroup.And(rule.lets(Port(port), question)) == True {
			found = append(found, rule)
		}
	}
	return found
}

// RulesOf returns the rules of one direction that a security group has or may have.
func (s *Stack) RulesOf(group *SecurityGroup, direction Direction) []*SecurityGroupRule {
	var found []*SecurityGroupRule
	for rule := range s.rules[direction].byGroup.mayName(group) {
		found = append(found, rule)
	}
	return found
}

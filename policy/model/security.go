package model

import (
	"net/netip"
	"strings"
)

// SecurityGroup is a security group.
type SecurityGroup struct{ Element }

// PrefixList is a managed prefix list.
type PrefixList struct {
	Element
	Ranges []Known[netip.Prefix]
	// Complete is false where further ranges may be on the list.
	Complete bool
}

// IngressRule lets traffic into a security group, from whichever of the places
// that a stack can put such a rule in.
type IngressRule struct {
	Element
	Group Ref[SecurityGroup]
	// InForce is Maybe where the rule may be an old copy of another, or may be
	// about the other direction.
	InForce  Truth
	Protocol Known[string]
	From, To Known[int]
	Sources  []Source
	// SourcesComplete is false where the rule may admit further sources.
	SourcesComplete bool
}

// Source is whom a rule admits: a range, the members of a group or the ranges
// of a list. One of them is set.
type Source struct {
	Range Known[netip.Prefix]
	Group Ref[SecurityGroup]
	List  Ref[PrefixList]
}

// AdmitsTCP asks whether the rule is about a TCP port.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func (r *IngressRule) AdmitsTCP(port int) Truth {
	protocol, known := r.Protocol.Get()
	if !known {
		return Maybe
	}
	switch strings.ToLower(protocol) {
	case "-1", "all":
		return True
	case "tcp", "6":
		return atMost(r.From, port).And(atLeast(r.To, port))
	}
	return False
}

func atMost(k Known[int], n int) Truth {
	v, known := k.Get()
	if !known {
		return Maybe
	}
	return TruthOf(v <= n)
}

func atLeast(k Known[int], n int) Truth {
	v, known := k.Get()
	if !known {
		return Maybe
	}
	return TruthOf(v >= n)
}

// AdmitsAny asks whether one of the rule's sources has a property.
func (r *IngressRule) AdmitsAny(question func(Source) Truth) Truth {
	answer := False
	for _, source := range r.Sources {
		answer = answer.Or(question(source))
	}
	if !r.SourcesComplete {
		return answer.Or(Maybe)
	}
	return answer
}

// IsEveryone asks whether the source is the whole internet.
func (s Source) IsEveryone() Truth {
	return s.AnyRange(func(r netip.Prefix) Truth { return TruthOf(r.Bits() == 0) })
}

// Covers asks whether the source has every address of a range in it. Part of
// them is Maybe.
func (s Source) Covers(all netip.Prefix) Truth {
	return s.AnyRange(func(r netip.Prefix) Truth { return coverage(r, all) })
}

// Outside asks whether the source has an address that lies in none of the ranges.
func (s Source) Outside(ranges []netip.Prefix) Truth {
	return s.AnyRange(func(r netip.Prefix) Truth {
		for _, allowed := range ranges {
			if holds(allowed, r) {
				return False
			}
		}
		return True
	})
}

// IsGroup asks whether the source is the members of a group.
func (s Source) IsGroup(group Ref[SecurityGroup]) Truth {
	if s.Group.IsAbsent() {
		return False
	}
	return s.Group.Same(group)
}

// AnyRange asks whether the question is True of a range of the source: its own, or
// one of its list.
func (s Source) AnyRange(question func(netip.Prefix) Truth) Truth {
	if !s.List.IsAbsent() {
		return s.List.Ask(func(l *PrefixList) Truth { return l.any(question) })
	}
	if s.Range.IsAbsent() {
		return False
	}
	return askRange(s.Range, question)
}

func (l *PrefixList) any(question func(netip.Prefix) Truth) Truth {
	answer := False
	for _, r := range l.Ranges {
		answer = answer.Or(askRange(r, question))
	}
	if !l.Complete {
		return answer.Or(Maybe)
	}
	return answer
}

func askRange(r Known[netip.Prefix], question func(netip.Prefix) Truth) Truth {
	if v, known := r.Get(); known {
		return question(v)
	}
	return Maybe
}

// HasRange asks whether the source is, at least in part, a range of addresses.
func (s Source) HasRange() Truth {
	return s.AnyRange(func(netip.Prefix) Truth { return True })
}

// rulebook finds the rules that may be those of a group.
type rulebook struct {
	all     []*IngressRule
	byGroup map[*SecurityGroup][]*IngressRule
	loose   []*IngressRule // May be those of any group.
}

// AddIngressRule puts a rule into the stack.
func (s *Stack) AddIngressRule(rule *IngressRule) {
	s.rules.all = append(s.rules.all, rule)
	if rule.Group.anything() {
		s.rules.loose = append(s.rules.loose, rule)
		return
	}
	if s.rules.byGroup == nil {
		s.rules.byGroup = map[*SecurityGroup][]*IngressRule{}
	}
	for _, g := range rule.Group.Candidates {
		s.rules.byGroup[g] = append(s.rules.byGroup[g], rule)
	}
}

// Admits asks whether a set of security groups lets a TCP port through from a
// source of which the question is True.
func (s *Stack) Admits(groups Refs[SecurityGroup], port int, question func(Source) Truth) Truth {
	return groups.Any(func(group Ref[SecurityGroup]) Truth {
		if group.Open { // A group outside of the stack may have other rules too.
			return Maybe.Or(anyRule(s.rules.all, port, question, group.Same))
		}
		return group.Ask(func(g *SecurityGroup) Truth {
			onGroup := func(r Ref[SecurityGroup]) Truth { return r.Names(g) }
			return anyRule(s.rules.byGroup[g], port, question, onGroup).Or(anyRule(s.rules.loose, port, question, onGroup))
		})
	})
}

func anyRule(rules []*IngressRule, port int, question func(Source) Truth, onGroup func(Ref[SecurityGroup]) Truth) Truth {
	answer := False
	for _, rule := range rules {
		if about := onGroup(rule.Group).And(rule.InForce).And(rule.AdmitsTCP(port)); about != False {
			answer = answer.Or(about.And(rule.AdmitsAny(question)))
		}
		if answer == True {
			break
		}
	}
	return answer
}

// Admitting lists the rules by which a set of security groups lets a TCP port
// through, for certain, from a source of which the question is True.
func (s *Stack) Admitting(groups Refs[SecurityGroup], port int, question func(Source) Truth) []*IngressRule {
	var found []*IngressRule
	for _, rule := range s.rules.all {
		placed := groups.Any(func(group Ref[SecurityGroup]) Truth { return group.Same(rule.Group) })
		if placed.And(rule.InForce).And(rule.AdmitsTCP(port)) == True && rule.AdmitsAny(question) == True {
			found = append(found, rule)
		}
	}
	return found
}

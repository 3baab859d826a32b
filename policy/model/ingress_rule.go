package model

import (
	"net/netip"
	"strings"
)

// IngressRule lets traffic into a security group. A stack can write it in
// several places.
type IngressRule struct {
	Element
	Group Ref[SecurityGroup]
	// InForce is Maybe if the rule may be an old copy of another one, or may be an egress rule.
	InForce  Truth
	Protocol Known[string]
	From, To Known[int]
	Sources  []Source
	// SourcesComplete is false if the rule admits, or may admit, other sources.
	SourcesComplete bool
}

// Source is whom a rule admits. Exactly one of the fields is set.
type Source struct {
	Range Known[netip.Prefix]
	// Group stands for the members of a security group.
	Group Ref[SecurityGroup]
	// List stands for the ranges of a prefix list.
	List Ref[PrefixList]
}

// admitsTCP asks whether the rule applies to a TCP port.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func (r *IngressRule) admitsTCP(port int) Truth {
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

// admitsAny asks whether the question is True for one of the rule's sources.
func (r *IngressRule) admitsAny(question func(Source) Truth) Truth {
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

// HasRange asks whether the source is, or includes, a range of addresses.
func (s Source) HasRange() Truth {
	return s.AnyRange(func(netip.Prefix) Truth { return True })
}

// ruleIndex finds the rules that a security group has or may have.
type ruleIndex struct {
	all     []*IngressRule
	byGroup map[*SecurityGroup][]*IngressRule
	ofAny   []*IngressRule // Rules that may belong to any group.
}

// AddIngressRule adds a rule to the stack.
func (s *Stack) AddIngressRule(rule *IngressRule) {
	s.rules.all = append(s.rules.all, rule)
	if rule.Group.isAnything() {
		s.rules.ofAny = append(s.rules.ofAny, rule)
		return
	}
	if s.rules.byGroup == nil {
		s.rules.byGroup = map[*SecurityGroup][]*IngressRule{}
	}
	for _, g := range rule.Group.Candidates {
		s.rules.byGroup[g] = append(s.rules.byGroup[g], rule)
	}
}

// Admits asks whether a set of security groups admits a TCP port from a source
// for which the question is True.
func (s *Stack) Admits(groups Refs[SecurityGroup], port int, question func(Source) Truth) Truth {
	return groups.Any(func(group Ref[SecurityGroup]) Truth {
		if group.Open { // A group outside the stack may have other rules too.
			return Maybe.Or(anyRule(s.rules.all, port, question, group.Same))
		}
		return group.Ask(func(g *SecurityGroup) Truth {
			onGroup := func(r Ref[SecurityGroup]) Truth { return r.Names(g) }
			admits := anyRule(s.rules.byGroup[g], port, question, onGroup)
			return admits.Or(anyRule(s.rules.ofAny, port, question, onGroup))
		})
	})
}

// anyRule asks whether one of the rules is on a group and admits a TCP port
// from a source for which the question is True.
func anyRule(
	rules []*IngressRule, port int, question func(Source) Truth, onGroup func(Ref[SecurityGroup]) Truth,
) Truth {
	answer := False
	for _, rule := range rules {
		if applies := onGroup(rule.Group).And(rule.InForce).And(rule.admitsTCP(port)); applies != False {
			answer = answer.Or(applies.And(rule.admitsAny(question)))
		}
		if answer == True {
			break
		}
	}
	return answer
}

// Admitting returns the rules by which a set of security groups certainly
// admits a TCP port from a source for which the question is True.
func (s *Stack) Admitting(groups Refs[SecurityGroup], port int, question func(Source) Truth) []*IngressRule {
	var found []*IngressRule
	for _, rule := range s.rules.all {
		onGroup := groups.Any(func(group Ref[SecurityGroup]) Truth { return group.Same(rule.Group) })
		if onGroup.And(rule.InForce).And(rule.admitsTCP(port)) == True && rule.admitsAny(question) == True {
			found = append(found, rule)
		}
	}
	return found
}

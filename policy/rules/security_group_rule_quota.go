package rules

import (
	"net/netip"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var rulesPerSecurityGroup = rule.Integer("rulesPerSecurityGroup", 60, rule.Limits{Least: 1, Most: 1000},
	"The account's quota of inbound or outbound rules per security group, for IPv4 and for IPv6 each.")

var securityGroupRuleQuota = &rule.Rule{
	ID:    "security-group-rule-quota",
	Title: "A security group has no more rules than AWS takes",
	Why: `A security group takes 60 inbound and 60 outbound rules, counted separately for IPv4 and
IPv6. A rule with several ranges counts once for each of them. A rule for a security group
counts for both. A rule for a prefix list counts as many times as the list may have entries.
AWS refuses the next rule: "RulesPerSecurityGroupLimitExceeded: The maximum number of rules
per security group has been reached". The rules before it exist by then.`,
	Fix: `Merge ranges, use a prefix list with a small maxEntries, or divide the rules between
several groups: a network interface takes five. If the quota of your account is higher, set
the parameter rulesPerSecurityGroup.`,
	Severity: rule.Medium,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html",
		"https://repost.aws/articles/ARSvw6_D8cTkaAQGRMK1L2QA/managing-prefix-lists-in-security-groups-quota-considerations",
	},
	Tags:       []string{"security-group"},
	Parameters: []rule.Parameter{rulesPerSecurityGroup},
	Defects:    []*rule.Defect{tooManyRules},
	Check:      checkSecurityGroupRuleQuota,
}

var tooManyRules = &rule.Defect{
	ID: "too-many-rules", Outcome: rule.Refused,
	Summary: "A security group has more rules than the quota.",
	Effect:  `AWS refuses the rules above the quota: "RulesPerSecurityGroupLimitExceeded".`,
}

func checkSecurityGroupRuleQuota(s *model.Stack, r *rule.Report) {
	quota := rulesPerSecurityGroup.Value(r)
	for _, g := range s.SecurityGroups {
		var faults []rule.Fault
		for _, direction := range []model.Direction{model.Inbound, model.Outbound} {
			faults = append(faults, tooMany(s, g, direction, quota)...)
		}
		r.Judge(g.Origin, faults...)
	}
}

// tooMany returns the faults of a group with more rules of a direction than the quota.
func tooMany(s *model.Stack, g *model.SecurityGroup, direction model.Direction, quota int) []rule.Fault {
	counts := map[string]*ruleCount{"IPv4": {ipv6: false}, "IPv6": {ipv6: true}}
	for _, one := range s.RulesOf(g, direction) {
		for _, c := range counts {
			c.add(one, one.InForce.And(one.Group.Names(g)))
		}
	}
	var faults []rule.Fault
	for _, family := range []string{"IPv4", "IPv6"} {
		c := counts[family]
		faults = append(faults, tooManyRules.If(c.exceeds(quota), g.Origin,
			"%s has %d or more %s rules for %s; want at most %d, or the account's quota in the parameter "+
				"rulesPerSecurityGroup", g.Name, c.least, direction, family, quota))
	}
	return faults
}

// ruleCount counts the rules of an IP version.
type ruleCount struct {
	ipv6  bool
	least int
	// more is how many rules there may be in addition, unless there may be any number.
	more int
	open bool
}

// exceeds asks whether there are more rules than the quota.
func (c *ruleCount) exceeds(quota int) model.Truth {
	switch {
	case c.least > quota:
		return model.True
	case c.open || c.least+c.more > quota:
		return model.Maybe
	}
	return model.False
}

// add counts a rule, which is certainly one of the group's or may be.
func (c *ruleCount) add(one *model.SecurityGroupRule, certain model.Truth) {
	if certain == model.False {
		return
	}
	c.open = c.open || !one.SourcesComplete
	for _, source := range one.Sources {
		n, isSure := c.countOf(source)
		if isSure && certain == model.True {
			c.least += n
		} else {
			c.more += n
		}
	}
}

// countOf returns how many rules a source counts as, and whether that is certain.
func (c *ruleCount) countOf(source model.Source) (n int, certain bool) {
	switch {
	case !source.List.IsAbsent():
		return c.countOfList(source.List)
	case !source.Group.IsAbsent():
		return 1, true
	}
	all, known := source.Range.Get()
	if !known {
		return 1, false // It may be a range of the other IP version.
	}
	if c.isFor(all) {
		return 1, true
	}
	return 0, true
}

func (c *ruleCount) isFor(all netip.Prefix) bool { return all.Addr().Is6() == c.ipv6 }

// countOfList returns how many rules a prefix list counts as. The stack does not
// say how many entries a list of AWS has.
func (c *ruleCount) countOfList(list model.Ref[model.PrefixList]) (n int, certain bool) {
	sole, isSole := list.Sole()
	if !isSole {
		c.open = true
		return 0, true
	}
	ipv6, known := sole.IPv6.Get()
	most, alsoKnown := sole.MaxEntries.Get()
	switch {
	case known && ipv6 != c.ipv6:
		return 0, true
	case !alsoKnown:
		c.open = true
		return 1, known
	}
	return most, known
}

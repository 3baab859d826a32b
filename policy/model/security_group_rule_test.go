package model_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

func TestASourceCoversARange(t *testing.T) {
	all := netip.MustParsePrefix("10.0.1.0/24")
	for _, c := range []struct {
		why, source string
		want        model.Truth
	}{
		{"the same range", "10.0.1.0/24", model.True},
		{"a larger range", "10.0.0.0/16", model.True},
		{"the whole internet", "0.0.0.0/0", model.True},
		{"a part, which may be the part that is in use", "10.0.1.128/25", model.Maybe},
		{"another range", "10.0.2.0/24", model.False},
		{"the whole internet in IPv6", "::/0", model.False},
	} {
		s := model.Source{Range: model.Of(netip.MustParsePrefix(c.source))}
		assert.Equal(t, c.want, s.Covers(all), c.why)
	}
	assert.Equal(t, model.Maybe, model.Source{Range: model.Unknown[netip.Prefix]()}.Covers(all), "an unknown range")
	assert.Equal(t, model.False, model.Source{}.Covers(all), "no range")
}

func TestARuleAdmitsAPort(t *testing.T) {
	rule := func(protocol string, from, to model.Known[int]) *model.SecurityGroupRule {
		return &model.SecurityGroupRule{Protocol: model.Of(protocol), From: from, To: to}
	}
	port := model.Of[int]
	for _, c := range []struct {
		why  string
		rule *model.SecurityGroupRule
		want model.Truth
	}{
		{"the port", rule("tcp", port(443), port(443)), model.True},
		{"a range of ports", rule("6", port(0), port(65535)), model.True},
		{"ports below", rule("tcp", port(0), port(442)), model.False},
		{"ports above", rule("tcp", port(444), port(65535)), model.False},
		{"another protocol", rule("udp", port(443), port(443)), model.False},
		{"ICMP, with a type and a code", rule("icmp", port(3), port(4)), model.False},
		{"ICMPv6 by its number, every type", rule("58", port(-1), port(-1)), model.False},
		{"ICMP, with numbers that could be ports", rule("icmp", port(0), port(65535)), model.False},
		{"every protocol includes every port", rule("-1", port(0), port(0)), model.True},
		{"an unknown protocol", &model.SecurityGroupRule{Protocol: model.Unknown[string]()}, model.Maybe},
		{"an unknown last port", rule("tcp", port(443), model.Unknown[int]()), model.Maybe},
		{"an unknown last port after a first port above", rule("tcp", port(444), model.Unknown[int]()), model.False},
	} {
		t.Run(c.why, func(t *testing.T) { assert.Equal(t, c.want, admits(c.rule, 443)) })
	}
}

// admits asks whether a security group with one rule for everyone admits a port.
func admits(rule *model.SecurityGroupRule, port int) model.Truth {
	group := model.Ref[model.SecurityGroup]{Candidates: []*model.SecurityGroup{{}}}
	rule.Group, rule.InForce, rule.SourcesComplete = group, model.True, true
	rule.Sources = []model.Source{{Range: model.Of(netip.MustParsePrefix("0.0.0.0/0"))}}
	var s model.Stack
	s.AddSecurityGroupRule(rule)
	groups := model.Refs[model.SecurityGroup]{Items: []model.Ref[model.SecurityGroup]{group}}
	return s.Admits(groups, port, model.Source.IsEveryone)
}

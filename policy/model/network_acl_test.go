package model_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

// aclRule returns a rule for TCP.
func aclRule(number int, allows bool, block string, from, to int) *model.NetworkACLRule {
	return &model.NetworkACLRule{
		Number: model.Of(number), Allows: model.Of(allows), Protocol: model.Of("tcp"), From: model.Of(from),
		To: model.Of(to), Range: model.Of(netip.MustParsePrefix(block)), InForce: model.True,
	}
}

func TestANetworkACLBlocksWhatNoRuleAllows(t *testing.T) {
	const everyone, half, otherHalf, near = "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/24"
	allow, deny := true, false
	unknownNumber := aclRule(0, deny, everyone, 0, 65535)
	unknownNumber.Number = model.Unknown[int]()
	unknownAction := aclRule(10, allow, everyone, 443, 443)
	unknownAction.Allows = model.Unknown[bool]()
	all := aclRule(10, allow, everyone, 0, 0)
	all.Protocol = model.Of("-1")
	for _, c := range []struct {
		why   string
		rules []*model.NetworkACLRule
		want  model.Truth
	}{
		{"no rule", nil, model.True},
		{"a rule for the port", []*model.NetworkACLRule{aclRule(10, allow, everyone, 443, 443)}, model.False},
		{"a rule for some clients", []*model.NetworkACLRule{aclRule(10, allow, near, 443, 443)}, model.False},
		{"a rule for another port", []*model.NetworkACLRule{aclRule(10, allow, everyone, 444, 65535)}, model.True},
		{"a rule for every protocol has no ports", []*model.NetworkACLRule{all}, model.False},
		{"a denial first", []*model.NetworkACLRule{
			aclRule(20, allow, everyone, 443, 443), aclRule(10, deny, everyone, 0, 65535),
		}, model.True},
		{"a denial last", []*model.NetworkACLRule{
			aclRule(20, deny, everyone, 0, 65535), aclRule(10, allow, everyone, 443, 443),
		}, model.False},
		{"a denial of some, then everyone", []*model.NetworkACLRule{
			aclRule(10, deny, near, 443, 443), aclRule(20, allow, everyone, 443, 443),
		}, model.False},
		{"a denial of exactly those that a rule allows later", []*model.NetworkACLRule{
			aclRule(10, deny, near, 443, 443), aclRule(20, allow, near, 443, 443),
		}, model.Maybe},
		{"two denials that leave nobody", []*model.NetworkACLRule{
			aclRule(10, deny, half, 443, 443), aclRule(11, deny, otherHalf, 443, 443),
			aclRule(20, allow, everyone, 443, 443),
		}, model.Maybe},
		{"a denial of unknown number", []*model.NetworkACLRule{
			unknownNumber, aclRule(20, allow, everyone, 443, 443),
		}, model.Maybe},
		{"a rule that may allow", []*model.NetworkACLRule{unknownAction}, model.Maybe},
	} {
		t.Run(c.why, func(t *testing.T) {
			acl := &model.NetworkACL{}
			var s model.Stack
			for _, rule := range c.rules {
				copied := *rule
				copied.ACL = model.Ref[model.NetworkACL]{Candidates: []*model.NetworkACL{acl}}
				s.AddNetworkACLRule(&copied)
			}
			assert.Equal(t, c.want, s.Blocks(acl, model.Inbound, model.Port(443), netip.MustParsePrefix(everyone)))
			assert.Equal(t, model.True, s.Blocks(acl, model.Outbound, model.Port(443), netip.MustParsePrefix(everyone)),
				"the other direction has no rule")
		})
	}
}

func TestASubnetUsesTheTableThatItIsAssociatedWith(t *testing.T) {
	main, own, other := &model.RouteTable{}, &model.RouteTable{}, &model.RouteTable{}
	vpc := &model.VPC{MainTable: refTo(main)}
	subnet := &model.Subnet{VPC: refTo(vpc), AssociationsComplete: true}
	elsewhere := &model.Subnet{}
	maybe := model.Ref[model.Subnet]{Value: model.Unknown[string](), Candidates: []*model.Subnet{subnet, elsewhere}}
	type association = model.Association[model.RouteTable]
	for _, c := range []struct {
		why  string
		all  []association
		want []*model.RouteTable
	}{
		{"none: the main table", nil, []*model.RouteTable{main}},
		{"its own", []association{{Subnet: refTo(subnet), To: refTo(own)}}, []*model.RouteTable{own}},
		{"of another subnet", []association{{Subnet: refTo(elsewhere), To: refTo(own)}}, []*model.RouteTable{main}},
		{"one that may be its own", []association{{Subnet: maybe, To: refTo(own)}}, []*model.RouteTable{own, main}},
		{"its own, and one that may be", []association{
			{Subnet: maybe, To: refTo(other)}, {Subnet: refTo(subnet), To: refTo(own)},
		}, []*model.RouteTable{own}},
	} {
		t.Run(c.why, func(t *testing.T) {
			var s model.Stack
			for _, a := range c.all {
				s.AddTableAssociation(a)
			}
			table := s.TableOf(subnet)
			assert.Len(t, table.Candidates, len(c.want))
			for i := range c.want {
				assert.Same(t, c.want[i], table.Candidates[i])
			}
			assert.False(t, table.Open)
		})
	}
	read := &model.Subnet{VPC: refTo(vpc)}
	assert.True(t, new(model.Stack).TableOf(read).Open, "a subnet that the stack may only read")
}

// refTo returns a reference that certainly names an element.
func refTo[T any](element *T) model.Ref[T] {
	return model.Ref[T]{Value: model.Unknown[string](), Candidates: []*T{element}}
}

package main

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnUnsetInputGetsAValue(t *testing.T) {
	s := aStack()
	tables := &tables{
		inputs: map[string]inputs{"aws:ec2/securityGroup:SecurityGroup": {Optional: []string{"revokeRulesOnDelete"}}},
		values: []values{{
			Type: "aws:ec2/securityGroup:SecurityGroup", Property: "revokeRulesOnDelete", Values: []any{true},
			Absent: true,
		}},
	}
	mutants := s.unsetInputs(0, tables)
	require.Len(t, mutants, 1)
	assert.Equal(t, "absent → true", mutants[0].Says)
	assert.True(t, mutants[0].build()[0].Properties["revokeRulesOnDelete"].BoolValue())
	assert.NotContains(t, s.resources[0].Properties, resource.PropertyKey("revokeRulesOnDelete"))
}

func TestARuleIsOpenedToIPv6(t *testing.T) {
	mutants := aStack().openings(2)
	require.Len(t, mutants, 1)
	rule := mutants[0].build()[2].Properties
	assert.Equal(t, "::/0", rule["cidrIpv6"].StringValue())
	assert.NotContains(t, rule, resource.PropertyKey("cidrIpv4"))
}

func TestAnAliasLeadsToAResourceOfAnotherType(t *testing.T) {
	of := func(kind, name string, properties map[string]any) plugin.AnalyzerStackResource {
		r := plugin.AnalyzerStackResource{}
		r.URN, r.Name = resource.URN("urn:pulumi:s::p::"+kind+"::"+name), name
		r.Type = r.URN.Type()
		r.Properties = resource.NewPropertyMapFromMap(properties)
		return r
	}
	front := of("aws:lb/loadBalancer:LoadBalancer", "front", map[string]any{"dnsName": "f.elb.amazonaws.com",
		"zoneId": "Z1"})
	endpoint := of("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", map[string]any{
		"dnsEntries": []any{map[string]any{"dnsName": "vpce-1.vpce.amazonaws.com", "hostedZoneId": "Z2"}},
	})
	record := of("aws:route53/record:Record", "name", map[string]any{
		"aliases": []any{map[string]any{"name": "f.elb.amazonaws.com", "zoneId": "Z1"}},
	})
	record.PropertyDependencies = map[resource.PropertyKey][]resource.URN{"aliases": {front.URN}}
	s := &stack{view: deployed, resources: []plugin.AnalyzerStackResource{front, endpoint, record}}
	s.index = map[resource.URN]int{front.URN: 0, endpoint.URN: 1, record.URN: 2}
	mutants := s.aliases(2)
	require.Len(t, mutants, 1)
	assert.Equal(t, "endpoint instead of front", mutants[0].Says)
	changed := mutants[0].build()[2]
	assert.Equal(t, []resource.URN{endpoint.URN}, changed.PropertyDependencies["aliases"])
	alias := changed.Properties["aliases"].ArrayValue()[0].ObjectValue()
	assert.Equal(t, "vpce-1.vpce.amazonaws.com", alias["name"].StringValue())
	assert.Equal(t, "Z2", alias["zoneId"].StringValue())
}

func TestATextNamesAnotherRegion(t *testing.T) {
	for _, row := range []struct {
		text, want string
		has        bool
		why        string
	}{
		{"com.amazonaws.us-east-1.execute-api", "com.amazonaws.us-west-2.execute-api", true, "in the middle"},
		{"us-east-1", "us-west-2", true, "alone"},
		{"us-east-1a", "us-east-1a", false, "a zone has its own values"},
		{"prod", "prod", false, "no region"},
	} {
		got, has := elsewhere(row.text)
		assert.Equal(t, row.has, has, row.why)
		assert.Equal(t, row.want, got, row.why)
	}
}

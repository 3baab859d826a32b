package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
)

// TestATargetIsAnInstance finds the instance of a target by its ID or its address, known or not.
func TestATargetIsAnInstance(t *testing.T) {
	type properties = map[string]any
	const unknown = fixture.Unknown
	for _, c := range []struct {
		why    string
		server properties
		target string
		from   []string
		vpc    string // Of the target group.
		want   bool
	}{
		{"by its ID", properties{"id": "i-1"}, "i-1", nil, "vpc", true},
		{"by the resource of its ID", properties{"id": unknown}, unknown, []string{"server"}, "vpc", true},
		{"by the resource of its address", properties{"privateIp": unknown}, unknown, []string{"server"}, "vpc", true},
		{"by its address", properties{"privateIp": "10.0.0.9"}, "10.0.0.9", nil, "vpc", true},
		{"by its IPv6 address", properties{"ipv6Addresses": []any{"2001:db8::9"}}, "2001:db8::9", nil, "vpc", true},
		{"its address in another VPC", properties{"privateIp": "10.0.0.9"}, "10.0.0.9", nil, "other", false},
		{"another address", properties{"privateIp": "10.0.0.9"}, "10.0.0.8", nil, "vpc", false},
		{"another instance", properties{"id": "i-1"}, "i-2", nil, "vpc", false},
	} {
		c.server["subnetId"] = unknown
		target := fixture.Resource{Name: "target", Type: "aws:lb/targetGroupAttachment:TargetGroupAttachment",
			Properties:   properties{"targetGroupArn": unknown, "targetId": c.target},
			Dependencies: map[string][]string{"targetGroupArn": {"tg"}, "targetId": c.from}}
		stack := decodeAll(
			fixture.Resource{Name: "vpc", Type: "aws:ec2/vpc:Vpc"},
			fixture.Resource{Name: "other", Type: "aws:ec2/vpc:Vpc"},
			fixture.Resource{Name: "subnet", Type: "aws:ec2/subnet:Subnet", Properties: properties{"vpcId": unknown},
				Dependencies: map[string][]string{"vpcId": {"vpc"}}},
			fixture.Resource{Name: "server", Type: "aws:ec2/instance:Instance", Properties: c.server,
				Dependencies: map[string][]string{"subnetId": {"subnet"}}},
			fixture.Resource{Name: "tg", Type: "aws:lb/targetGroup:TargetGroup",
				Properties:   properties{"vpcId": unknown},
				Dependencies: map[string][]string{"vpcId": {c.vpc}}},
			target,
		)
		_, certain := stack.Targets[0].Instance.Sole()
		assert.Equal(t, c.want, certain, c.why)
	}
}

// TestAnInstanceIsWhereItsNetworkInterfaceIs gives an instance a network interface of the program, and a group more.
func TestAnInstanceIsWhereItsNetworkInterfaceIs(t *testing.T) {
	const unknown = fixture.Unknown
	stack := decodeAll(
		fixture.Resource{Name: "subnet", Type: "aws:ec2/subnet:Subnet"},
		fixture.Resource{Name: "one", Type: "aws:ec2/securityGroup:SecurityGroup"},
		fixture.Resource{Name: "two", Type: "aws:ec2/securityGroup:SecurityGroup"},
		fixture.Resource{Name: "interface", Type: "aws:ec2/networkInterface:NetworkInterface",
			Properties: map[string]any{
				"subnetId": unknown, "securityGroups": []any{unknown}, "privateIps": []any{"10.0.0.9"},
			},
			Dependencies: map[string][]string{"subnetId": {"subnet"}, "securityGroups": {"one"}}},
		fixture.Resource{Name: "a-server", Type: "aws:ec2/instance:Instance",
			Properties: map[string]any{"networkInterfaces": []any{
				map[string]any{"deviceIndex": 0, "networkInterfaceId": unknown},
			}},
			Dependencies: map[string][]string{"networkInterfaces": {"interface"}}},
		fixture.Resource{Name: "more",
			Type:         "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
			Properties:   map[string]any{"networkInterfaceId": unknown, "securityGroupId": unknown},
			Dependencies: map[string][]string{"networkInterfaceId": {"a-server"}, "securityGroupId": {"two"}}},
	)
	server := stack.Instances[0]
	subnet, certain := server.Subnet.Sole()
	require.True(t, certain)
	assert.Equal(t, "subnet", subnet.Name)
	address, _ := server.IPv4.Get()
	assert.Equal(t, "10.0.0.9", address)
	var groups []string
	for _, ref := range server.Groups.Items {
		group, _ := ref.Sole()
		groups = append(groups, group.Name)
	}
	assert.ElementsMatch(t, []string{"one", "two"}, groups)
	assert.Nil(t, server.Groups.Rest)
}

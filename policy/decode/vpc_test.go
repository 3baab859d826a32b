package decode

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// TestAVPCHasTheAddressesOfItsRanges reads the ranges of a VPC and of the resources that add ranges to it.
func TestAVPCHasTheAddressesOfItsRanges(t *testing.T) {
	type properties = map[string]any
	for _, c := range []struct {
		why        string
		properties properties
		more       string // The IPv6 range that an association adds.
		ip         string
		want       model.Truth
	}{
		{"in its IPv4 range", properties{}, "", "10.0.1.2", model.True},
		{"outside its IPv4 range", properties{}, "", "10.1.1.2", model.False},
		{"it has no IPv6 range", properties{"ipv6CidrBlock": fixture.Unknown}, "", "2001:db8::1", model.False},
		{"AWS chooses its IPv6 range", properties{"assignGeneratedIpv6CidrBlock": true}, "", "2001:db8::1",
			model.Maybe},
		{"a pool has its IPv6 range", properties{"ipv6IpamPoolId": "ipam-pool-1"}, "", "2001:db8::1", model.Maybe},
		{"in its IPv6 range", properties{"ipv6CidrBlock": "2001:db8::/56"}, "", "2001:db8::1", model.True},
		{"in a range that is added", properties{}, "2001:db8::/56", "2001:db8::1", model.True},
		{"outside a range that is added", properties{}, "2001:db8::/56", "2001:db9::1", model.False},
		{"the range that is added is not known yet", properties{}, fixture.Unknown, "2001:db8::1", model.Maybe},
		{"AWS chooses the range that is added", properties{}, "AWS", "2001:db8::1", model.Maybe},
	} {
		c.properties["cidrBlock"] = "10.0.0.0/16"
		resources := []fixture.Resource{{Name: "vpc", Type: "aws:ec2/vpc:Vpc", Properties: c.properties}}
		if c.more != "" {
			more := properties{"vpcId": fixture.Unknown, "ipv6CidrBlock": c.more}
			if c.more == "AWS" {
				delete(more, "ipv6CidrBlock")
			}
			resources = append(resources, fixture.Resource{
				Name: "more", Type: "aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation",
				Properties:   more,
				Dependencies: map[string][]string{"vpcId": {"vpc"}},
			})
		}
		assert.Equal(t, c.want, decodeAll(resources...).VPCs[0].Has(netip.MustParseAddr(c.ip)), c.why)
	}
}

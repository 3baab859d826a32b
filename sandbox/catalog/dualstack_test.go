package catalog

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func dualstackThings() map[string]thing {
	return map[string]thing{
		"dual vpc": {vpcType, func(*world) props {
			return props{"cidrBlock": "10.5.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": true, "assignGeneratedIpv6CidrBlock": true}
		}},
		"dual subnet a": {subnetType, dualSubnet("10.5.1.0/24", "us-east-1a", 1)},
		"dual subnet b": {subnetType, dualSubnet("10.5.2.0/24", "us-east-1b", 2)},
		"plain subnet":  {subnetType, subnetIn("dual vpc", "10.5.3.0/24", "us-east-1c")},
		"dual nlb": {loadBalancerType, func(w *world) props {
			return props{"name": "dual", "loadBalancerType": "network", "internal": true, "ipAddressType": "dualstack", "subnetMappings": []any{
				map[string]any{"subnetId": w.id("dual subnet a"), "privateIpv4Address": "10.5.1.10", "ipv6Address": w.in6(1, 0x10)},
				map[string]any{"subnetId": w.id("dual subnet b")}}}
		}},
		"second dual nlb": {loadBalancerType, func(w *world) props {
			return props{"name": "dual-2", "loadBalancerType": "network", "internal": true, "ipAddressType": "dualstack", "subnetMappings": []any{
				map[string]any{"subnetId": w.id("dual subnet a"), "ipv6Address": w.in6(1, 0x20)}}}
		}},
		"dual endpoint": {vpcEndpointType, func(w *world) props {
			return props{"vpcId": w.id("dual vpc"), "serviceName": "com.amazonaws.us-east-1.execute-api", "vpcEndpointType": "Interface",
				"subnetIds": []any{w.id("dual subnet a"), w.id("dual subnet b")}, "ipAddressType": "dualstack",
				"dnsOptions": map[string]any{"dnsRecordIpType": "dualstack"}}
		}},
		"ipv6 rule": {egressRuleType, func(w *world) props {
			return props{"securityGroupId": w.id("group"), "ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrIpv6": "::/0"}
		}},
	}
}

func dualSubnet(cidr, zone string, number byte) func(*world) props {
	return func(w *world) props {
		block := netip.PrefixFrom(netip.MustParseAddr(w.in6(number, 0)), 64)
		return props{"vpcId": w.id("dual vpc"), "cidrBlock": cidr, "availabilityZone": zone, "ipv6CidrBlock": block.String(),
			"assignIpv6AddressOnCreation": true}
	}
}

// in6 gives an address of the n-th /64 of the VPC with IPv6.
func (w *world) in6(subnet, host byte) string {
	addr := netip.MustParsePrefix(w.out("dual vpc", "ipv6CidrBlock")).Addr().As16()
	addr[7], addr[15] = subnet, host
	return netip.AddrFrom16(addr).String()
}

func in6(thing, address string) func(*world) props {
	return func(w *world) props {
		return props{"subnetMappings": []any{map[string]any{"subnetId": w.id(thing), "ipv6Address": address}}}
	}
}

var dualstackRefusals = []refusalRow{
	{why: "an IPv6 block without a pool", code: "InvalidParameterCombination", says: ") needs ipv6IpamPoolId and excludes assignGeneratedIpv6CidrBlock", thing: "vpc", change: set("ipv6CidrBlock", "2001:db8::/56")},
	{why: "IPv6 taken from a VPC whose subnets use it", code: "DependencyViolation", says: "is in use by subnet", thing: "dual vpc", after: "dual subnet a",
		change: without("assignGeneratedIpv6CidrBlock"), update: true},
	{why: "an IPv6 block outside the VPC's", code: "InvalidSubnet.Range", says: "The CIDR '2001:db9::/64' is invalid: not a /64 of the VPC's", thing: "dual subnet a", change: set("ipv6CidrBlock", "2001:db9::/64")},
	{why: "an IPv6 block in a VPC without IPv6", code: "InvalidSubnet.Range", says: "is invalid: not a /64 of the VPC's IPv6 CIDR block", thing: "subnet a", change: set("ipv6CidrBlock", "2001:db8::/64")},
	{why: "an IPv6 block that is not a /64", code: "InvalidSubnet.Range", says: "is invalid: not a /64 of the VPC's IPv6 CIDR block", thing: "dual subnet a", change: func(w *world) props {
		return props{"ipv6CidrBlock": w.in6(0, 0) + "/60"}
	}},
	{why: "the IPv6 block of another subnet", code: "InvalidSubnet.Conflict", says: "conflicts with another subnet", thing: "dual subnet b", after: "dual subnet a", change: func(w *world) props {
		return props{"ipv6CidrBlock": w.in6(1, 0) + "/64"}
	}},
	{why: "IPv6 addresses in a subnet without IPv6", code: "InvalidParameterValue", says: "The subnet must have an IPv6 CIDR block", thing: "plain subnet", change: set("assignIpv6AddressOnCreation", true)},
	{why: "an IPv6 block that a load balancer has addresses of", code: "DependencyViolation", says: "has addresses in use and cannot be disassociated", thing: "dual subnet a", after: "dual nlb", update: true,
		change: func(*world) props { return props{"ipv6CidrBlock": nil, "assignIpv6AddressOnCreation": false} }},
	{why: "a dualstack load balancer in a subnet without IPv6", code: "ValidationError", says: "You must specify subnets with an associated IPv6 CIDR block", thing: "dual nlb", change: func(w *world) props {
		return props{"subnetMappings": []any{map[string]any{"subnetId": w.id("dual subnet a")}, map[string]any{"subnetId": w.id("plain subnet")}}}
	}},
	{why: "an IPv6 address of an IPv4 load balancer", code: "InvalidConfigurationRequest", says: ") for a load balancer that is not dualstack", thing: "dual nlb", change: set("ipAddressType", "ipv4")},
	{why: "an IPv6 address outside the subnet", code: "failed", says: "does not fall within the subnet's address range", thing: "dual nlb", change: in6("dual subnet a", "2001:db8:ffff:ffff::10")},
	{why: "an IPv6 address that AWS keeps", code: "failed", says: "is in subnet's reserved address range", thing: "dual nlb", change: func(w *world) props {
		return in6("dual subnet a", w.in6(1, 3))(w)
	}},
	{why: "an IPv6 address that another load balancer has", code: "failed", says: "InvalidIPAddress.InUse: Address", thing: "second dual nlb", after: "dual nlb", change: func(w *world) props {
		return in6("dual subnet a", w.in6(1, 0x10))(w)
	}},
	{why: "another IPv6 address for a subnet", code: "InvalidConfigurationRequest", says: "of Network Load Balancer 'dual-2' cannot be removed, nor its", thing: "second dual nlb", update: true, change: func(w *world) props {
		return in6("dual subnet a", w.in6(1, 0x30))(w)
	}},
	{why: "a private address outside the subnet", code: "failed", says: "InvalidParameterValue: Address 10.0.2.10 does not fall within", thing: "nlb", change: mapping("subnet a", "privateIpv4Address", "10.0.2.10")},
	{why: "a dualstack endpoint in a subnet without IPv6", code: "InvalidParameter", says: "IP address type dualstack requires subnets with IPv6 CIDR blocks", thing: "dual endpoint", change: ids("subnetIds", "plain subnet")},
	{why: "an unknown kind of addresses", code: "InvalidParameter", says: "IP address type dual is none of ipv4, ipv6, dualstack", thing: "dual endpoint", change: set("ipAddressType", "dual")},
	{why: "IPv6 records of an IPv4 endpoint", code: "InvalidParameter", says: "DNS record IP type dualstack is not compatible with IP address", thing: "dual endpoint", change: set("ipAddressType", "ipv4")},
	{why: "IPv4 records of an IPv6 endpoint", code: "InvalidParameter", says: "DNS record IP type ipv4 is not compatible with IP address type", thing: "dual endpoint", change: func(*world) props {
		return props{"ipAddressType": "ipv6", "dnsOptions": map[string]any{"dnsRecordIpType": "ipv4"}}
	}},
	{why: "an IPv6 address of an endpoint outside the subnet", code: "InvalidParameterValue", says: "does not fall within the subnet's address range", thing: "dual endpoint", change: func(w *world) props {
		return props{"subnetConfigurations": []any{map[string]any{"subnetId": w.id("dual subnet a"), "ipv4": "10.5.1.9", "ipv6": w.in6(2, 9)}}}
	}},
	{why: "a malformed IPv6 source", code: "InvalidParameterValue", says: "CIDR block 0.0.0.0/0 is malformed", thing: "ipv6 rule", change: set("cidrIpv6", "0.0.0.0/0")},
}

func TestEachVpcHasAnIPv6BlockOfItsOwn(t *testing.T) {
	w := newWorld(t)
	seen := map[string]bool{}
	for range 5 {
		id, err := w.create("dual vpc", w.changed("dual vpc", nil))
		require.NoError(t, err)
		block := netip.MustParsePrefix(find(w.account, vpcType, id).Output("ipv6CidrBlock"))
		assert.Equal(t, 56, block.Bits())
		assert.True(t, encloses(netip.MustParsePrefix("2001:db8::/32"), block))
		assert.False(t, seen[block.String()])
		seen[block.String()] = true
	}
	assert.Empty(t, w.out("vpc", "ipv6CidrBlock"), "only who asks for one has one")
}

func TestVpcKeepsItsIPv6BlockUntilItIsTakenAway(t *testing.T) {
	w := newWorld(t)
	block := w.out("dual vpc", "ipv6CidrBlock")
	require.NoError(t, w.update("dual vpc", w.changed("dual vpc", props{"tags": map[string]any{"a": "b"}})))
	assert.Equal(t, block, w.out("dual vpc", "ipv6CidrBlock"))
	require.NoError(t, w.update("dual vpc", w.changed("dual vpc", props{"assignGeneratedIpv6CidrBlock": false})))
	assert.Empty(t, w.out("dual vpc", "ipv6CidrBlock"))
	assert.Empty(t, w.out("dual vpc", "ipv6AssociationId"))
}

func TestDualstackLoadBalancerHasAddressesOfBothFamilies(t *testing.T) {
	w := newWorld(t)
	enis := w.object("dual nlb").Interfaces
	require.Len(t, enis, 2)
	assert.Equal(t, "10.5.1.10", enis[0].IPv4)
	assert.Equal(t, w.in6(1, 0x10), enis[0].IPv6)
	assert.True(t, netip.MustParsePrefix(w.in6(2, 0)+"/64").Contains(netip.MustParseAddr(enis[1].IPv6)), "a free one of its subnet")
}

func TestEndpointBecomesDualstackAndKeepsItsIPv4Addresses(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.update("dual endpoint", w.changed("dual endpoint", props{"ipAddressType": nil, "dnsOptions": nil})))
	before := w.object("dual endpoint").Computed.Objects("subnetConfigurations")
	assert.NotContains(t, before[0], "ipv6")
	require.NoError(t, w.update("dual endpoint", w.changed("dual endpoint", nil)))
	after := w.object("dual endpoint").Computed.Objects("subnetConfigurations")
	assert.Equal(t, before[0]["ipv4"], after[0]["ipv4"])
	assert.True(t, netip.MustParsePrefix(w.in6(1, 0)+"/64").Contains(netip.MustParseAddr(after[0].String("ipv6"))))
	assert.Equal(t, "dualstack", w.object("dual endpoint").Outputs().Object("dnsOptions").String("dnsRecordIpType"))
}

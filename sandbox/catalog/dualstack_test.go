package catalog

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

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
	assert.Equal(t, w.address6("dual vpc", 1, 0x10), enis[0].IPv6)
	assert.True(t,
		netip.MustParsePrefix(w.address6("dual vpc", 2, 0)+"/64").Contains(netip.MustParseAddr(enis[1].IPv6)),
		"a free one of its subnet")
}

func TestEndpointBecomesDualstackAndKeepsItsIPv4Addresses(t *testing.T) {
	w := newWorld(t)
	require.NoError(t,
		w.update("dual endpoint", w.changed("dual endpoint", props{"ipAddressType": nil, "dnsOptions": nil})))
	before := w.object("dual endpoint").Computed.Objects("subnetConfigurations")
	assert.NotContains(t, before[0], "ipv6")
	require.NoError(t, w.update("dual endpoint", w.changed("dual endpoint", nil)))
	after := w.object("dual endpoint").Computed.Objects("subnetConfigurations")
	assert.Equal(t, before[0]["ipv4"], after[0]["ipv4"])
	assert.True(
		t,
		netip.MustParsePrefix(w.address6("dual vpc", 1, 0)+"/64").Contains(
			netip.MustParseAddr(after[0].String("ipv6"))),
	)
	assert.Equal(t, "dualstack", w.object("dual endpoint").Outputs().Object("dnsOptions").String("dnsRecordIpType"))
}

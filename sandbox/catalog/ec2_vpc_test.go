package catalog

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEachVPCHasItsOwnIPv6Block(t *testing.T) {
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
	assert.Empty(t, w.out("vpc", "ipv6CidrBlock"), "a VPC that does not ask for a block has none")
}

func TestVPCKeepsItsIPv6BlockUntilItIsDisassociated(t *testing.T) {
	w := newWorld(t)
	block := w.out("dual vpc", "ipv6CidrBlock")
	require.NoError(t, w.update("dual vpc", w.changed("dual vpc", props{"tags": map[string]any{"a": "b"}})))
	assert.Equal(t, block, w.out("dual vpc", "ipv6CidrBlock"))
	require.NoError(t, w.update("dual vpc", w.changed("dual vpc", props{"assignGeneratedIpv6CidrBlock": false})))
	assert.Empty(t, w.out("dual vpc", "ipv6CidrBlock"))
	assert.Empty(t, w.out("dual vpc", "ipv6AssociationId"))
}

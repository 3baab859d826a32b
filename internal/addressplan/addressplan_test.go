package addressplan

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/cidr"
)

func TestDivideGivesEachTierOneRangePerZone(t *testing.T) {
	for _, row := range []struct {
		why             string
		vpc             string
		zones           int
		public, private []string
	}{
		{"two zones fill the VPC", "10.0.0.0/16", 2,
			[]string{"10.0.128.0/18", "10.0.192.0/18"}, []string{"10.0.0.0/18", "10.0.64.0/18"}},
		{"three zones leave the fourth slot of each half free", "10.0.0.0/21", 3,
			[]string{"10.0.4.0/24", "10.0.5.0/24", "10.0.6.0/24"},
			[]string{"10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"}},
		{"the smallest VPC for two zones", "192.0.2.64/26", 2,
			[]string{"192.0.2.96/28", "192.0.2.112/28"}, []string{"192.0.2.64/28", "192.0.2.80/28"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			tiers, err := Divide(netip.MustParsePrefix(row.vpc), row.zones, 2)
			require.NoError(t, err)
			assert.Equal(t, [][]string{row.private, row.public}, [][]string{texts(tiers[0]), texts(tiers[1])})
		})
	}
}

func TestAThirdTierTakesTheNextQuarter(t *testing.T) {
	tiers, err := Divide(netip.MustParsePrefix("10.0.0.0/16"), 2, 3)
	require.NoError(t, err)
	assert.Equal(t, []string{"10.0.128.0/19", "10.0.160.0/19"}, texts(tiers[2]))
}

func TestDivideFailsIfTheSubnetsWouldBeTooSmall(t *testing.T) {
	_, err := Divide(netip.MustParsePrefix("192.0.2.64/27"), 2, 2)
	assert.ErrorContains(t, err, "192.0.2.64/27 cannot hold 4 subnets of at least /28")
}

// However a VPC is divided, its subnets lie inside it, share no address, and
// have room for the address that an endpoint is pinned to.
func FuzzDivide(f *testing.F) {
	f.Add(uint32(0x0a000000), 16, 2, 2)
	f.Add(uint32(0xc0000240), 26, 2, 2)
	f.Add(uint32(0xffffff00), 24, 3, 3)
	f.Add(uint32(0x0a000000), 16, 1, 1) // The only subnet is the whole VPC.
	f.Fuzz(func(t *testing.T, base uint32, bits, zones, tiers int) {
		if bits < MinBits || bits > MaxBits || zones < 1 || zones > 8 || tiers < 1 || tiers > 4 {
			return // Not a VPC.
		}
		vpc := netip.PrefixFrom(cidr.FromUint32(base), bits).Masked()
		divided, err := Divide(vpc, zones, tiers)
		if err != nil {
			return
		}
		all := slices.Concat(divided...)
		require.Len(t, all, tiers*zones)
		for i, subnet := range all {
			assert.True(t, vpc.Contains(subnet.Addr()) && subnet.Bits() >= vpc.Bits(), "%s in %s", subnet, vpc)
			assert.NoError(t, Check(subnet, Pin(subnet)))
			for _, other := range all[:i] {
				assert.False(t, other.Overlaps(subnet), "%s and %s", other, subnet)
			}
		}
	})
}

func TestCheckRefusesAddressesThatAwsKeeps(t *testing.T) {
	subnet := netip.MustParsePrefix("10.0.10.0/24")
	for _, row := range []struct {
		why, address, wants string
	}{
		{"the first that AWS does not keep", "10.0.10.4", ""},
		{"the last that AWS does not keep", "10.0.10.254", ""},
		{"the network address", "10.0.10.0", "10.0.10.4 to 10.0.10.254"},
		{"the fourth address, kept for the future", "10.0.10.3", "the first four and the last of 10.0.10.0/24"},
		{"the broadcast address", "10.0.10.255", "10.0.10.4 to 10.0.10.254"},
		{"an address of a neighbor", "10.0.11.4", "inside the subnet's range 10.0.10.0/24"},
		{"an address of the other family", "2001:db8::4", "inside the subnet's range 10.0.10.0/24"},
	} {
		t.Run(row.why, func(t *testing.T) {
			err := Check(subnet, netip.MustParseAddr(row.address))
			if row.wants == "" {
				assert.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, row.wants)
			}
		})
	}
}

func TestSubnet6AndItsPinnedAddress(t *testing.T) {
	vpc := netip.MustParsePrefix("2001:db8:20:f00::/56")
	subnet, err := Subnet6(vpc, 2)
	require.NoError(t, err)
	assert.Equal(t, "2001:db8:20:f02::/64", subnet.String())
	assert.Equal(t, "2001:db8:20:f02::a", Pin6(subnet).String())
	assert.NoError(t, Check(subnet, Pin6(subnet)))
	assert.ErrorContains(t, Check(subnet, netip.MustParseAddr("2001:db8:20:f02:ffff:ffff:ffff:ffff")),
		"from 2001:db8:20:f02::4 to 2001:db8:20:f02:ffff:ffff:ffff:fffe")
	_, err = Subnet6(vpc, 256)
	assert.ErrorContains(t, err, "2001:db8:20:f00::/56 has no /64 number 256")
	_, err = Subnet6(netip.MustParsePrefix("10.0.0.0/16"), 0)
	assert.ErrorContains(t, err, "10.0.0.0/16 has no /64")
}

func texts(ranges []netip.Prefix) []string {
	list := []string{}
	for _, r := range ranges {
		list = append(list, r.String())
	}
	return list
}

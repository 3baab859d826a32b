package cidr

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInside(t *testing.T) {
	for _, row := range []struct {
		why, inner, outer string
		want              bool
	}{
		{"a smaller range in a larger one", "10.0.1.0/24", "10.0.0.0/16", true},
		{"a range in itself", "10.0.0.0/16", "10.0.0.0/16", true},
		{"a larger range in a smaller one", "10.0.0.0/16", "10.0.0.0/24", false},
		{"a neighbor", "10.1.0.0/24", "10.0.0.0/16", false},
		{"an IPv6 range in an IPv6 range", "2001:db8:0:1::/64", "2001:db8::/56", true},
		{"ranges of different families", "2001:db8::/64", "0.0.0.0/0", false},
	} {
		t.Run(row.why, func(t *testing.T) {
			assert.Equal(t, row.want, Inside(netip.MustParsePrefix(row.inner), netip.MustParsePrefix(row.outer)))
		})
	}
}

func TestLastIsTheHighestAddressOfARange(t *testing.T) {
	for cidr, want := range map[string]string{
		"10.0.0.0/16":      "10.0.255.255",
		"10.0.0.64/26":     "10.0.0.127",
		"192.0.2.7/32":     "192.0.2.7",
		"2001:db8::/64":    "2001:db8::ffff:ffff:ffff:ffff",
		"2001:db8::f0/124": "2001:db8::ff",
	} {
		assert.Equal(t, want, Last(netip.MustParsePrefix(cidr)).String(), cidr)
	}
}

func TestAddCarriesAndWrapsAround(t *testing.T) {
	assert.Equal(t, "10.0.1.4", Add(netip.MustParseAddr("10.0.0.250"), 10).String())
	assert.Equal(t, "0.0.0.0", Add(netip.MustParseAddr("255.255.255.255"), 1).String())
}

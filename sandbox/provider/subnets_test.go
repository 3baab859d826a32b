package provider

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ptr[T any](v T) *T { return &v }

// two are the zones of most layouts.
var two = []string{"us-east-1a", "us-east-1b"}

// layoutCases are layouts that the real component chooses.
var layoutCases = []struct {
	why, cidr, strategy string
	zones               []string
	specs               []subnetSpec
	zoneMask            *int
	want                string // In the form "name block, name block".
}{
	{
		why:  "by default, legacy",
		cidr: "10.0.0.0/16", strategy: "Legacy", zones: two,
		want: "n-private-1 10.0.0.0/18, n-public-1 10.0.64.0/19, " +
			"n-private-2 10.0.128.0/18, n-public-2 10.0.192.0/19",
	},
	{
		why:  "by default, auto",
		cidr: "10.0.0.0/16", strategy: "Auto", zones: two,
		want: "n-private-1 10.0.0.0/18, n-public-1 10.0.64.0/19, " +
			"n-private-2 10.0.128.0/18, n-public-2 10.0.192.0/19",
	},
	{
		why:  "legacy puts private subnets first and not below /19 and /20",
		cidr: "10.0.0.0/16", strategy: "Legacy", zones: two,
		specs: []subnetSpec{{Type: "Public"}, {Type: "Private"}, {Type: "Isolated"}},
		want: "n-private-1 10.0.0.0/19, n-public-1 10.0.32.0/20, n-isolated-1 10.0.48.0/24, " +
			"n-private-2 10.0.128.0/19, n-public-2 10.0.160.0/20, n-isolated-2 10.0.176.0/24",
	},
	{
		why:  "legacy ignores explicit blocks",
		cidr: "10.0.0.0/16", strategy: "Legacy", zones: two[:1],
		specs: []subnetSpec{{Type: "Private", CidrBlocks: []string{"10.0.7.0/24"}}},
		want:  "n-private-1 10.0.0.0/19",
	},
	{
		why:  "auto keeps the order and aligns a larger subnet after a smaller",
		cidr: "10.0.0.0/16", strategy: "Auto", zones: two,
		specs: []subnetSpec{{Type: "Public", CidrMask: ptr(24)}, {Type: "Private", CidrMask: ptr(20)}},
		want: "n-public-1 10.0.0.0/24, n-private-1 10.0.16.0/20, " +
			"n-public-2 10.0.128.0/24, n-private-2 10.0.144.0/20",
	},
	{
		why:  "auto by size",
		cidr: "10.0.0.0/16", strategy: "Auto", zones: two[:1],
		specs: []subnetSpec{{Type: "Private", Size: ptr(256)}}, want: "n-private-1 10.0.0.0/24",
	},
	{
		why:  "a mask for the zones",
		cidr: "10.0.0.0/16", strategy: "Auto", zones: two,
		specs: []subnetSpec{{Type: "Private", CidrMask: ptr(24)}}, zoneMask: ptr(20),
		want: "n-private-1 10.0.0.0/24, n-private-2 10.0.16.0/24",
	},
	{
		why:  "explicit blocks",
		cidr: "10.0.0.0/16", strategy: "Auto", zones: two,
		specs: []subnetSpec{
			{Type: "Public", Name: ptr("edge"), CidrBlocks: []string{"10.0.1.0/24", "10.0.2.0/24"}},
		},
		want: "n-edge-1 10.0.1.0/24, n-edge-2 10.0.2.0/24",
	},
	{
		why:  "exact, with the rest declared unused",
		cidr: "10.0.0.0/24", strategy: "Exact", zones: two[:1],
		specs: []subnetSpec{{Type: "Private", CidrMask: ptr(25)}, {Type: "Unused", CidrMask: ptr(25)}},
		want:  "n-private-1 10.0.0.0/25, n-unused-1 10.0.0.128/25",
	},
}

// TestLayoutIsThatOfTheRealComponent has cases of the real component's own
// documentation and tests.
func TestLayoutIsThatOfTheRealComponent(t *testing.T) {
	for _, row := range layoutCases {
		t.Run(row.why, func(t *testing.T) {
			subnets, err := layout(layoutArgs{"n", row.cidr, row.strategy, row.zones, row.specs, row.zoneMask})
			require.NoError(t, err)
			var got []string
			for _, s := range subnets {
				got = append(got, s.name+" "+s.block.String())
			}
			assert.Equal(t, row.want, strings.Join(got, ", "))
		})
	}
}

// TestVPCTooSmallForItsZonesIsRefused expects an error, because a panic would end
// all providers.
func TestVPCTooSmallForItsZonesIsRefused(t *testing.T) {
	three := []string{"us-east-1a", "us-east-1b", "us-east-1c"}
	for _, row := range []struct {
		cidr, strategy string
		specs          []subnetSpec
		zoneMask       *int
		says           string
	}{
		{
			cidr: "10.0.0.0/31", strategy: "Auto",
			says: `cidrBlock = "10.0.0.0/31": want a range with room for 3 zones`,
		},
		{
			cidr: "10.0.0.0/31", strategy: "Legacy",
			says: `cidrBlock = "10.0.0.0/31": want a range with room for 3 zones`,
		},
		{
			cidr: "10.0.0.0/30", strategy: "Auto",
			says: `cidrBlock = "10.0.0.0/30": want a range with room for 3 zones`,
		},
		{
			cidr: "10.0.0.0/30", strategy: "Legacy",
			says: `cidrBlock = "10.0.0.0/30": want a range with room for 3 zones`,
		},
		{
			cidr: "10.0.0.0/30", strategy: "Auto", specs: []subnetSpec{{Type: "Public"}, {Type: "Private"}},
			says: `cidrBlock = "10.0.0.0/30": want a range with room for 3 zones`,
		},
		{
			cidr: "10.0.0.0/16", strategy: "Auto", specs: []subnetSpec{{Type: "Public"}}, zoneMask: ptr(40),
			says: "availabilityZoneCidrMask = 40: want 16 to 32",
		},
		{
			cidr: "10.0.0.0/16", strategy: "Auto", specs: []subnetSpec{{Type: "Public"}}, zoneMask: ptr(8),
			says: "availabilityZoneCidrMask = 8: want 16 to 32",
		},
		{
			cidr: "2001:db8::/56", strategy: "Auto",
			says: `cidrBlock = "2001:db8::/56": want an IPv4 range`,
		},
		{
			cidr: "2001:db8::/56", strategy: "Legacy",
			says: `cidrBlock = "2001:db8::/56": want an IPv4 range`,
		},
	} {
		t.Run(row.strategy+" "+row.cidr, func(t *testing.T) {
			_, err := layout(layoutArgs{"n", row.cidr, row.strategy, three, row.specs, row.zoneMask})
			assert.ErrorContains(t, err, row.says)
		})
	}
}

// wrongSpecs are subnet specs that the component refuses.
var wrongSpecs = []struct {
	why, strategy string
	specs         []subnetSpec
	says          string
}{
	{
		why:      "blocks for one subnet only",
		strategy: "Auto",
		specs:    []subnetSpec{{Type: "Public", CidrBlocks: []string{"10.0.1.0/24"}}, {Type: "Private"}},
		says:     "all subnets must have explicit cidrBlocks",
	},
	{
		why:      "blocks for too many zones",
		strategy: "Auto",
		specs:    []subnetSpec{{Type: "Public", CidrBlocks: []string{"10.0.1.0/24", "10.0.2.0/24"}}},
		says:     "must match the number of availability zones (1)",
	},
	{
		why:      "blocks that overlap",
		strategy: "Auto",
		specs: []subnetSpec{
			{Type: "Public", CidrBlocks: []string{"10.0.1.0/24"}},
			{Type: "Private", CidrBlocks: []string{"10.0.1.128/25"}},
		},
		says: "subnets overlap",
	},
	{
		why:      "more than the VPC has",
		strategy: "Auto",
		specs:    []subnetSpec{{Type: "Public", CidrMask: ptr(16)}, {Type: "Private", CidrMask: ptr(16)}},
		says:     "too large",
	},
	{
		why:      "a mask beyond an address",
		strategy: "Auto", specs: []subnetSpec{{Type: "Public", CidrMask: ptr(33)}},
		says: "subnetSpecs[0].cidrMask = 33: want 0 to 32",
	},
	{
		why:      "a mask beyond an address in the legacy layout",
		strategy: "Legacy", specs: []subnetSpec{{Type: "Public", CidrMask: ptr(33)}},
		says: "subnetSpecs[0].cidrMask = 33: want",
	},
	{
		why:      "a mask below zero",
		strategy: "Auto", specs: []subnetSpec{{Type: "Public", CidrMask: ptr(-1)}},
		says: "subnetSpecs[0].cidrMask = -1: want",
	},
	{
		why:      "a size beyond all addresses",
		strategy: "Auto", specs: []subnetSpec{{Type: "Public", Size: ptr(1 << 40)}},
		says: "subnetSpecs[0].size = 1099511627776: want",
	},
	{
		why:      "IPv6 blocks",
		strategy: "Exact", specs: []subnetSpec{{Type: "Public", CidrBlocks: []string{"2001:db8::/64"}}},
		says: `subnetSpecs[0].cidrBlocks[0] = "2001:db8::/64": want an IPv4 range`,
	},
	{
		why:      "a gap at the end",
		strategy: "Exact", specs: []subnetSpec{{Type: "Private", CidrMask: ptr(24)}}, says: "gaps",
	},
	{
		why:      "a type that does not exist",
		strategy: "Auto", specs: []subnetSpec{{Type: "Secret"}},
		says: `subnetSpecs[0].type = "Secret": want Public, Private`,
	},
	{
		why:      "a block that is no range",
		strategy: "Auto", specs: []subnetSpec{{Type: "Public", CidrBlocks: []string{"10.0.1.0"}}},
		says: `subnetSpecs[0].cidrBlocks[0] = "10.0.1.0": want an IPv4 range`,
	},
}

func TestWrongSubnetSpecsAreRefused(t *testing.T) {
	for _, row := range wrongSpecs {
		t.Run(row.why, func(t *testing.T) {
			_, err := layout(layoutArgs{"n", "10.0.0.0/16", row.strategy, []string{"us-east-1a"}, row.specs, nil})
			assert.ErrorContains(t, err, row.says)
		})
	}
}

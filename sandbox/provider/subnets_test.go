package provider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ptr[T any](v T) *T { return &v }

// TestLayout has cases of the real component's own documentation and tests.
func TestLayout(t *testing.T) {
	two := []string{"us-east-1a", "us-east-1b"}
	for _, row := range []struct {
		why, cidr, strategy string
		zones               []string
		specs               []subnetSpec
		zoneMask            *int
		want                []string // "name block"
	}{
		{"by default, legacy", "10.0.0.0/16", "Legacy", two, nil, nil,
			[]string{"n-private-1 10.0.0.0/18", "n-public-1 10.0.64.0/19", "n-private-2 10.0.128.0/18", "n-public-2 10.0.192.0/19"}},
		{"by default, auto", "10.0.0.0/16", "Auto", two, nil, nil,
			[]string{"n-private-1 10.0.0.0/18", "n-public-1 10.0.64.0/19", "n-private-2 10.0.128.0/18", "n-public-2 10.0.192.0/19"}},
		{"legacy puts private subnets first and not below /19 and /20", "10.0.0.0/16", "Legacy", two, []subnetSpec{{Type: "Public"}, {Type: "Private"}, {Type: "Isolated"}}, nil,
			[]string{"n-private-1 10.0.0.0/19", "n-public-1 10.0.32.0/20", "n-isolated-1 10.0.48.0/24", "n-private-2 10.0.128.0/19", "n-public-2 10.0.160.0/20", "n-isolated-2 10.0.176.0/24"}},
		{"legacy does not look at explicit blocks", "10.0.0.0/16", "Legacy", two[:1], []subnetSpec{{Type: "Private", CidrBlocks: []string{"10.0.7.0/24"}}}, nil,
			[]string{"n-private-1 10.0.0.0/19"}},
		{"auto keeps the order and aligns a larger subnet after a smaller", "10.0.0.0/16", "Auto", two, []subnetSpec{{Type: "Public", CidrMask: ptr(24)}, {Type: "Private", CidrMask: ptr(20)}}, nil,
			[]string{"n-public-1 10.0.0.0/24", "n-private-1 10.0.16.0/20", "n-public-2 10.0.128.0/24", "n-private-2 10.0.144.0/20"}},
		{"auto by size", "10.0.0.0/16", "Auto", two[:1], []subnetSpec{{Type: "Private", Size: ptr(256)}}, nil, []string{"n-private-1 10.0.0.0/24"}},
		{"a mask for the zones", "10.0.0.0/16", "Auto", two, []subnetSpec{{Type: "Private", CidrMask: ptr(24)}}, ptr(20),
			[]string{"n-private-1 10.0.0.0/24", "n-private-2 10.0.16.0/24"}},
		{"explicit blocks", "10.0.0.0/16", "Auto", two, []subnetSpec{{Type: "Public", Name: ptr("edge"), CidrBlocks: []string{"10.0.1.0/24", "10.0.2.0/24"}}}, nil,
			[]string{"n-edge-1 10.0.1.0/24", "n-edge-2 10.0.2.0/24"}},
		{"exact, with the rest declared unused", "10.0.0.0/24", "Exact", two[:1], []subnetSpec{{Type: "Private", CidrMask: ptr(25)}, {Type: "Unused", CidrMask: ptr(25)}}, nil,
			[]string{"n-private-1 10.0.0.0/25", "n-unused-1 10.0.0.128/25"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			subnets, err := layout("n", row.cidr, row.strategy, row.zones, row.specs, row.zoneMask)
			require.NoError(t, err)
			var got []string
			for _, s := range subnets {
				got = append(got, s.name+" "+s.block.String())
			}
			assert.Equal(t, row.want, got)
		})
	}
}

// TestLayoutOfAVpcTooSmallForItsZones must be an error: a panic would end all
// providers.
func TestLayoutOfAVpcTooSmallForItsZones(t *testing.T) {
	three := []string{"us-east-1a", "us-east-1b", "us-east-1c"}
	for _, row := range []struct {
		cidr, strategy string
		specs          []subnetSpec
		zoneMask       *int
		says           string
	}{
		{"10.0.0.0/31", "Auto", nil, nil, "10.0.0.0/31 has no room for 3 zones"},
		{"10.0.0.0/31", "Legacy", nil, nil, "10.0.0.0/31 has no room for 3 zones"},
		{"10.0.0.0/30", "Auto", nil, nil, "10.0.0.0/30 has no room for 3 zones"},
		{"10.0.0.0/30", "Legacy", nil, nil, "10.0.0.0/30 has no room for 3 zones"},
		{"10.0.0.0/30", "Auto", []subnetSpec{{Type: "Public"}, {Type: "Private"}}, nil, "10.0.0.0/30 has no room for 3 zones"},
		{"10.0.0.0/16", "Auto", []subnetSpec{{Type: "Public"}}, ptr(40), "availabilityZoneCidrMask: 40 is not between 16 and 32"},
		{"10.0.0.0/16", "Auto", []subnetSpec{{Type: "Public"}}, ptr(8), "availabilityZoneCidrMask: 8 is not between 16 and 32"},
		{"2001:db8::/56", "Auto", nil, nil, "2001:db8::/56 is not an IPv4 range"},
		{"2001:db8::/56", "Legacy", nil, nil, "2001:db8::/56 is not an IPv4 range"},
	} {
		t.Run(row.strategy+" "+row.cidr, func(t *testing.T) {
			_, err := layout("n", row.cidr, row.strategy, three, row.specs, row.zoneMask)
			assert.ErrorContains(t, err, row.says)
		})
	}
}

func TestLayoutRefuses(t *testing.T) {
	for _, row := range []struct {
		why, strategy string
		specs         []subnetSpec
		says          string
	}{
		{"blocks for one subnet only", "Auto", []subnetSpec{{Type: "Public", CidrBlocks: []string{"10.0.1.0/24"}}, {Type: "Private"}}, "all subnets must have explicit cidrBlocks"},
		{"blocks for too many zones", "Auto", []subnetSpec{{Type: "Public", CidrBlocks: []string{"10.0.1.0/24", "10.0.2.0/24"}}}, "must match the number of availability zones (1)"},
		{"blocks that overlap", "Auto", []subnetSpec{{Type: "Public", CidrBlocks: []string{"10.0.1.0/24"}}, {Type: "Private", CidrBlocks: []string{"10.0.1.128/25"}}}, "subnets overlap"},
		{"more than the VPC has", "Auto", []subnetSpec{{Type: "Public", CidrMask: ptr(16)}, {Type: "Private", CidrMask: ptr(16)}}, "too large"},
		{"a mask beyond an address", "Auto", []subnetSpec{{Type: "Public", CidrMask: ptr(33)}}, "subnetSpecs[0].cidrMask: 33 is not between 0 and 32"},
		{"a mask beyond an address in the legacy layout", "Legacy", []subnetSpec{{Type: "Public", CidrMask: ptr(33)}}, "subnetSpecs[0].cidrMask: 33 is not"},
		{"a mask below zero", "Auto", []subnetSpec{{Type: "Public", CidrMask: ptr(-1)}}, "subnetSpecs[0].cidrMask: -1 is not"},
		{"a size beyond all addresses", "Auto", []subnetSpec{{Type: "Public", Size: ptr(1 << 40)}}, "subnetSpecs[0].size: 1099511627776 is not"},
		{"IPv6 blocks", "Exact", []subnetSpec{{Type: "Public", CidrBlocks: []string{"2001:db8::/64"}}}, "subnetSpecs[0].cidrBlocks[0]: 2001:db8::/64 is not an IPv4 range"},
		{"a gap at the end", "Exact", []subnetSpec{{Type: "Private", CidrMask: ptr(24)}}, "gaps"},
		{"a type that does not exist", "Auto", []subnetSpec{{Type: "Secret"}}, "none of Public"},
		{"a block that is none", "Auto", []subnetSpec{{Type: "Public", CidrBlocks: []string{"10.0.1.0"}}}, "subnetSpecs[0].cidrBlocks[0]"},
	} {
		t.Run(row.why, func(t *testing.T) {
			_, err := layout("n", "10.0.0.0/16", row.strategy, []string{"us-east-1a"}, row.specs, nil)
			assert.ErrorContains(t, err, row.says)
		})
	}
}

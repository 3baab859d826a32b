package provider

import (
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strings"
)

// This file lays out subnets as awsx v2.22.0 does, according to its documentation:
// https://www.pulumi.com/registry/packages/awsx/api-docs/ec2/vpc/#subnet-layout-strategies

// subnetSpec asks for one subnet in every zone.
type subnetSpec struct {
	Type       string            `pulumi:"type"`
	Name       *string           `pulumi:"name"`
	CidrBlocks []string          `pulumi:"cidrBlocks"`
	CidrMask   *int              `pulumi:"cidrMask"`
	Size       *int              `pulumi:"size"`
	Tags       map[string]string `pulumi:"tags"`
}

// subnet is one subnet of the layout.
type subnet struct {
	name, kind, zone string
	block            netip.Prefix
	tags             map[string]string
}

// layoutArgs holds what decides the subnets of a VPC.
type layoutArgs struct {
	vpc, cidr string // Name and range of the VPC.
	strategy  string // Legacy, Auto or Exact.
	zones     []string
	specs     []subnetSpec
	zoneMask  *int // Prefix length of a zone's share, if it is given.
}

// layout places the subnets of a VPC.
func layout(args layoutArgs) ([]subnet, error) {
	vpc, strategy, zones, specs := args.vpc, args.strategy, args.zones, args.specs
	block, err := parseIPv4("cidrBlock", args.cidr)
	if err != nil {
		return nil, err
	}
	if err := checkSpecs(specs, len(zones)); err != nil {
		return nil, err
	}
	zoneBits, err := zoneLength(block, len(zones), specs, args.zoneMask)
	if err != nil {
		return nil, err
	}
	var subnets []subnet
	switch {
	case strategy == "Legacy" || (specs == nil && strategy != "Auto"):
		subnets, err = legacyLayout(vpc, block, block.Bits()+log2(len(zones)), zones, specs)
	case slices.ContainsFunc(specs, func(s subnetSpec) bool { return s.CidrBlocks != nil }):
		subnets, err = explicitLayout(vpc, zones, specs)
	default:
		subnets, err = autoLayout(vpc, block, zoneBits, zones, specs)
	}
	if err != nil {
		return nil, err
	}
	if err := checkOverlaps(subnets); err != nil {
		return nil, err
	}
	if strategy == "Exact" {
		return subnets, checkGaps(block, subnets)
	}
	return subnets, nil
}

// parseIPv4 reads a range of IPv4 addresses, which is the value of key.
func parseIPv4(key, cidr string) (netip.Prefix, error) {
	block, err := netip.ParsePrefix(cidr)
	if err != nil || !block.Addr().Is4() {
		return block, fmt.Errorf("%s = %q: want an IPv4 range, such as 10.0.0.0/16", key, cidr)
	}
	return block, nil
}

// zoneLength returns the prefix length of a zone's share of the VPC. Each subnet
// of the zone has at least one address.
func zoneLength(block netip.Prefix, zones int, specs []subnetSpec, wanted *int) (int, error) {
	longest := 32 - log2(len(specs))
	if specs == nil {
		longest = 30 // The public subnet has a quarter.
	}
	even := block.Bits() + log2(zones)
	if even > longest {
		return 0, fmt.Errorf("cidrBlock = \"%s\": want a range with room for %d zones", block, zones)
	}
	if wanted == nil {
		return even, nil
	}
	if *wanted < block.Bits() || *wanted > longest {
		return 0, fmt.Errorf("availabilityZoneCidrMask = %d: want %d to %d", *wanted, block.Bits(), longest)
	}
	return *wanted, nil
}

// log2 returns the number of bits that distinguish n values.
func log2(n int) int { return bits.Len(uint(max(n, 1) - 1)) }

// checkSpecs refuses specs that the component does not accept, for a number of
// zones.
func checkSpecs(specs []subnetSpec, zones int) error {
	explicit := slices.ContainsFunc(specs, func(s subnetSpec) bool { return s.CidrBlocks != nil })
	for i, spec := range specs {
		switch {
		case !slices.Contains([]string{"public", "private", "isolated", "unused"}, strings.ToLower(spec.Type)):
			return fmt.Errorf("subnetSpecs[%d].type = %q: want Public, Private, Isolated or Unused", i, spec.Type)
		case spec.CidrMask != nil && (*spec.CidrMask < 0 || *spec.CidrMask > 32):
			return fmt.Errorf("subnetSpecs[%d].cidrMask = %d: want 0 to 32", i, *spec.CidrMask)
		case spec.Size != nil && log2(*spec.Size) > 32:
			return fmt.Errorf("subnetSpecs[%d].size = %d: want at most %d", i, *spec.Size, 1<<32)
		case explicit && spec.CidrBlocks == nil:
			return fmt.Errorf("if any subnet spec has explicit cidrBlocks, all subnets must have explicit cidrBlocks: "+
				"subnetSpecs[%d] has none", i)
		case explicit && len(spec.CidrBlocks) != zones:
			return fmt.Errorf(
				"the number of CIDR blocks in subnetSpecs[%d] must match the number of availability zones (%d)", i,
				zones)
		}
	}
	return nil
}

// subnet returns the subnet of a spec in one zone, whose number is part of the
// subnet's name.
func (s subnetSpec) subnet(vpc, zone string, number int, block netip.Prefix) subnet {
	name := strings.ToLower(s.Type)
	if s.Name != nil {
		name = *s.Name
	}
	return subnet{
		name:  fmt.Sprintf("%s-%s-%d", vpc, name, number),
		kind:  s.Type,
		zone:  zone,
		block: block,
		tags:  s.Tags,
	}
}

// explicitLayout gives each subnet the block that its spec lists for the zone.
func explicitLayout(vpc string, zones []string, specs []subnetSpec) ([]subnet, error) {
	var out []subnet
	for z, zone := range zones {
		for i, spec := range specs {
			block, err := parseIPv4(fmt.Sprintf("subnetSpecs[%d].cidrBlocks[%d]", i, z), spec.CidrBlocks[z])
			if err != nil {
				return nil, err
			}
			out = append(out, spec.subnet(vpc, zone, z+1, block))
		}
	}
	return out, nil
}

// mask returns the prefix length that a spec asks for, or the fallback.
func (s subnetSpec) mask(fallback int) int {
	switch {
	case s.CidrMask != nil:
		return *s.CidrMask
	case s.Size != nil && *s.Size > 0:
		return 32 - log2(*s.Size)
	}
	return fallback
}

// autoLayout gives each zone an even share and places its subnets in the
// order of the specs.
func autoLayout(vpc string, block netip.Prefix, zoneBits int, zones []string, specs []subnetSpec) ([]subnet, error) {
	if specs == nil {
		private, public := max(zoneBits, 16)+1, max(zoneBits, 16)+2
		specs = []subnetSpec{{Type: "Private", CidrMask: &private}, {Type: "Public", CidrMask: &public}}
	}
	even := zoneBits + log2(len(specs))
	need := 0
	for _, spec := range specs {
		need += 1 << (32 - spec.mask(even))
	}
	if share := 1 << (32 - zoneBits); need > share {
		return nil, fmt.Errorf("subnets are too large for the VPC: a zone has %d addresses, but subnets require %d",
			share, need)
	}
	var out []subnet
	for z, zone := range zones {
		next := nth(block, zoneBits, z).Addr()
		for _, spec := range specs {
			at := netip.PrefixFrom(next, spec.mask(even)).Masked()
			if at.Addr().Less(next) {
				at = after(at)
			}
			out = append(out, spec.subnet(vpc, zone, z+1, at))
			next = after(at).Addr()
		}
	}
	return out, nil
}

// legacyLayout places private subnets first, then public ones, then isolated
// ones, in any order of the specs. It ignores explicit blocks.
func legacyLayout(vpc string, block netip.Prefix, zoneBits int, zones []string,
	specs []subnetSpec) ([]subnet, error) {
	if specs == nil {
		private, public := zoneBits+1, zoneBits+2
		specs = []subnetSpec{{Type: "Private", CidrMask: &private}, {Type: "Public", CidrMask: &public}}
	}
	shared := 1
	if len(specs) == 1 {
		shared = 0
	}
	smallest := map[string]int{"private": 19, "public": 20, "isolated": 24}
	var out []subnet
	for z, zone := range zones {
		next := nth(block, zoneBits, z).Addr()
		for _, kind := range []string{"private", "public", "isolated"} {
			for _, spec := range specs {
				if strings.ToLower(spec.Type) != kind {
					continue
				}
				at := netip.PrefixFrom(next, spec.mask(max(zoneBits+shared, smallest[kind]))).Masked()
				if at.Addr().Less(next) {
					at = after(at)
				}
				out = append(out, spec.subnet(vpc, zone, z+1, at))
				next = after(at).Addr()
			}
		}
	}
	return out, nil
}

// nth returns the n-th block of a prefix length within a block.
func nth(block netip.Prefix, length, n int) netip.Prefix {
	at := netip.PrefixFrom(block.Masked().Addr(), length)
	for range n {
		at = after(at)
	}
	return at
}

// after returns the next block of the same size.
func after(block netip.Prefix) netip.Prefix {
	b := block.Masked().Addr().As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	n += 1 << (32 - block.Bits())
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}),
		block.Bits())
}

// checkOverlaps refuses subnets with addresses in common.
func checkOverlaps(subnets []subnet) error {
	for i, a := range subnets {
		for _, b := range subnets[:i] {
			if a.block.Overlaps(b.block) {
				return fmt.Errorf("subnets overlap: %s %s and %s %s", b.name, b.block, a.name, a.block)
			}
		}
	}
	return nil
}

// checkGaps refuses layouts that leave part of the VPC to neither a subnet nor an
// unused block.
func checkGaps(vpc netip.Prefix, subnets []subnet) error {
	next := vpc.Masked().Addr()
	for _, s := range subnets {
		if s.block.Addr() != next {
			return fmt.Errorf("there are gaps in the subnet ranges: %s starts at %s, not at %s", s.name,
				s.block.Addr(), next)
		}
		next = after(s.block).Addr()
	}
	if end := after(vpc).Addr(); next != end {
		return fmt.Errorf("there are gaps in the subnet ranges: the VPC %s goes on after the last subnet, at %s", vpc,
			next)
	}
	return nil
}

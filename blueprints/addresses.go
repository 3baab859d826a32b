package blueprints

import (
	"net/netip"
	"strings"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/addressplan"
	"private-api-blueprints/internal/settings"
)

// fixedAddresses describes the fixed IPv4 addresses of an endpoint or a load
// balancer, one in each subnet of a tier.
type fixedAddresses struct {
	tier       config.Tier
	subnets    []components.Subnet
	existing   bool // Whether the subnets exist already.
	configured []netip.Addr
}

// check returns the addresses that the key ipv4Addresses of a group configures.
// In subnets that the stack creates, it returns the default addresses if there
// are none. It refuses addresses that do not fit the subnets.
func (f fixedAddresses) check(c settings.Section) []netip.Addr {
	const key = "ipv4Addresses"
	addresses := f.configured
	switch {
	case len(f.subnets) == 0 || c.Any(key): // Another problem is reported already.
		return addresses
	case addresses == nil && f.existing:
		c.Reject(key, nil,
			"required with an existing network: one free address in each %s subnet, in the order of the zones %s",
			f.tier, strings.Join(components.AvailabilityZones(f.subnets), ", "))
		return nil
	case addresses == nil:
		for _, subnet := range f.subnets {
			addresses = append(addresses, addressplan.Pin(subnet.CidrBlock))
		}
	case len(addresses) != len(f.subnets):
		c.Reject(key, addresses, "want one address per %s subnet, %d in all", f.tier, len(f.subnets))
		return addresses
	}
	for i, subnet := range f.subnets {
		if err := addressplan.Check(subnet.CidrBlock, addresses[i]); err != nil {
			c.Reject(settings.Item(key, i), addresses[i], "%v (the %s subnet in %s)",
				err, f.tier, subnet.AvailabilityZone)
		}
	}
	return addresses
}

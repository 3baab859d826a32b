package network

import (
	"fmt"
	"net/netip"
	"slices"

	"private-api-blueprints/sandbox/live/inventory"
)

// Addresses outside of the account. All are reserved for documentation. 192.0.2.1 to .127 are clients', .128 to .191
// those that AWS gives load balancers, the others AWS's services'. The account's Elastic IPs are in elasticRanges.
// https://www.rfc-editor.org/rfc/rfc5737 https://www.rfc-editor.org/rfc/rfc9637
var (
	internetClient   = []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("3fff:f00::1")}
	onPremisesClient = []netip.Addr{netip.MustParseAddr("192.168.100.10"), netip.MustParseAddr("3fff:f01::10")}
	onPremisesExit   = []netip.Addr{netip.MustParseAddr("192.0.2.100"), netip.MustParseAddr("3fff:f01::10")}
	serviceClient6   = netip.MustParseAddr("3fff:f02::1")
	elasticRanges    = prefixes("203.0.113.0/24", "198.51.100.0/24")
)

// linkClient is the source of connections through a VPC link of the first version. AWS uses its own addresses and
// does not say which. This one is in the shared address space of RFC 6598.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
var linkClient = netip.MustParseAddr("100.64.0.10")

// autoAssigned returns the public address that AWS would give a client in a subnet that assigns one. It is not in the
// range of internet clients, which security groups may admit.
func (t *topology) autoAssigned() netip.Addr { return t.freePublic(elasticRanges[0]) }

// serviceClient returns the public addresses from which AWS's services connect.
func (t *topology) serviceClient() []netip.Addr {
	return []netip.Addr{t.freePublic(elasticRanges[1]), serviceClient6}
}

// freePublic returns the highest address of a range that no object has. The last one of a range is nobody's.
func (t *topology) freePublic(block netip.Prefix) netip.Addr {
	addr := last(block).Prev()
	for t.public[addr] != nil || len(t.inv.Where(elasticIPType, "publicIp", addr.String())) > 0 {
		addr = addr.Prev()
	}
	return addr
}

// service is a service of AWS in a region.
type service struct{ name, region string }

// publicServices are the services of AWS that have public addresses in the sandbox.
var publicServices = []string{"execute-api", "cloudfront", "s3", "dynamodb"}

// ServiceAddrs returns the public addresses of a service of AWS in a region, IPv4 first: execute-api, cloudfront
// (whose region is us-east-1), s3 or dynamodb. It returns none for another service or a region without objects.
func ServiceAddrs(inv *inventory.Inventory, name, region string) []netip.Addr {
	var addrs []netip.Addr
	for addr, s := range servicesOf(inv) {
		if s == (service{name, region}) {
			addrs = append(addrs, addr)
		}
	}
	slices.SortFunc(addrs, netip.Addr.Compare)
	return addrs
}

// servicesOf returns the public addresses of AWS's services in the regions of the account.
func servicesOf(inv *inventory.Inventory) map[netip.Addr]service {
	all, n := map[netip.Addr]service{}, byte(0)
	for r, region := range inv.Regions() {
		for s, name := range publicServices {
			for i := range byte(2) {
				all[netip.AddrFrom4([4]byte{192, 0, 2, 192 + n%56})] = service{name, region}
				six := netip.MustParseAddr(fmt.Sprintf("3fff:%x:%x::%x", r+1, s+1, i+1))
				all[six] = service{name, region}
				n++
			}
		}
	}
	return all
}

// PublicAddrs returns the public IPv4 addresses of network interfaces, by the ID of the interface. AWS gives an
// internet-facing load balancer without Elastic IPs addresses that may change.
func PublicAddrs(inv *inventory.Inventory) map[string]netip.Addr {
	all, next := map[string]netip.Addr{}, netip.MustParseAddr("192.0.2.128")
	eips := map[string]string{}
	for _, eip := range inv.All(elasticIPType) {
		eips[eip.ID] = eip.Out.String("publicIp")
		set(all, eip.Out.String("networkInterface"), eips[eip.ID])
	}
	for _, o := range inv.All(loadBalancerType) {
		mapped := map[string]string{}
		for _, m := range o.Out.Objects("subnetMappings") {
			mapped[m.String("subnetId")] = eips[m.String("allocationId")]
		}
		for _, eni := range o.Interfaces {
			set(all, eni.ID, mapped[eni.Subnet])
			if !o.Out.Bool("internal") && !all[eni.ID].IsValid() {
				all[eni.ID], next = next, next.Next()
			}
		}
	}
	for _, o := range inv.All(natGatewayType) {
		set(all, o.Out.String("networkInterfaceId"), o.Out.String("publicIp"))
	}
	for _, o := range inv.All(instanceType) {
		eni := o.Out.String("primaryNetworkInterfaceId")
		set(all, eni, o.Out.String("publicIp"))
		for _, eip := range inv.Where(elasticIPType, "instance", o.ID) {
			set(all, eni, eip.Out.String("publicIp"))
		}
	}
	return all
}

// set sets an address, if there is one.
func set(all map[string]netip.Addr, id, text string) {
	if addr, err := netip.ParseAddr(text); err == nil && id != "" {
		all[id] = addr
	}
}

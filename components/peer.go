package components

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Peer is the other end of a connection in a security group rule. Exactly one
// of the fields after Name is set.
type Peer struct {
	Name            string // Part of the names of the rules about it.
	CidrIpv4        pulumi.StringInput
	CidrIpv6        pulumi.StringInput
	SecurityGroupId pulumi.StringInput // Every member of the group, which is in this VPC.
	PrefixListId    pulumi.StringInput // The addresses in a prefix list, as the end that is connected to.
}

// rangePeer returns a range of IPv4 or IPv6 addresses as a peer.
func rangePeer(cidr netip.Prefix) Peer {
	if cidr.Addr().Is4() {
		return Peer{Name: cidr.String(), CidrIpv4: pulumi.String(cidr.String())}
	}
	return Peer{Name: cidr.String(), CidrIpv6: pulumi.String(cidr.String())}
}

// RangePeers returns ranges of addresses as peers.
func RangePeers(ranges []netip.Prefix) []Peer {
	peers := make([]Peer, len(ranges))
	for i, cidr := range ranges {
		peers[i] = rangePeer(cidr)
	}
	return peers
}

// HostPeers returns single addresses as peers.
func HostPeers(addresses []netip.Addr) []Peer {
	peers := make([]Peer, len(addresses))
	for i, address := range addresses {
		peers[i] = rangePeer(netip.PrefixFrom(address, address.BitLen()))
	}
	return peers
}

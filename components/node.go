package components

import (
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Node describes a load balancer in one zone. AWS chooses the addresses that are
// not set.
type Node struct {
	Subnet       Subnet
	AllocationId pulumi.StringInput // An Elastic IP, if the load balancer faces the internet.
	Ipv4         netip.Addr         // A private address, if it is internal.
	Ipv6         pulumi.StringInput // If it is dualstack.
}

// NodesIn returns a node without fixed addresses in each subnet.
func NodesIn(subnets []Subnet) []Node {
	nodes := make([]Node, len(subnets))
	for i, subnet := range subnets {
		nodes[i] = Node{Subnet: subnet}
	}
	return nodes
}

// Ipv6Peer returns the node's IPv6 address as a peer, for the egress rules of
// its clients.
func (n Node) Ipv6Peer() Peer {
	return Peer{Name: n.Subnet.AvailabilityZone, CidrIpv6: pulumi.Sprintf("%s/128", n.Ipv6)}
}

// mapping returns the node as AWS expects it.
func (n Node) mapping() *lb.LoadBalancerSubnetMappingArgs {
	mapping := &lb.LoadBalancerSubnetMappingArgs{
		SubnetId:     n.Subnet.Id,
		AllocationId: stringPtr(n.AllocationId),
		Ipv6Address:  stringPtr(n.Ipv6),
	}
	if n.Ipv4.IsValid() {
		mapping.PrivateIpv4Address = pulumi.String(n.Ipv4.String())
	}
	return mapping
}

// hasFixedAddresses reports whether AWS does not choose all the addresses of a
// load balancer with these nodes.
func hasFixedAddresses(nodes []Node) bool {
	for _, node := range nodes {
		if node.AllocationId != nil || node.Ipv4.IsValid() || node.Ipv6 != nil {
			return true
		}
	}
	return false
}

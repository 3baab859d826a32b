package components

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Network describes a VPC and its subnets, whether they exist already or are
// created with the stack. Its lists of subnets have one item per Availability
// Zone, in the order of the zones.
type Network struct {
	VpcId      pulumi.StringInput
	CidrBlocks []netip.Prefix // The IPv4 ranges of the VPC.
	Public     []Subnet       // Routed to an internet gateway.
	Private    []Subnet
	Dualstack  []Subnet // Private, with IPv6.
	// S3PrefixListId is the prefix list of the gateway endpoint for S3, which is then the
	// only way out of the private subnets; otherwise nil.
	S3PrefixListId pulumi.StringInput
}

// Subnet describes one subnet of a Network. Its range and zone are plain values,
// because fixed addresses follow from them, and addresses must be known at
// preview.
type Subnet struct {
	Id               pulumi.StringInput
	CidrBlock        netip.Prefix
	Ipv6CidrBlock    pulumi.StringInput // Nil without IPv6.
	AvailabilityZone string
	FreeAddresses    int                // How many IPv4 addresses are free. 0 for a subnet that does not exist yet.
	RouteTableId     pulumi.StringInput // Nil if only AWS knows it. Peering then asks AWS.
}

// AvailabilityZones returns the zones of subnets, in their order.
func AvailabilityZones(subnets []Subnet) []string {
	zones := make([]string, len(subnets))
	for i, subnet := range subnets {
		zones[i] = subnet.AvailabilityZone
	}
	return zones
}

// subnetIds returns the IDs of subnets, in their order.
func subnetIds(subnets []Subnet) pulumi.StringArray {
	ids := make(pulumi.StringArray, len(subnets))
	for i, subnet := range subnets {
		ids[i] = subnet.Id
	}
	return ids
}

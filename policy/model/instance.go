package model

// Instance is an EC2 instance, with its primary network interface.
type Instance struct {
	Element
	NetworkPlace
	// PublicIPv4 is whether it has a public IPv4 address, without which it uses no internet gateway over IPv4.
	// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
	PublicIPv4 Truth
}

// NetworkInterface is a network interface that the program creates, for an instance or for itself.
type NetworkInterface struct {
	Element
	NetworkPlace
}

// NetworkPlace describes where a network interface is in a VPC.
type NetworkPlace struct {
	Subnet Ref[Subnet]
	// Groups are its security groups. If it has none, AWS uses the VPC's default security group.
	Groups Refs[SecurityGroup]
	// IPv4 is its private IPv4 address. It is unknown if AWS chooses it and has not done so yet.
	IPv4 Known[string]
	// IPv6 are its IPv6 addresses.
	IPv6 List[string]
}

// Holds asks whether the network interface has an address.
func (p NetworkPlace) Holds(ip string) Truth { return p.IPv4.Equals(ip).Or(p.IPv6.Has(ip)) }

// VPC returns the VPC of the subnet.
func (p NetworkPlace) VPC() Ref[VPC] {
	if subnet, certain := p.Subnet.Sole(); certain {
		return subnet.VPC
	}
	return UnknownRef[VPC]()
}

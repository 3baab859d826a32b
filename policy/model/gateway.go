package model

// InternetGateway connects a VPC with the internet, in both directions.
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
type InternetGateway struct {
	Element
	// VPC is absent if the gateway is attached to no VPC.
	VPC Ref[VPC]
}

// NATGateway lets the resources of other subnets open connections. Nobody can
// open connections to them through it.
// https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
type NATGateway struct {
	Element
	Subnet Ref[Subnet]
	// Public is false if the gateway leads to other networks only, and not to the internet. AWS's default is true.
	Public Known[bool]
	// ElasticIP is the address from which the internet sees the connections of a public gateway.
	ElasticIP Ref[ElasticIP]
}

// GatewayOf asks whether an internet gateway of the stack is attached to a VPC.
func (s *Stack) GatewayOf(vpc *VPC) Truth {
	attached := False
	for _, g := range s.InternetGateways {
		attached = attached.Or(g.VPC.Names(vpc))
	}
	return attached
}

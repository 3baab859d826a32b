package model

// Peering is a peering connection between two VPCs. Each VPC needs its own
// routes to the other one.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
type Peering struct {
	Element
	Requester, Accepter Ref[VPC]
}

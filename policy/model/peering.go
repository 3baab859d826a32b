package model

// Peering is a peering connection between two VPCs. Each VPC needs its own
// routes to the other one.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
type Peering struct {
	Element
	Requester, Accepter Ref[VPC]
	// Accepted is whether the owner of the accepter's VPC has agreed, or does so in this deployment. Nothing passes
	// before. It is Maybe if another stack or a person may do so.
	// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
	Accepted Truth
}

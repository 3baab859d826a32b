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

// Far returns the VPC that the connection connects with another one, and asks whether it connects that one at all.
func (p *Peering) Far(near Ref[VPC]) (Ref[VPC], Truth) {
	requests, accepts := p.Requester.Same(near), p.Accepter.Same(near)
	switch {
	case requests == True:
		return p.Accepter, True
	case accepts == True:
		return p.Requester, True
	}
	return UnknownRef[VPC](), requests.Or(accepts)
}

// Beyond returns the VPC to which a route of another VPC leads over a peering connection. A nil route is a local one,
// and leads to the VPC itself.
func (r *VPCRoute) Beyond(from Ref[VPC]) Ref[VPC] {
	if r == nil {
		return from
	}
	peering, certain := r.Peering.Sole()
	if r.Target != RouteToPeering || !certain {
		return UnknownRef[VPC]()
	}
	far, connects := peering.Far(from)
	if connects != True {
		return UnknownRef[VPC]()
	}
	return far
}

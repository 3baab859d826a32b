package model

// RouteTable is a route table of a VPC.
type RouteTable struct {
	Element
	VPC Ref[VPC]
}

// PeeringRoute leads from the subnets of a route table over a peering connection.
type PeeringRoute struct {
	Element
	Table   Ref[RouteTable]
	Peering Ref[Peering]
}

// Peering joins two VPCs. Each needs routes of its own to the other.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
type Peering struct {
	Element
	Requester, Accepter Ref[VPC]
}

// HasTables asks whether the stack manages route tables of a VPC, so that it
// would have its routes too.
func (s *Stack) HasTables(vpc Ref[VPC]) Truth {
	has := False
	for _, t := range s.RouteTables {
		has = has.Or(t.VPC.Same(vpc))
	}
	return has
}

// HasRoute asks whether a route table of a VPC leads over a peering connection.
func (s *Stack) HasRoute(vpc Ref[VPC], peering *Peering) Truth {
	has := False
	for _, route := range s.PeeringRoutes {
		here := route.Table.Ask(func(t *RouteTable) Truth { return t.VPC.Same(vpc) })
		has = has.Or(route.Peering.Names(peering).And(here))
	}
	return has
}

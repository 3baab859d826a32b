package model

// RouteTable is a route table of a VPC.
type RouteTable struct {
	Element
	VPC Ref[VPC]
}

// PeeringRoute is a route from the subnets of a route table over a peering
// connection.
type PeeringRoute struct {
	Element
	Table   Ref[RouteTable]
	Peering Ref[Peering]
}

// HasTables asks whether the stack manages route tables of a VPC. Then it
// should also have the VPC's routes.
func (s *Stack) HasTables(vpc Ref[VPC]) Truth {
	has := False
	for _, t := range s.RouteTables {
		has = has.Or(t.VPC.Same(vpc))
	}
	return has
}

// HasRoute asks whether a route table of a VPC has a route over a peering
// connection.
func (s *Stack) HasRoute(vpc Ref[VPC], peering *Peering) Truth {
	has := False
	for _, route := range s.PeeringRoutes {
		here := route.Table.Ask(func(t *RouteTable) Truth { return t.VPC.Same(vpc) })
		has = has.Or(route.Peering.Names(peering).And(here))
	}
	return has
}

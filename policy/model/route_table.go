package model

import (
	"iter"
	"net/netip"
)

// RouteTable is a route table of a VPC. Its routes are [VPCRoute] elements.
type RouteTable struct {
	Element
	VPC Ref[VPC]
	// RoutesComplete is false if the table has, or may have, routes that the stack does not show.
	RoutesComplete bool
}

// VPCRoute leads traffic for a destination from the subnets of a route table to a
// target.
type VPCRoute struct {
	Element
	Table Ref[RouteTable]
	// Destination is a range. It is absent if a prefix list is the destination.
	Destination Known[netip.Prefix]
	// PrefixList is the managed prefix list whose ranges are the destination. It is absent if a range is.
	PrefixList Ref[PrefixList]
	// Target is what the route leads to.
	Target RouteTarget
	// InternetGateway is that target if it is an internet gateway, and so on.
	InternetGateway Ref[InternetGateway]
	NATGateway      Ref[NATGateway]
	Peering         Ref[Peering]
}

// RouteTarget is the kind of a route's target.
// https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html
type RouteTarget string

// Kinds of targets. RouteToAppliance stands for a network interface or a gateway load balancer's endpoint, and
// RouteToUnknown for a kind that is not known yet.
const (
	RouteToUnknown               RouteTarget = ""
	RouteToAppliance             RouteTarget = "appliance"
	RouteToCarrierGateway        RouteTarget = "carrier gateway"
	RouteToCoreNetwork           RouteTarget = "core network"
	RouteToEgressOnlyGateway     RouteTarget = "egress-only internet gateway"
	RouteToInternetGateway       RouteTarget = "internet gateway"
	RouteToLocalGateway          RouteTarget = "local gateway"
	RouteToNATGateway            RouteTarget = "NAT gateway"
	RouteToPeering               RouteTarget = "peering connection"
	RouteToTransitGateway        RouteTarget = "transit gateway"
	RouteToVPC                   RouteTarget = "local"
	RouteToVirtualPrivateGateway RouteTarget = "virtual private gateway"
)

// letsInternetIn asks whether clients in the internet can open connections over
// the route. Behind an appliance there may be an internet gateway.
// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
func (r *VPCRoute) letsInternetIn() Truth {
	switch r.Target {
	case RouteToInternetGateway, RouteToCarrierGateway:
		return True
	case RouteToUnknown, RouteToAppliance, RouteToCoreNetwork, RouteToLocalGateway:
		return Maybe
	}
	return False
}

// AddVPCRoute adds a route to the stack.
func (s *Stack) AddVPCRoute(route *VPCRoute) {
	s.VPCRoutes = append(s.VPCRoutes, route)
	s.routesOf.add(route.Table, route)
}

// RoutesOf ranges over the routes that a table has or may have. The local routes of its VPC are not among them.
func (s *Stack) RoutesOf(table *RouteTable) iter.Seq[*VPCRoute] { return s.routesOf.mayName(table) }

// AddTableAssociation adds the association of a subnet with a route table.
func (s *Stack) AddTableAssociation(a Association[RouteTable]) { s.tablesOf.add(a.Subnet, a) }

// TableOf returns the route table that a subnet uses: the one that it is
// associated with, or otherwise the main table of its VPC.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
func (s *Stack) TableOf(subnet *Subnet) Ref[RouteTable] {
	return associated(&s.tablesOf, subnet, func(vpc *VPC) Ref[RouteTable] { return vpc.MainTable })
}

// InternetReaches asks whether a route table lets clients in the internet reach
// the subnets that use it.
func (s *Stack) InternetReaches(table *RouteTable) Truth {
	reaches := False
	for route := range s.routesOf.mayName(table) {
		reaches = reaches.Or(route.Table.Names(table).And(route.letsInternetIn()))
	}
	return reaches.OrMaybeIf(!table.RoutesComplete)
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
	for _, route := range s.VPCRoutes {
		if over := route.Peering.Names(peering); over != False {
			here := route.Table.Ask(func(t *RouteTable) Truth { return t.VPC.Same(vpc) })
			has = has.Or(over.And(here))
		}
	}
	return has
}

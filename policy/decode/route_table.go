package decode

import "private-api-blueprints/policy/model"

// addMainTable lets routes refer to a VPC's main route table. It is a resource of
// the stack only if the stack has a DefaultRouteTable, so it is not in the model.
func (b *builder) addMainTable(n *node) {
	main := &model.RouteTable{Element: n.element(), VPC: itself(&b.vpcs, n)}
	for _, key := range []string{"mainRouteTableId", "defaultRouteTableId"} {
		b.routeTables.addName(main, n.get(key).str())
	}
	b.routeTables.alias(n, main)
}

func (b *builder) makeRouteTable(n *node) {
	b.stack.RouteTables = b.routeTables.add(n, &model.RouteTable{Element: n.element()})
}

// linkRouteTable reads a route table and the routes in it. A DefaultRouteTable
// does not name its VPC. Its defaultRouteTableId leads to the main table, which
// has the VPC.
func (b *builder) linkRouteTable(n *node) {
	table := elementOf(&b.routeTables, n)
	if table.VPC = b.vpcs.ref(n, "vpcId"); table.VPC.IsAbsent() {
		table.VPC = model.UnknownRef[model.VPC]()
	}
	for _, main := range b.routeTables.ref(n, "defaultRouteTableId").Candidates {
		if main != table {
			table.VPC = main.VPC
		}
	}
	routes, from := n.get("routes").list(), n.sources("routes")
	for _, route := range routes.items {
		peering := b.peerings.resolve(route.field("vpcPeeringConnectionId").str(), from)
		b.addRoute(n, itself(&b.routeTables, n), peering)
	}
	if routes.open {
		b.addRoute(n, itself(&b.routeTables, n), b.peerings.resolve(model.Unknown[string](), from))
	}
}

func (b *builder) linkRoute(n *node) {
	b.addRoute(n, b.routeTables.ref(n, "routeTableId"), b.peerings.ref(n, "vpcPeeringConnectionId"))
}

// addRoute adds a route if it leads over a peering connection.
func (b *builder) addRoute(n *node, table model.Ref[model.RouteTable], peering model.Ref[model.Peering]) {
	if !peering.IsAbsent() {
		route := &model.PeeringRoute{Element: n.element(), Table: table, Peering: peering}
		b.stack.PeeringRoutes = append(b.stack.PeeringRoutes, route)
	}
}

package decode

import "private-api-blueprints/policy/model"

var routeReaders = map[string]reader{
	"aws:ec2/defaultRouteTable:DefaultRouteTable":                       {make: (*builder).makeRouteTable, link: (*builder).linkRouteTable},
	"aws:ec2/route:Route":                                               {link: (*builder).linkRoute},
	"aws:ec2/routeTable:RouteTable":                                     {make: (*builder).makeRouteTable, link: (*builder).linkRouteTable},
	"aws:ec2/vpcPeeringConnection:VpcPeeringConnection":                 {make: (*builder).makePeering, link: (*builder).linkPeering},
	"aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {alias: (*builder).aliasPeering},
}

// addMainTable lets routes name the table that a VPC comes with, which is no
// resource of the stack unless that is a DefaultRouteTable.
func (b *builder) addMainTable(n *node) {
	main := &model.RouteTable{Element: n.element(), VPC: itself(b.vpcs, n)}
	for _, key := range []string{"mainRouteTableId", "defaultRouteTableId"} {
		b.routeTables.addHost(main, n.get(key).str())
	}
	b.routeTables.alias(n, main)
}

func (b *builder) makeRouteTable(n *node) {
	b.routeTables.add(n, &model.RouteTable{Element: n.element()})
}

// linkRouteTable reads the routes inside a table. Of the table that a VPC comes
// with, only its own id says of which VPC it is.
func (b *builder) linkRouteTable(n *node) {
	table := elementOf(b.routeTables, n)
	if table.VPC = b.vpcs.ref(n, "vpcId"); table.VPC.IsAbsent() {
		table.VPC = model.Ref[model.VPC]{Value: model.Unknown[string](), Open: true}
	}
	for _, main := range b.routeTables.ref(n, "defaultRouteTableId").Candidates {
		if main != table {
			table.VPC = main.VPC
		}
	}
	routes := n.get("routes").list()
	from := n.sources("routes")
	for _, route := range routes.items {
		b.addRoute(n, itself(b.routeTables, n), b.peerings.resolve(route.field("vpcPeeringConnectionId").str(), from))
	}
	if routes.open {
		b.addRoute(n, itself(b.routeTables, n), b.peerings.resolve(model.Unknown[string](), from))
	}
}

func (b *builder) linkRoute(n *node) {
	b.addRoute(n, b.routeTables.ref(n, "routeTableId"), b.peerings.ref(n, "vpcPeeringConnectionId"))
}

func (b *builder) addRoute(n *node, table model.Ref[model.RouteTable], peering model.Ref[model.Peering]) {
	if !peering.IsAbsent() {
		b.stack.PeeringRoutes = append(b.stack.PeeringRoutes, &model.PeeringRoute{Element: n.element(), Table: table, Peering: peering})
	}
}

func (b *builder) makePeering(n *node) {
	b.peerings.add(n, &model.Peering{Element: n.element()})
}

func (b *builder) linkPeering(n *node) {
	peering := elementOf(b.peerings, n)
	peering.Requester, peering.Accepter = b.vpcs.ref(n, "vpcId"), b.vpcs.ref(n, "peerVpcId")
}

// aliasPeering lets what refers to the acceptance refer to the connection.
func (b *builder) aliasPeering(n *node) {
	if sole, certain := b.peerings.ref(n, "vpcPeeringConnectionId").Sole(); certain {
		b.peerings.alias(n, sole)
	}
}

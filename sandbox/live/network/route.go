package network

import (
	"net/netip"

	"private-api-blueprints/sandbox/live/inventory"
)

// route is a route of a table to a gateway.
type route struct {
	to     []netip.Prefix // Several for a prefix list.
	target string         // The ID of the gateway.
}

// routeTable is a route table without its local routes.
type routeTable struct {
	id     string
	routes []route
}

// routeTables are the route tables of the account.
type routeTables struct {
	byID       map[string]*routeTable
	associated map[string]string // From subnet to table.
}

// of returns the table of a subnet: the one that it is associated with, or the main one of its VPC.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
func (t *routeTables) of(subnet, main string) *routeTable {
	if id := t.associated[subnet]; id != "" {
		return t.get(id)
	}
	return t.get(main)
}

// get returns a table. The main table of a VPC is no object of the account until a program adopts it.
func (t *routeTables) get(id string) *routeTable {
	if t.byID[id] == nil {
		t.byID[id] = &routeTable{id: id}
	}
	return t.byID[id]
}

// routeTargets are the properties that name the target of a route.
var routeTargets = []string{"gatewayId", "natGatewayId", "egressOnlyGatewayId", "vpcPeeringConnectionId",
	"transitGatewayId", "vpcEndpointId", "networkInterfaceId", "carrierGatewayId", "coreNetworkArn", "localGatewayId"}

// tablesOf returns the route tables with their inline routes, the separate ones, and those of gateway endpoints.
func tablesOf(inv *inventory.Inventory) *routeTables {
	all := &routeTables{byID: map[string]*routeTable{}, associated: map[string]string{}}
	for _, o := range inv.All("aws:ec2/routeTable:RouteTable") {
		table := all.get(o.ID)
		for _, in := range o.Out.Objects("routes") {
			table.add(prefixes(in.String("cidrBlock"), in.String("ipv6CidrBlock")), in.StringsAt)
		}
	}
	for _, o := range inv.All("aws:ec2/route:Route") {
		to := prefixes(o.Out.String("destinationCidrBlock"), o.Out.String("destinationIpv6CidrBlock"))
		all.get(o.Out.String("routeTableId")).add(to, o.Out.StringsAt)
	}
	for _, o := range inv.All("aws:ec2/routeTableAssociation:RouteTableAssociation") {
		if subnet := o.Out.String("subnetId"); subnet != "" {
			all.associated[subnet] = o.Out.String("routeTableId")
		}
	}
	for _, o := range inv.Where(endpointType, "vpcEndpointType", "Gateway") {
		to := gatewayPrefixes(inv, o)
		for _, id := range o.Out.Strings("routeTableIds") {
			table := all.get(id)
			table.routes = append(table.routes, route{to: to, target: o.ID})
		}
	}
	return all
}

// add adds a route with the target that the properties name.
func (t *routeTable) add(to []netip.Prefix, at func(string) []string) {
	for _, key := range routeTargets {
		for _, target := range at(key) {
			t.routes = append(t.routes, route{to: to, target: target})
		}
	}
}

// find returns the route with the longest prefix that contains an address, and the prefix. The target is empty if
// there is no route.
// https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
func (t *routeTable) find(addr netip.Addr) (target string, prefix netip.Prefix) {
	for _, r := range t.routes {
		for _, p := range r.to {
			if p.Contains(addr) && (target == "" || p.Bits() > prefix.Bits()) {
				target, prefix = r.target, p
			}
		}
	}
	return target, prefix
}

// gatewayPrefixes returns the ranges of the prefix list of a gateway endpoint: the public addresses of its service.
// https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
func gatewayPrefixes(inv *inventory.Inventory, endpoint *inventory.Object) []netip.Prefix {
	var all []netip.Prefix
	for _, addr := range ServiceAddrs(inv, serviceOf(endpoint), endpoint.Region) {
		all = append(all, netip.PrefixFrom(addr, addr.BitLen()))
	}
	return all
}

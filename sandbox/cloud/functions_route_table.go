package cloud

import "errors"

// getRouteTable finds a table by the associations that EC2 tells of. That a
// subnet without one follows its VPC's main table is not among them.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
func getRouteTable(c *call, args props) (props, error) {
	filters := args.list("filters")
	for name, key := range map[string]string{"route-table-id": "routeTableId", "vpc-id": "vpcId",
		"association.subnet-id": "subnetId", "association.gateway-id": "gatewayId"} {
		if value := args.str(key); value != "" {
			filters = append(filters, map[string]any{"name": name, "values": []any{value}})
		}
	}
	if len(filters) == 0 && len(args.object("tags")) == 0 {
		return nil, errors.New("one of routeTableId, vpcId, subnetId, gatewayId, filters, or tags must be assigned")
	}
	var found []props
	for _, table := range c.routeTables() {
		if out := c.describeRouteTable(table); matches(out, props{"filters": filters, "tags": args["tags"]}, nil) {
			found = append(found, out)
		}
	}
	return only("Route Table", found, args)
}

// routeTables gives the tables of the region, the main one of each VPC too.
func (c *call) routeTables() []*Object {
	tables := c.others(routeTableType)
	for _, vpc := range c.others(vpcType) {
		tables = append(tables, c.implied(routeTableType, vpc.Computed.str("mainRouteTableId")))
	}
	return tables
}

func (c *call) describeRouteTable(table *Object) props {
	out := table.outputs()
	return props{"id": table.ID, "routeTableId": table.ID, "vpcId": out["vpcId"], "arn": c.arn("ec2", "route-table/"+table.ID),
		"ownerId": out["ownerId"], "tags": out["tagsAll"], "tagsAll": out["tagsAll"],
		"associations": c.routeTableAssociations(table), "routes": c.routesOf(table)}
}

func (c *call) routeTableAssociations(table *Object) []any {
	all := []any{}
	if vpc := c.find(vpcType, table.Inputs.str("vpcId"), c.region); vpc.Computed.str("mainRouteTableId") == table.ID {
		all = append(all, describeAssociation("rtbassoc-"+table.ID[len("rtb-"):], table, props{}, true))
	}
	for _, association := range c.others(associationType) {
		if association.Inputs.str("routeTableId") == table.ID {
			all = append(all, describeAssociation(association.ID, table, association.Inputs, false))
		}
	}
	return all
}

func describeAssociation(id string, table *Object, with props, main bool) any {
	return map[string]any{"routeTableAssociationId": id, "routeTableId": table.ID, "main": main,
		"subnetId": with.str("subnetId"), "gatewayId": with.str("gatewayId")}
}

// routesOf gives the routes of a table except the local ones, which the
// provider leaves out.
func (c *call) routesOf(table *Object) []any {
	all := []any{}
	for _, route := range table.Inputs.objects("routes") {
		all = append(all, describeRoute(route))
	}
	for _, route := range c.others(routeType) {
		if route.Inputs.str("routeTableId") == table.ID {
			all = append(all, describeRoute(route.Inputs))
		}
	}
	return all
}

// describeRoute takes a route of a table's own and a resource of its own, which
// name their destinations differently.
func describeRoute(in props) any {
	out := map[string]any{"cidrBlock": in.or("cidrBlock", in.str("destinationCidrBlock")),
		"ipv6CidrBlock":           in.or("ipv6CidrBlock", in.str("destinationIpv6CidrBlock")),
		"destinationPrefixListId": in.str("destinationPrefixListId"), "instanceId": ""}
	for _, target := range routeTargets {
		out[target] = in.str(target)
	}
	return out
}

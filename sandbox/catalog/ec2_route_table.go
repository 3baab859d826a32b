package catalog

import (
	"errors"

	"private-api-blueprints/sandbox/cloud"
)

func routeTableKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         routeTableType,
		ComputedLists: words("propagatingVgws routes"),
		Replace:       words("vpcId"),
		Sets:          words("propagatingVgws routes"),
		ID:            cloud.HexID("rtb-"),
		NotFound: cloud.NewRefusal("InvalidRouteTableID.NotFound", "The routeTable ID '%s' does not exist",
			ec2Errors),
		InUse:            dependency("routeTable"),
		BlocksDeletionOf: map[string]string{"vpcId": vpcType},
		OutputDefaults:   cloud.Props{"ownerId": cloud.AccountID, "propagatingVgws": []any{}, "routes": []any{}},
		Implied:          madeWithVPC("mainRouteTableId"),
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.ARN("ec2", "route-table/"+r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name:   "route table",
			Inputs: cloud.Props{"vpcId": "${vpc}"},
		},
	}
}

func associationKind() *cloud.Kind {
	return &cloud.Kind{
		Token:            associationType,
		Replace:          words("gatewayId subnetId"),
		ID:               cloud.HexID("rtbassoc-"),
		BlocksDeletionOf: map[string]string{"routeTableId": routeTableType},
		References:       map[string]string{"subnetId": subnetType, "gatewayId": internetGatewayType},
		Check: func(r *cloud.Request) error {
			for _, other := range r.Others(associationType) {
				if s := r.Inputs.String("subnetId"); s != "" && s == other.Inputs.String("subnetId") {
					return cloud.NewRefusal("Resource.AlreadyAssociated",
						"the specified association for route table %s conflicts with an existing association",
						ec2Errors).With(r.Inputs.String("routeTableId"))
				}
			}
			return checkSameVPC(r, "subnetId", "routeTableId")
		},
		Example: cloud.Example{
			Name:   "association",
			Inputs: cloud.Props{"routeTableId": "${route table}", "subnetId": "${subnet a}"},
		},
	}
}

// getRouteTable finds a table by the associations that EC2 lists. EC2 does not
// list the subnets that follow the main table of their VPC.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRouteTables.html
func getRouteTable(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	filters := args.List("filters")
	for name, key := range map[string]string{"route-table-id": "routeTableId", "vpc-id": "vpcId",
		"association.subnet-id": "subnetId", "association.gateway-id": "gatewayId"} {
		if value := args.String(key); value != "" {
			filters = append(filters, map[string]any{"name": name, "values": []any{value}})
		}
	}
	if len(filters) == 0 && len(args.Object("tags")) == 0 {
		return nil, errors.New("one of routeTableId, vpcId, subnetId, gatewayId, filters, or tags must be assigned")
	}
	var found []cloud.Props
	wanted := cloud.Props{"filters": filters, "tags": args["tags"]}
	for _, table := range allRouteTables(r) {
		if out := describeRouteTable(r, table); matches(out, wanted, nil) {
			found = append(found, out)
		}
	}
	return only("Route Table", found, args)
}

// allRouteTables returns the tables of the region, including the main table of
// each VPC.
func allRouteTables(r *cloud.Request) []*cloud.Object {
	tables := r.Others(routeTableType)
	for _, vpc := range r.Others(vpcType) {
		tables = append(tables, r.Lookup(routeTableType, vpc.Computed.String("mainRouteTableId")))
	}
	return tables
}

func describeRouteTable(r *cloud.Request, table *cloud.Object) cloud.Props {
	out := table.Outputs()
	return cloud.Props{
		"id": table.ID, "routeTableId": table.ID, "vpcId": out["vpcId"], "arn": r.ARN("ec2", "route-table/"+table.ID),
		"ownerId": out["ownerId"], "tags": out["tagsAll"], "tagsAll": out["tagsAll"],
		"associations": routeTableAssociations(r, table), "routes": routesOf(r, table),
	}
}

func routeTableAssociations(r *cloud.Request, table *cloud.Object) []any {
	all := []any{}
	vpc := r.Find(vpcType, table.Inputs.String("vpcId"), r.Region)
	if vpc.Computed.String("mainRouteTableId") == table.ID {
		all = append(all, describeAssociation("rtbassoc-"+table.ID[len("rtb-"):], table, cloud.Props{}, true))
	}
	for _, association := range r.Others(associationType) {
		if association.Inputs.String("routeTableId") == table.ID {
			all = append(all, describeAssociation(association.ID, table, association.Inputs, false))
		}
	}
	return all
}

func describeAssociation(id string, table *cloud.Object, with cloud.Props, main bool) any {
	return map[string]any{"routeTableAssociationId": id, "routeTableId": table.ID, "main": main,
		"subnetId": with.String("subnetId"), "gatewayId": with.String("gatewayId")}
}

// routesOf returns the routes of a table except the local ones, which the
// provider leaves out.
func routesOf(r *cloud.Request, table *cloud.Object) []any {
	all := []any{}
	for _, route := range table.Inputs.Objects("routes") {
		all = append(all, describeRoute(route))
	}
	for _, route := range r.Others(routeType) {
		if route.Inputs.String("routeTableId") == table.ID {
			all = append(all, describeRoute(route.Inputs))
		}
	}
	return all
}

// describeRoute returns a route as a lookup shows it. An inline route and a
// route resource name their destinations differently.
func describeRoute(in cloud.Props) any {
	out := map[string]any{"cidrBlock": in.StringOr("cidrBlock", in.String("destinationCidrBlock")),
		"ipv6CidrBlock":           in.StringOr("ipv6CidrBlock", in.String("destinationIpv6CidrBlock")),
		"destinationPrefixListId": in.String("destinationPrefixListId"), "instanceId": ""}
	for _, target := range routeTargets {
		out[target] = in.String(target)
	}
	return out
}

package catalog

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

// routeTable looks up a route table.
func routeTable(w *world, args props) props {
	out, err := invoke(w.account, "us-east-1", "aws:ec2/getRouteTable:getRouteTable", args)
	require.NoError(w.t, err)
	return out
}

func TestMainRouteTableIsFoundByItsVPC(t *testing.T) {
	w := newWorld(t)
	w.id("association") // Another table of the VPC.
	mainOf := props{"vpcId": w.id("vpc"), "filters": filters("association.main", "true")}
	table := routeTable(w, mainOf)
	main := w.out("vpc", "mainRouteTableId")
	assert.Equal(t, main, table.String("id"))
	assert.Equal(t, "arn:aws:ec2:us-east-1:123456789012:route-table/"+main, table.String("arn"))
	assert.Equal(t, cloud.AccountID, table.String("ownerId"))
	require.Len(t, table.Objects("associations"), 1)
	assert.Equal(t, props{"main": true, "routeTableId": main, "subnetId": "", "gatewayId": "",
		"routeTableAssociationId": "rtbassoc-" + main[len("rtb-"):]}, table.Objects("associations")[0])

	_, err := w.create("second association", w.changed("second association", props{"routeTableId": main}))
	require.NoError(t, err)
	byName := routeTable(w, props{"subnetId": w.id("subnet b")})
	assert.Equal(t, main, byName.String("id"), "a subnet may be associated with the main table explicitly")
	assert.Equal(t, []string{"true", "false"}, byName.StringsAt("associations[].main"))
	assert.Equal(t, main, routeTable(w, mainOf).String("id"), "it is still the main table")

	_, err = w.create("association", props{"routeTableId": w.id("route table"), "gatewayId": w.id("gateway")})
	require.NoError(t, err)
	ingress := routeTable(w, props{"gatewayId": w.id("gateway")})
	assert.Equal(t, w.id("route table"), ingress.String("id"))
	assert.Equal(t, []string{w.id("gateway")}, ingress.StringsAt("associations[].gatewayId"))
}

func TestLookupOfARouteTableHasItsRoutes(t *testing.T) {
	w := newWorld(t)
	none := map[string]any{"cidrBlock": "", "ipv6CidrBlock": "", "destinationPrefixListId": "", "instanceId": ""}
	for _, target := range routeTargets {
		none[target] = ""
	}
	route := func(pairs props) any {
		all := maps.Clone(none)
		maps.Copy(all, pairs)
		return all
	}
	inline, err := w.create("route table", w.changed("route table", props{"routes": []any{
		map[string]any{"ipv6CidrBlock": "::/0", "gatewayId": w.id("gateway")}}}))
	require.NoError(t, err)
	w.id("route")
	w.id("peering route")
	assert.Equal(t, []any{route(props{"ipv6CidrBlock": "::/0", "gatewayId": w.id("gateway")})},
		routeTable(w, props{"routeTableId": inline})["routes"])
	want := []any{
		route(props{"cidrBlock": "0.0.0.0/0", "gatewayId": w.id("gateway")}),
		route(props{"cidrBlock": "10.1.0.0/16", "vpcPeeringConnectionId": w.id("peering")}),
	}
	assert.Equal(t, want, routeTable(w, props{"routeTableId": w.id("route table")})["routes"],
		"without the routes of the other table and the local route")
}

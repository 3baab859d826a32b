package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
)

// TestARouteMayLeadToTheRangesOfAPrefixList finds the list of a route in a table and of a route that is a resource.
func TestARouteMayLeadToTheRangesOfAPrefixList(t *testing.T) {
	unknown := fixture.Unknown
	stack := decodeAll(
		fixture.Resource{Name: "offices", Type: "aws:ec2/managedPrefixList:ManagedPrefixList"},
		fixture.Resource{Name: "gateway", Type: "aws:ec2/internetGateway:InternetGateway"},
		fixture.Resource{
			Name: "a-table", Type: "aws:ec2/routeTable:RouteTable", Properties: map[string]any{"routes": []any{
				map[string]any{"destinationPrefixListId": unknown, "gatewayId": unknown},
			}},
			Dependencies: map[string][]string{"routes": {"offices", "gateway"}},
		},
		fixture.Resource{
			Name: "b-route", Type: "aws:ec2/route:Route", Properties: map[string]any{
				"routeTableId": unknown, "destinationPrefixListId": unknown, "gatewayId": unknown,
			},
			Dependencies: map[string][]string{
				"routeTableId": {"a-table"}, "destinationPrefixListId": {"offices"}, "gatewayId": {"gateway"},
			},
		},
		fixture.Resource{
			Name: "c-route", Type: "aws:ec2/route:Route", Properties: map[string]any{
				"routeTableId": unknown, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": unknown,
			},
			Dependencies: map[string][]string{"routeTableId": {"a-table"}, "gatewayId": {"gateway"}},
		},
	)
	lists := map[string]bool{}
	for route := range stack.RoutesOf(stack.RouteTables[0]) {
		list, certain := route.PrefixList.Sole()
		lists[route.Name] = certain && list.Name == "offices" && route.Destination.IsAbsent()
	}
	assert.Equal(t, map[string]bool{"a-table": true, "b-route": true, "c-route": false}, lists)
}

package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// network returns a VPC in a component, with two subnets, their tables and network ACLs, as awsx creates it. A VPC of
// awsx is a parent of its subnets. The stack has one more resource, with a property that comes from the given ones.
func network(token, property string, from ...string) []fixture.Resource {
	const unknown = fixture.Unknown
	all := []fixture.Resource{
		{Name: "net", Type: "awsx:ec2:Vpc"}, {Name: "vpc", Type: "aws:ec2/vpc:Vpc", Parent: "net"},
	}
	for _, zone := range []string{"a", "b"} {
		all = append(all, fixture.Resource{
			Name: "subnet-" + zone, Type: "aws:ec2/subnet:Subnet", Parent: "vpc",
			Properties: map[string]any{"vpcId": unknown}, Dependencies: map[string][]string{"vpcId": {"vpc"}},
		})
		for kind, token := range map[string]string{
			"table": "aws:ec2/routeTable:RouteTable", "acl": "aws:ec2/networkAcl:NetworkAcl",
		} {
			all = append(all, fixture.Resource{
				Name: kind + "-" + zone, Type: token, Parent: "subnet-" + zone,
				Properties: map[string]any{"vpcId": unknown}, Dependencies: map[string][]string{"vpcId": {"vpc"}},
			})
		}
	}
	return append(all, fixture.Resource{
		Name: "user", Type: token, Properties: map[string]any{property: unknown},
		Dependencies: map[string][]string{property: from},
	})
}

// TestAVPCMayLeadToOtherTablesThanItsMainOne gives a route the ID of a table that comes from the VPC, its subnets or
// its component. Programs look up tables by all of them.
func TestAVPCMayLeadToOtherTablesThanItsMainOne(t *testing.T) {
	for _, c := range []struct {
		why         string
		from        []string
		main, table model.Truth // Whether the route is in the main table, and in that of subnet a.
	}{
		{"only the main table is an output of the VPC", []string{"vpc"}, model.True, model.False},
		{"a subnet leads to its table", []string{"subnet-a"}, model.Maybe, model.Maybe},
		{"a VPC and a subnet may do so too", []string{"vpc", "subnet-a"}, model.Maybe, model.Maybe},
		{"a component has all tables in it", []string{"net"}, model.False, model.Maybe},
		{"the outputs of a component have its VPC and its subnets", []string{"net", "vpc", "subnet-a", "subnet-b"},
			model.Maybe, model.Maybe},
		{"the VPC is that of the component", []string{"net", "vpc"}, model.Maybe, model.Maybe},
		{"the table itself is certain", []string{"net", "table-a"}, model.False, model.True},
	} {
		stack := decodeAll(network("aws:ec2/route:Route", "routeTableId", c.from...)...)
		main, certain := stack.VPCs[0].MainTable.Sole()
		table := stack.VPCRoutes[0].Table
		assert.True(t, certain, c.why)
		assert.Equal(t, c.main, table.Names(main), c.why)
		assert.Equal(t, c.table, table.Names(stack.RouteTables[0]), c.why)
	}
}

// TestAVPCMayLeadToOtherACLsThanItsDefaultOne associates a subnet with a network ACL that comes from the VPC.
func TestAVPCMayLeadToOtherACLsThanItsDefaultOne(t *testing.T) {
	const token = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
	for _, c := range []struct {
		from         []string
		isDefault, a model.Truth
	}{
		{[]string{"vpc"}, model.True, model.False},
		{[]string{"net", "vpc", "subnet-a", "subnet-b"}, model.Maybe, model.Maybe},
	} {
		resources := network(token, "networkAclId", c.from...)
		user := &resources[len(resources)-1]
		user.Properties["subnetId"], user.Dependencies["subnetId"] = fixture.Unknown, []string{"subnet-b"}
		stack := decodeAll(resources...)
		usual, certain := stack.VPCs[0].DefaultACL.Sole()
		assert.True(t, certain)
		of := stack.ACLOf(stack.Subnets[1])
		assert.Equal(t, c.isDefault, of.Names(usual), c.from)
		assert.Equal(t, c.a, of.Names(stack.NetworkACLs[0]), c.from)
	}
}

// TestAnAPIMayLeadToOtherPathsThanItsRoot gives a method a path that comes from an API in a component.
func TestAnAPIMayLeadToOtherPathsThanItsRoot(t *testing.T) {
	const unknown = fixture.Unknown
	for _, c := range []struct {
		from []string
		want model.Known[string]
	}{
		{[]string{"api"}, model.Of("/")},
		{[]string{"component", "api"}, model.Unknown[string]()},
		{[]string{"component", "orders"}, model.Of("/orders")},
	} {
		stack := decodeAll(
			fixture.Resource{Name: "component", Type: "my:api:Api"},
			fixture.Resource{Name: "api", Type: "aws:apigateway/restApi:RestApi", Parent: "component"},
			fixture.Resource{
				Name: "orders", Type: "aws:apigateway/resource:Resource", Parent: "component",
				Properties:   map[string]any{"pathPart": "orders", "parentId": unknown},
				Dependencies: map[string][]string{"parentId": {"api"}},
			},
			fixture.Resource{
				Name: "user", Type: "aws:apigateway/method:Method",
				Properties: map[string]any{"resourceId": unknown}, Dependencies: map[string][]string{"resourceId": c.from},
			},
		)
		assert.Equal(t, c.want, stack.Methods[0].Path, c.from)
	}
}

package decode

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// TestRoutesTellWhichPeeredEndpointIsATarget changes one thing at a time of a target
// in another VPC, to which a route leads over a peering connection.
func TestRoutesTellWhichPeeredEndpointIsATarget(t *testing.T) {
	type properties = map[string]any
	for _, c := range []struct {
		why, resource string
		change        properties
		want          bool
	}{
		{"a route leads over the connection", "target", nil, true},
		{"the target is in the zone of its group", "target", properties{"availabilityZone": nil}, false},
		{"nothing has the address", "target", properties{"targetId": "10.2.0.11"}, false},
		{"the route is for another network", "there", properties{"destinationCidrBlock": "10.9.0.0/16"}, false},
		{"the route leads to another gateway", "there",
			properties{"vpcPeeringConnectionId": nil, "transitGatewayId": "tgw-0"}, false},
		{"another table leads elsewhere", "away", properties{"destinationCidrBlock": "10.2.0.0/16"}, false},
		{"a table leads to the internet", "away",
			properties{"destinationCidrBlock": "0.0.0.0/0", "transitGatewayId": nil, "natGatewayId": "nat-0"}, true},
		{"the group's own VPC has the address", "near", properties{"cidrBlock": "10.2.0.0/16"}, false},
		{"the connection leads to a VPC of another stack", "peering", properties{"peerVpcId": "vpc-other"}, false},
	} {
		stack := peeredTarget()
		i := slices.IndexFunc(stack, func(r fixture.Resource) bool { return r.Name == c.resource })
		for key, value := range c.change {
			stack[i].Properties = maps.Clone(stack[i].Properties)
			delete(stack[i].Dependencies, key)
			if value == nil {
				delete(stack[i].Properties, key)
			} else {
				stack[i].Properties[key] = value
			}
		}
		target := decodeAll(stack...).Targets[0]
		e, certain := target.Endpoint.Sole()
		assert.Equal(t, c.want, certain, c.why)
		if certain {
			assert.Equal(t, "vpce", e.NameInProgram, c.why)
			_, inSubnet := target.Subnet.Sole()
			assert.True(t, inSubnet, "the address tells the subnet, too")
		}
	}
}

// peeredTarget returns a target group whose target is an endpoint in a peered VPC.
// Another endpoint with the same address is in a VPC to which no route leads.
func peeredTarget() []fixture.Resource {
	of := func(name, kind string, values map[string]any, from map[string][]string) fixture.Resource {
		for key := range from {
			if _, given := values[key]; !given {
				values[key] = fixture.Unknown
			}
		}
		return fixture.Resource{Name: name, Type: "aws:" + kind, Properties: values, Dependencies: from}
	}
	type values = map[string]any
	type from = map[string][]string
	endpoint := func(name, vpc, subnet string) fixture.Resource {
		pins := []any{values{"subnetId": fixture.Unknown, "ipv4": "10.2.0.10"}}
		return of(name, "ec2/vpcEndpoint:VpcEndpoint", values{
			"vpcEndpointType": "Interface", "serviceName": "com.amazonaws.us-east-1.execute-api",
			"subnetConfigurations": pins, "subnetIds": []any{fixture.Unknown},
		}, from{"vpcId": {vpc}, "subnetIds": {subnet}, "subnetConfigurations": {subnet}})
	}
	const vpc, subnet, table, route = "ec2/vpc:Vpc", "ec2/subnet:Subnet", "ec2/routeTable:RouteTable", "ec2/route:Route"
	return []fixture.Resource{
		of("near", vpc, values{"cidrBlock": "10.1.0.0/16"}, nil),
		of("far", vpc, values{"cidrBlock": "10.2.0.0/16"}, nil),
		of("apart", vpc, values{"cidrBlock": "10.2.0.0/16"}, nil),
		of("far-a", subnet, values{"cidrBlock": "10.2.0.0/24"}, from{"vpcId": {"far"}}),
		of("apart-a", subnet, values{"cidrBlock": "10.2.0.0/24"}, from{"vpcId": {"apart"}}),
		of("peering", "ec2/vpcPeeringConnection:VpcPeeringConnection", values{"autoAccept": true},
			from{"vpcId": {"near"}, "peerVpcId": {"far"}}),
		of("routes", table, values{}, from{"vpcId": {"near"}}),
		of("there", route, values{"destinationCidrBlock": "10.2.0.0/16"},
			from{"routeTableId": {"routes"}, "vpcPeeringConnectionId": {"peering"}}),
		of("others", table, values{}, from{"vpcId": {"near"}}),
		of("away", route, values{"destinationCidrBlock": "10.9.0.0/16", "transitGatewayId": "tgw-0"},
			from{"routeTableId": {"others"}}),
		endpoint("apart-vpce", "apart", "apart-a"), endpoint("vpce", "far", "far-a"),
		of("tg", "lb/targetGroup:TargetGroup", values{"targetType": "ip", "protocol": "TLS", "port": 443.0},
			from{"vpcId": {"near"}}),
		of("target", "lb/targetGroupAttachment:TargetGroupAttachment",
			values{"targetId": "10.2.0.10", "availabilityZone": model.AllZones}, from{"targetGroupArn": {"tg"}}),
	}
}

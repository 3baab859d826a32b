package catalog

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func peeringThings() map[string]thing {
	return map[string]thing{
		"overlapping vpc": {vpcType, func(*world) props { return props{"cidrBlock": "10.0.128.0/17"} }},
		"peering": {peeringType, func(w *world) props {
			return props{"vpcId": w.id("vpc"), "peerVpcId": w.id("other vpc"), "autoAccept": true}
		}},
		"asked peering": {peeringType, func(w *world) props {
			return props{"vpcId": w.id("vpc"), "peerVpcId": w.id("other vpc")}
		}},
		"far peering": {peeringType, func(w *world) props {
			return props{"vpcId": w.id("vpc"), "peerVpcId": "vpc-0123456789abcdef0", "peerOwnerId": "111122223333", "peerRegion": "eu-west-1"}
		}},
		"accepter": {peeringAccepterType, func(w *world) props {
			return props{"vpcPeeringConnectionId": w.id("asked peering"), "autoAccept": true}
		}},
		"other route table": {routeTableType, func(w *world) props { return props{"vpcId": w.id("other vpc")} }},
		"peering route":     {routeType, peeringRoute("route table", "10.1.0.0/16")},
		"route back":        {routeType, peeringRoute("other route table", "10.0.0.0/16")},
		"egress-only gateway": {egressOnlyGatewayType, func(w *world) props {
			return props{"vpcId": w.id("vpc")}
		}},
		"other egress-only gateway": {egressOnlyGatewayType, func(w *world) props {
			return props{"vpcId": w.id("other vpc")}
		}},
		"ipv6 route": {routeType, func(w *world) props {
			return props{"routeTableId": w.id("route table"), "destinationIpv6CidrBlock": "::/0", "egressOnlyGatewayId": w.id("egress-only gateway")}
		}},
		"nat route": {routeType, func(w *world) props {
			return props{"routeTableId": w.id("route table"), "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": w.id("nat")}
		}},
		"third route table": {routeTableType, func(w *world) props { return props{"vpcId": w.id("vpc without hostnames")} }},
	}
}

func peeringRoute(table, destination string) func(*world) props {
	return func(w *world) props {
		return props{"routeTableId": w.id(table), "destinationCidrBlock": destination, "vpcPeeringConnectionId": w.id("peering")}
	}
}

var peeringRefusals = []refusalRow{
	{why: "VPCs whose ranges overlap", code: "failed", says: "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR", thing: "peering", change: id("peerVpcId", "overlapping vpc")},
	{why: "a VPC with itself", code: "failed", says: "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR", thing: "peering", change: id("peerVpcId", "vpc")},
	{why: "a VPC that is not there", code: "InvalidVpcID.NotFound", says: "The vpc ID 'vpc-00000000000000000' does not exist", thing: "peering", change: set("peerVpcId", "vpc-00000000000000000")},
	{why: "a VPC that is not in the peer's region", code: "InvalidVpcID.NotFound", says: "does not exist", thing: "asked peering", change: set("peerRegion", "eu-west-1")},
	{why: "acceptance of another account's VPC", code: "OperationNotPermitted", says: "User 123456789012 cannot accept peering with VPC", thing: "peering", change: set("peerOwnerId", "111122223333")},
	{why: "acceptance in another region", code: "InvalidParameterCombination", says: "`peerRegion` (us-east-1) cannot be set whilst `autoAccept` is", thing: "far peering", change: func(*world) props {
		return props{"autoAccept": true, "peerOwnerId": cloud.AccountID, "peerVpcId": "vpc-0e1f2a3b4c5d6e7f8", "peerRegion": "us-east-1"}
	}},
	{why: "DNS options before acceptance", code: "OperationNotPermitted", says: "is not active. Peering options can be added only to", thing: "asked peering",
		change: set("requester", map[string]any{"allowRemoteVpcDnsResolution": true})},
	{why: "the requester's side accepts for the other region", code: "OperationNotPermitted", says: "Incorrect region (us-east-1) specified for this request. VPC", thing: "accepter", change: id("vpcPeeringConnectionId", "far peering")},
	{why: "a peering that is not there", code: "InvalidVpcPeeringConnectionID.NotFound", says: "The vpcPeeringConnection ID 'pcx-00000000000000000' does not", thing: "accepter", change: set("vpcPeeringConnectionId", "pcx-00000000000000000")},
	{why: "a route over a peering of other VPCs", code: "InvalidParameterValue", says: "belong to different networks", thing: "peering route", change: id("routeTableId", "third route table")},
	{why: "a route to the peer that leads back into the VPC", code: "InvalidParameterValue", says: "is equal to or more specific than one of this VPC's CIDR blocks", thing: "peering route", change: set("destinationCidrBlock", "10.0.9.0/24")},
	{why: "a route to nowhere", code: "InvalidParameterCombination", says: "destinationPrefixListId, not 0", thing: "peering route", change: without("destinationCidrBlock")},
	{why: "a route to two destinations", code: "InvalidParameterCombination", says: "destinationPrefixListId, not 2", thing: "peering route", change: set("destinationIpv6CidrBlock", "2001:db8::/56")},
	{why: "an IPv6 range as IPv4 destination", code: "InvalidParameterValue", says: ") for parameter destinationCidrBlock is invalid. This is not a", thing: "peering route", change: set("destinationCidrBlock", "2001:db8::/56")},
	{why: "IPv4 through an egress-only gateway", code: "InvalidParameterValue", says: "An egress-only internet gateway is for IPv6 traffic only, not", thing: "ipv6 route", change: func(*world) props {
		return props{"destinationIpv6CidrBlock": nil, "destinationCidrBlock": "0.0.0.0/0"}
	}},
	{why: "IPv6 through a NAT gateway", code: "InvalidParameterValue", says: "A NAT gateway is for IPv4 traffic and 64:ff9b::/96 only, not", thing: "nat route", change: func(*world) props {
		return props{"destinationCidrBlock": nil, "destinationIpv6CidrBlock": "::/0"}
	}},
	{why: "an egress-only gateway of another VPC", code: "InvalidParameterValue", says: "belong to different networks", thing: "ipv6 route", change: id("egressOnlyGatewayId", "other egress-only gateway")},
	{why: "an egress-only gateway that is not there", code: "InvalidEgressOnlyInternetGatewayId.NotFound", says: "The egressOnlyInternetGateway ID 'eigw-00000000000000000' does", thing: "ipv6 route",
		change: set("egressOnlyGatewayId", "eigw-00000000000000000")},
}

func TestPeeringIsActiveOnceTheOtherSideAccepts(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "pending-acceptance", w.out("asked peering", "acceptStatus"))
	w.ids["peering"] = w.id("asked peering")
	assert.Equal(t, "blackhole", w.out("peering route", "state"), "a route over a connection that nobody accepted leads nowhere")

	assert.Equal(t, "active", w.out("accepter", "acceptStatus"))
	assert.Equal(t, "active", w.out("asked peering", "acceptStatus"))
	assert.Equal(t, "active", w.out("peering route", "state"))
	assert.Equal(t, w.id("other vpc"), w.out("accepter", "vpcId"), "the accepter's own VPC")
	require.NoError(t, w.delete("accepter"))
	assert.Equal(t, "active", w.out("asked peering", "acceptStatus"), "consent is not taken back")

	require.NoError(t, w.delete("asked peering"))
	assert.Equal(t, "blackhole", w.out("peering route", "state"))
}

func TestPeeringWithAnotherRegionIsAcceptedThere(t *testing.T) {
	w := newWorld(t)
	vpc, _, err := w.account.Create("eu-west-1", urn("far"), vpcType, engine(props{"cidrBlock": "10.9.0.0/16"}))
	require.NoError(t, err)
	peering, err := w.create("asked peering", w.changed("asked peering", props{"peerVpcId": vpc, "peerRegion": "eu-west-1"}))
	require.NoError(t, err)
	inputs := engine(props{"vpcPeeringConnectionId": peering, "autoAccept": true})
	_, out, err := w.account.Create("eu-west-1", urn("accept"), peeringAccepterType, inputs)
	require.NoError(t, err)
	assert.Equal(t, resource.NewProperty("us-east-1"), out["peerRegion"])
	table, _, err := w.account.Create("eu-west-1", urn("table"), routeTableType, engine(props{"vpcId": vpc}))
	require.NoError(t, err)
	_, _, err = w.account.Create("eu-west-1", urn("back"), routeType,
		engine(props{"routeTableId": table, "destinationCidrBlock": "10.0.0.0/16", "vpcPeeringConnectionId": peering}))
	assert.NoError(t, err, "both regions know the connection")
}

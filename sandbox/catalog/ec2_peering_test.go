package catalog

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPeeringIsActiveAfterTheOtherSideAccepts(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "pending-acceptance", w.out("asked peering", "acceptStatus"))
	w.ids["peering"] = w.id("asked peering")
	assert.Equal(t, "blackhole", w.out("peering route", "state"),
		"a route over a connection that nobody accepted leads nowhere")

	assert.Equal(t, "active", w.out("accepter", "acceptStatus"))
	assert.Equal(t, "active", w.out("asked peering", "acceptStatus"))
	assert.Equal(t, "active", w.out("peering route", "state"))
	assert.Equal(t, w.id("other vpc"), w.out("accepter", "vpcId"), "the accepter's own VPC")
	require.NoError(t, w.delete("accepter"))
	assert.Equal(t, "active", w.out("asked peering", "acceptStatus"), "acceptance stays")

	require.NoError(t, w.delete("asked peering"))
	assert.Equal(t, "blackhole", w.out("peering route", "state"))
}

func TestPeeringIsAcceptedInTheRegionOfThePeer(t *testing.T) {
	w := newWorld(t)
	vpc, _, err := w.account.Create("eu-west-1", urn("far"), vpcType, engine(props{"cidrBlock": "10.9.0.0/16"}))
	require.NoError(t, err)
	peering, err := w.create("asked peering",
		w.changed("asked peering", props{"peerVpcId": vpc, "peerRegion": "eu-west-1"}))
	require.NoError(t, err)
	inputs := engine(props{"vpcPeeringConnectionId": peering, "autoAccept": true})
	_, out, err := w.account.Create("eu-west-1", urn("accept"), peeringAccepterType, inputs)
	require.NoError(t, err)
	assert.Equal(t, resource.NewProperty("us-east-1"), out["peerRegion"])
	table, _, err := w.account.Create("eu-west-1", urn("table"), routeTableType, engine(props{"vpcId": vpc}))
	require.NoError(t, err)
	_, _, err = w.account.Create("eu-west-1", urn("back"), routeType, engine(props{
		"routeTableId": table, "destinationCidrBlock": "10.0.0.0/16", "vpcPeeringConnectionId": peering,
	}))
	assert.NoError(t, err, "both regions know the connection")
}

package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

// sideOf returns a side of a peering whose VPC has the given ranges.
func sideOf(vpc string, subnets []Subnet, ranges ...string) PeeringSide {
	network := &Network{VpcId: pulumi.String(vpc)}
	for _, text := range ranges {
		network.CidrBlocks = append(network.CidrBlocks, netip.MustParsePrefix(text))
	}
	return PeeringSide{Network: network, Subnets: subnets}
}

func TestPeeringRoutesBothWaysOncePerRouteTable(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		shared := subnetsOf("one", privates)
		for i := range shared {
			shared[i].RouteTableId = pulumi.String("rtb-1")
		}
		_, err := NewPeering(ctx, "join", &PeeringArgs{
			Requester: sideOf("vpc-1", shared, "10.0.0.0/16"),
			Accepter:  sideOf("vpc-2", subnetsOf("other", publics), "10.1.0.0/16", "10.2.0.0/16"),
		})
		return err
	})
	assert.Equal(t, map[string]any{"vpcId": "vpc-1", "peerVpcId": "vpc-2", "autoAccept": true},
		stack.Inputs(t, "join-peering"))
	assert.Equal(t, []string{
		"join-rtb-1-to-10.1.0.0/16", "join-rtb-1-to-10.2.0.0/16",
		"join-us-east-1a-to-10.0.0.0/16", "join-us-east-1b-to-10.0.0.0/16",
	}, stack.Names("aws:ec2/route:Route"))
	assert.Equal(t, map[string]any{
		"routeTableId": "rtb-1", "destinationCidrBlock": "10.2.0.0/16", "vpcPeeringConnectionId": "join-peering.id",
	}, stack.Inputs(t, "join-rtb-1-to-10.2.0.0/16"))
	assert.Equal(t, "table of other-b", stack.Inputs(t, "join-us-east-1b-to-10.0.0.0/16")["routeTableId"],
		"awsx does not say which table belongs to which subnet")
}

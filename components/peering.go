package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PeeringArgs joins two VPCs of one account and region, whose ranges must not
// overlap.
type PeeringArgs struct {
	Requester, Accepter PeeringSide
}

// PeeringSide is a VPC, and those of its subnets that talk to the other side.
type PeeringSide struct {
	Network *Network
	Subnets []Subnet
}

// Peering is a connection of two VPCs, with the routes of both. Without the way
// back, connections time out.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
type Peering struct {
	pulumi.ResourceState
	parts
}

var peeringType = typeToken("Peering")

// NewPeering registers the connection, and one route per table and range of the
// other side.
func NewPeering(ctx *pulumi.Context, name string, args *PeeringArgs, opts ...pulumi.ResourceOption) (*Peering, error) {
	c := &Peering{}
	inputs := pulumi.Map{"vpcId": args.Requester.Network.VpcId, "peerVpcId": args.Accepter.Network.VpcId}
	if err := ctx.RegisterComponentResourceV2(peeringType, name, inputs, c, append(opts, c.collect())...); err != nil {
		return nil, err
	}
	connection, err := ec2.NewVpcPeeringConnection(ctx, name+"-peering", &ec2.VpcPeeringConnectionArgs{
		VpcId:      args.Requester.Network.VpcId,
		PeerVpcId:  args.Accepter.Network.VpcId,
		AutoAccept: pulumi.Bool(true),
	}, pulumi.Parent(c))
	if err != nil {
		return nil, failed("Peering", name, "connection", err)
	}
	for _, way := range [][2]*PeeringSide{{&args.Requester, &args.Accepter}, {&args.Accepter, &args.Requester}} {
		if err := newRoutes(ctx, name, way[0].Subnets, connection, way[1].Network, c); err != nil {
			return nil, failed("Peering", name, "routes", err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"connectionId": connection.ID()})
}

// newRoutes registers the way from subnets to the other VPC, once in each
// table: several subnets that exist may share one, while each that is created
// has its own.
func newRoutes(ctx *pulumi.Context, name string, subnets []Subnet, connection *ec2.VpcPeeringConnection, other *Network, parent pulumi.Resource) error {
	done := map[string]bool{}
	for _, subnet := range subnets {
		table, tableName := subnet.RouteTableId, subnet.AvailabilityZone
		if table == nil {
			table = routeTableOf(ctx, subnet.Id, parent)
		}
		if known, ok := table.(pulumi.String); ok {
			tableName = string(known)
		}
		for _, cidr := range other.CidrBlocks {
			route := fmt.Sprintf("%s-%s-to-%s", name, tableName, cidr)
			if done[route] {
				continue
			}
			done[route] = true
			if _, err := ec2.NewRoute(ctx, route, &ec2.RouteArgs{
				RouteTableId: table, DestinationCidrBlock: pulumi.String(cidr.String()), VpcPeeringConnectionId: connection.ID(),
			}, pulumi.Parent(parent)); err != nil {
				return fmt.Errorf("%s: %w", route, err)
			}
		}
	}
	return nil
}

package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PeeringArgs describes the connection of two VPCs of one account and region.
// Their ranges must not overlap.
type PeeringArgs struct {
	Requester, Accepter PeeringSide
}

// PeeringSide is a VPC, and those of its subnets that exchange traffic with the
// other side.
type PeeringSide struct {
	Network *Network
	Subnets []Subnet
}

// Peering is a connection of two VPCs, with the routes of both:
//
//	Requester's subnets ◀── peering connection ──▶ Accepter's subnets
//
// Without the routes back, connections time out. A connection costs nothing, but
// traffic between zones does.
// https://docs.aws.amazon.com/vpc/latest/peering/what-is-vpc-peering.html
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
type Peering struct {
	pulumi.ResourceState
	childTracker
}

const peeringType = typePrefix + "Peering"

// NewPeering registers the connection, and a route per route table and range of
// the other side.
func NewPeering(
	ctx *pulumi.Context, name string, args *PeeringArgs, opts ...pulumi.ResourceOption,
) (*Peering, error) {
	c := &Peering{}
	requester, accepter := args.Requester.Network, args.Accepter.Network
	inputs := pulumi.Map{"vpcId": requester.VpcId, "peerVpcId": accepter.VpcId}
	if err := ctx.RegisterComponentResourceV2(peeringType, name, inputs, c, append(opts, c.track())...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	connection, err := ec2.NewVpcPeeringConnection(ctx, name+"-peering", &ec2.VpcPeeringConnectionArgs{
		VpcId:      requester.VpcId,
		PeerVpcId:  accepter.VpcId,
		AutoAccept: pulumi.Bool(true),
	}, s.child)
	if err != nil {
		return nil, failed("Peering", name, "connection", err)
	}
	if err := newRoutes(s, args.Requester.Subnets, connection, accepter); err != nil {
		return nil, failed("Peering", name, "requester's routes", err)
	}
	if err := newRoutes(s, args.Accepter.Subnets, connection, requester); err != nil {
		return nil, failed("Peering", name, "accepter's routes", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"connectionId": connection.ID()})
}

// newRoutes registers the routes from subnets to the other VPC, once per route
// table. Existing subnets may share a table, while each created subnet has its
// own.
func newRoutes(s scope, subnets []Subnet, connection *ec2.VpcPeeringConnection, other *Network) error {
	done := map[string]bool{}
	for _, subnet := range subnets {
		table, tableName := subnet.routeTable(s)
		for _, cidr := range other.CidrBlocks {
			route := fmt.Sprintf("%s-%s-to-%s", s.name, tableName, cidr)
			if done[route] {
				continue
			}
			done[route] = true
			if _, err := ec2.NewRoute(s.ctx, route, &ec2.RouteArgs{
				RouteTableId:           table,
				DestinationCidrBlock:   pulumi.String(cidr.String()),
				VpcPeeringConnectionId: connection.ID(),
			}, s.child); err != nil {
				return fmt.Errorf("%s: %w", route, err)
			}
		}
	}
	return nil
}

// routeTable returns the ID of the subnet's route table, and a name for it that
// is known at preview.
func (n Subnet) routeTable(s scope) (id pulumi.StringInput, name string) {
	if known, ok := n.RouteTableId.(pulumi.String); ok {
		return known, string(known)
	}
	if n.RouteTableId != nil {
		return n.RouteTableId, n.AvailabilityZone
	}
	return lookupRouteTableOf(s, n.Id), n.AvailabilityZone
}

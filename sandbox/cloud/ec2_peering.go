package cloud

import (
	"net/netip"
	"slices"
)

const (
	peeringType         = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
	peeringAccepterType = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
)

// Where the rules of peering are written.
const (
	createPeering = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcPeeringConnection.html"
	peeringBasics = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"
)

var noRemoteDNS = map[string]any{"allowRemoteVpcDnsResolution": false}

func peeringKind() *Kind {
	return &Kind{
		Token:    peeringType,
		Required: words("peerVpcId vpcId"),
		Optional: words("accepter autoAccept peerOwnerId peerRegion requester tags"),
		Computed: words("acceptStatus accepter peerOwnerId peerRegion requester"),
		Replace:  words("peerOwnerId peerRegion peerVpcId vpcId"),
		id:       hexID("pcx-"),
		missing:  Refusal{"InvalidVpcPeeringConnectionID.NotFound", "The vpcPeeringConnection ID '%s' does not exist", ec2Errors},
		refs:     map[string]string{"vpcId": vpcType},
		fills:    props{"accepter": noRemoteDNS, "peerOwnerId": AccountID, "requester": noRemoteDNS},
		check:    inOrder(peerCheck, autoAcceptCheck, peerRangeCheck, peeringOptionsCheck),
		born: func(c *call) error {
			c.fill("peerRegion", c.region)
			return nil
		},
		derive: func(c *call) error {
			if c.in().flag("autoAccept") {
				c.accept(c.obj)
			} else if !c.obj.Computed.has("acceptStatus") {
				c.set("acceptStatus", "pending-acceptance")
			}
			return nil
		},
		gone: func(c *call) { c.routesOver(c.obj, "blackhole") },
	}
}

// peerOf gives the VPC on the other side, if the account has it.
func (c *call) peerOf(peering *Object) *Object {
	if peering.Inputs.or("peerOwnerId", AccountID) != AccountID {
		return nil
	}
	return c.find(vpcType, peering.Inputs.str("peerVpcId"), peering.Inputs.or("peerRegion", peering.Region))
}

// peerCheck believes in the VPCs of other accounts.
func peerCheck(c *call) error {
	if c.in().or("peerOwnerId", AccountID) == AccountID && c.peerOf(c.obj) == nil {
		return c.notFound(vpcType, c.in().str("peerVpcId"))
	}
	return nil
}

// autoAcceptCheck: only who owns both VPCs, in one region, accepts at once.
func autoAcceptCheck(c *call) error {
	if !c.in().flag("autoAccept") {
		return nil
	}
	if c.in().has("peerRegion") {
		return Refusal{"InvalidParameterCombination",
			"`peerRegion` (%s) cannot be set whilst `autoAccept` is `true` when creating an EC2 VPC Peering Connection",
			"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpcpeeringconnection/"}.with(c.in().str("peerRegion"))
	}
	if owner := c.in().or("peerOwnerId", AccountID); owner != AccountID {
		return Refusal{"OperationNotPermitted",
			"User " + AccountID + " cannot accept peering with VPC %s of account %s",
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcPeeringConnection.html"}.with(c.in().str("peerVpcId"), owner)
	}
	return nil
}

func peerRangeCheck(c *call) error {
	peer := c.peerOf(c.obj)
	if peer == nil {
		return nil
	}
	own := c.find(vpcType, c.in().str("vpcId"), c.region)
	one, other := own.Inputs.str("cidrBlock"), peer.Inputs.str("cidrBlock")
	if netip.MustParsePrefix(one).Overlaps(netip.MustParsePrefix(other)) {
		return Refusal{"failed",
			"Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range: %s has %s, %s has %s",
			peeringBasics}.with(own.ID, one, peer.ID, other)
	}
	return nil
}

// peeringOptionsCheck refuses DNS options of a connection that is not active
// yet.
func peeringOptionsCheck(c *call) error {
	active := c.in().flag("autoAccept") || c.obj.Computed.str("acceptStatus") == "active"
	if active || (!c.in().has("accepter") && !c.in().has("requester")) {
		return nil
	}
	return Refusal{"OperationNotPermitted",
		"Peering %s is not active. Peering options can be added only to active peerings.",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcPeeringConnectionOptions.html"}.with(c.obj.ID)
}

// accept makes a connection active, and the routes that lead over it.
func (c *call) accept(peering *Object) {
	peering.Computed["acceptStatus"] = "active"
	c.routesOver(peering, "active")
}

// routesOver gives a state to the routes whose target is a connection.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
func (c *call) routesOver(peering *Object, state string) {
	for _, route := range c.all(routeType) {
		if route.Inputs.str("vpcPeeringConnectionId") == peering.ID {
			route.Computed["state"] = state
		}
	}
}

// joins tells whether a VPC is one of the two of a connection.
func joins(peering *Object, vpc string) bool {
	return slices.Contains([]string{peering.Inputs.str("vpcId"), peering.Inputs.str("peerVpcId")}, vpc)
}

// peeringAccepterKind is the other side's consent. To delete it takes nothing
// back, as with the real provider.
func peeringAccepterKind() *Kind {
	return &Kind{
		Token:      peeringAccepterType,
		Required:   words("vpcPeeringConnectionId"),
		Optional:   words("accepter autoAccept requester tags"),
		Computed:   words("acceptStatus accepter peerOwnerId peerRegion peerVpcId requester vpcId"),
		Replace:    words("vpcPeeringConnectionId"),
		overwrites: true,
		id:         input("vpcPeeringConnectionId"),
		refs:       map[string]string{"vpcPeeringConnectionId": peeringType},
		fills:      props{"accepter": noRemoteDNS, "peerOwnerId": AccountID, "requester": noRemoteDNS},
		check:      inOrder(accepterRegionCheck, peeringOptionsCheck),
		born: func(c *call) error {
			peering := c.lookup(peeringType, c.obj.ID)
			c.set("vpcId", peering.Inputs.str("peerVpcId"))
			c.set("peerVpcId", peering.Inputs.str("vpcId"))
			c.set("peerRegion", peering.Region)
			return nil
		},
		derive: func(c *call) error {
			peering := c.lookup(peeringType, c.obj.ID)
			if c.in().flag("autoAccept") {
				c.accept(peering)
			}
			c.set("acceptStatus", peering.Computed.str("acceptStatus"))
			return nil
		},
	}
}

// accepterRegionCheck: a request is accepted in the region of the VPC that it
// is for.
func accepterRegionCheck(c *call) error {
	peering := c.lookup(peeringType, c.in().str("vpcPeeringConnectionId"))
	if region := peering.out("peerRegion"); region != c.region {
		return Refusal{"OperationNotPermitted",
			"Incorrect region (%s) specified for this request. VPC peering connection %s must be accepted in region %s",
			createPeering}.with(c.region, peering.ID, region)
	}
	return nil
}

package catalog

import (
	"net/netip"
	"slices"

	"private-api-blueprints/sandbox/cloud"
)

const (
	peeringType         = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
	peeringAccepterType = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
)

// Pages that state the rules of peering.
const (
	createPeering = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcPeeringConnection.html"
	peeringBasics = "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html"
)

var noRemoteDNS = map[string]any{"allowRemoteVpcDnsResolution": false}

func peeringKind() *cloud.Kind {
	return &cloud.Kind{
		Token:     peeringType,
		Replace:   words("peerOwnerId peerRegion peerVpcId vpcId"),
		AnyRegion: true,
		ID:        cloud.HexID("pcx-"),
		NotFound: cloud.NewRefusal("InvalidVpcPeeringConnectionID.NotFound",
			"The vpcPeeringConnection ID '%s' does not exist", ec2Errors),
		References: map[string]string{"vpcId": vpcType},
		OutputDefaults: cloud.Props{
			"accepter": noRemoteDNS, "peerOwnerId": cloud.AccountID, "requester": noRemoteDNS,
		},
		Check: cloud.InOrder(checkOwnVPC(vpcOfInputs), checkPeer, checkAutoAccept, checkPeerRange, checkPeeringOptions),
		OnCreate: func(r *cloud.Request) error {
			r.SetDefault("peerRegion", r.Region)
			return nil
		},
		Compute: func(r *cloud.Request) error {
			if r.Inputs.Bool("autoAccept") {
				acceptPeering(r, r.Object)
			} else if !r.Object.Computed.Has("acceptStatus") {
				r.Set("acceptStatus", "pending-acceptance")
			}
			return nil
		},
		OnDelete: func(r *cloud.Request) { setRouteStates(r, r.Object, "blackhole") },
		Example: cloud.Example{
			Name:   "peering",
			Inputs: cloud.Props{"autoAccept": true, "peerVpcId": "${other vpc}", "vpcId": "${vpc}"},
		},
	}
}

// peerOf returns the VPC on the other side, or nil if the account does not
// have it.
func peerOf(r *cloud.Request, peering *cloud.Object) *cloud.Object {
	if peering.Inputs.StringOr("peerOwnerId", cloud.AccountID) != cloud.AccountID {
		return nil
	}
	return r.Find(vpcType, peering.Inputs.String("peerVpcId"), peering.Inputs.StringOr("peerRegion", peering.Region))
}

// checkPeer refuses a VPC that does not exist. It assumes that VPCs of other
// accounts exist.
func checkPeer(r *cloud.Request) error {
	if r.Inputs.StringOr("peerOwnerId", cloud.AccountID) == cloud.AccountID && peerOf(r, r.Object) == nil {
		return r.NotFound(vpcType, r.Inputs.String("peerVpcId"))
	}
	return nil
}

// checkAutoAccept refuses automatic acceptance unless the account owns both
// VPCs and they are in one region.
func checkAutoAccept(r *cloud.Request) error {
	if !r.Inputs.Bool("autoAccept") {
		return nil
	}
	if r.Inputs.Has("peerRegion") {
		return cloud.NewRefusal(
			"InvalidParameterCombination",
			"`peerRegion` (%s) cannot be set whilst `autoAccept` is `true` when creating an EC2 VPC Peering Connection",
			"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpcpeeringconnection/",
		).With(r.Inputs.String("peerRegion"))
	}
	if owner := r.Inputs.StringOr("peerOwnerId", cloud.AccountID); owner != cloud.AccountID {
		return cloud.NewRefusal(
			"OperationNotPermitted",
			"User "+cloud.AccountID+" cannot accept peering with VPC %s of account %s",
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AcceptVpcPeeringConnection.html",
		).With(r.Inputs.String("peerVpcId"), owner)
	}
	return nil
}

func checkPeerRange(r *cloud.Request) error {
	peer := peerOf(r, r.Object)
	if peer == nil {
		return nil
	}
	own := r.Find(vpcType, r.Inputs.String("vpcId"), r.Region)
	one, other := own.Inputs.String("cidrBlock"), peer.Inputs.String("cidrBlock")
	if netip.MustParsePrefix(one).Overlaps(netip.MustParsePrefix(other)) {
		return cloud.NewRefusal("failed",
			"Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range: %s has %s, %s has %s",
			peeringBasics).With(own.ID, one, peer.ID, other)
	}
	return nil
}

// checkPeeringOptions refuses DNS options of a connection that is not active
// yet.
func checkPeeringOptions(r *cloud.Request) error {
	active := r.Inputs.Bool("autoAccept") || r.Object.Computed.String("acceptStatus") == "active"
	if active || (!r.Inputs.Has("accepter") && !r.Inputs.Has("requester")) {
		return nil
	}
	return cloud.NewRefusal(
		"OperationNotPermitted",
		"Peering %s is not active. Peering options can be added only to active peerings.",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcPeeringConnectionOptions.html",
	).With(r.Object.ID)
}

// acceptPeering makes a connection active, and the routes that lead over it.
func acceptPeering(r *cloud.Request, peering *cloud.Object) {
	r.SetOn(peering, "acceptStatus", "active")
	setRouteStates(r, peering, "active")
}

// setRouteStates sets the state of the routes whose target is a connection.
// https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
func setRouteStates(r *cloud.Request, peering *cloud.Object, state string) {
	for _, route := range r.All(routeType) {
		if route.Inputs.String("vpcPeeringConnectionId") == peering.ID {
			r.SetOn(route, "state", state)
		}
	}
}

// joins reports whether a VPC is one of the two that a connection joins.
func joins(peering *cloud.Object, vpc string) bool {
	return slices.Contains([]string{peering.Inputs.String("vpcId"), peering.Inputs.String("peerVpcId")}, vpc)
}

// peeringAccepterKind returns the kind of the other side's consent. Deleting
// it takes nothing back, as with the real provider.
func peeringAccepterKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      peeringAccepterType,
		Replace:    words("vpcPeeringConnectionId"),
		Upsert:     true,
		ID:         cloud.InputID("vpcPeeringConnectionId"),
		References: map[string]string{"vpcPeeringConnectionId": peeringType},
		OutputDefaults: cloud.Props{
			"accepter": noRemoteDNS, "peerOwnerId": cloud.AccountID, "requester": noRemoteDNS,
		},
		Check: cloud.InOrder(checkAccepterRegion, checkPeeringOptions),
		OnCreate: func(r *cloud.Request) error {
			peering := r.Lookup(peeringType, r.Object.ID)
			r.Set("vpcId", peering.Inputs.String("peerVpcId"))
			r.Set("peerVpcId", peering.Inputs.String("vpcId"))
			r.Set("peerRegion", peering.Region)
			return nil
		},
		Compute: func(r *cloud.Request) error {
			peering := r.Lookup(peeringType, r.Object.ID)
			if r.Inputs.Bool("autoAccept") {
				acceptPeering(r, peering)
			}
			r.Set("acceptStatus", peering.Computed.String("acceptStatus"))
			return nil
		},
		Example: cloud.Example{
			Name:   "accepter",
			Inputs: cloud.Props{"autoAccept": true, "vpcPeeringConnectionId": "${asked peering}"},
		},
	}
}

// checkAccepterRegion refuses an acceptance outside the region of the VPC that
// was asked.
func checkAccepterRegion(r *cloud.Request) error {
	peering := r.Lookup(peeringType, r.Inputs.String("vpcPeeringConnectionId"))
	if region := peering.Output("peerRegion"); region != r.Region {
		return cloud.NewRefusal("OperationNotPermitted",
			"Incorrect region (%s) specified for this request. VPC peering connection %s must be accepted in region %s",
			createPeering).With(r.Region, peering.ID, region)
	}
	return nil
}

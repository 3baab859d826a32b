package catalog

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

var routeDestinations = words("destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId")

var routeTargets = words(`carrierGatewayId coreNetworkArn egressOnlyGatewayId gatewayId localGatewayId
	natGatewayId networkInterfaceId transitGatewayId vpcEndpointId vpcPeeringConnectionId`)

func routeKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   routeType,
		Replace: append(words("routeTableId"), routeDestinations...),
		Constraints: []cloud.Constraint{
			cloud.Network("destinationCidrBlock"), cloud.Network("destinationIpv6CidrBlock"),
		},
		ExactlyOne: [][]string{routeDestinations, routeTargets},
		ID:         func(r *cloud.Request) string { return "r-" + r.Inputs.String("routeTableId") + r.Hex(8) },
		References: map[string]string{
			"routeTableId": routeTableType, "gatewayId": internetGatewayType, "natGatewayId": natGatewayType,
			"egressOnlyGatewayId": egressOnlyGatewayType, "vpcPeeringConnectionId": peeringType,
		},
		OutputDefaults: cloud.Props{
			"instanceId": "", "instanceOwnerId": "", "networkInterfaceId": "", "origin": "CreateRoute",
			"state": "active",
		},
		Check: cloud.InOrder(checkHostBits(routeDestinations...), checkOwnVPC(vpcOfRouteTable), checkRouteInputs,
			checkRouteFamily, checkRouteNetwork, checkRouteLocal, checkDuplicateRoute),
		Compute: func(r *cloud.Request) error {
			r.Set("state", "active")
			if peering := r.Lookup(peeringType, r.Inputs.String("vpcPeeringConnectionId")); peering != nil &&
				peering.Computed.String("acceptStatus") != "active" {
				r.Set("state", "blackhole")
			}
			return nil
		},
		Example: cloud.Example{
			Name: "route",
			Inputs: cloud.Props{
				"destinationCidrBlock": "0.0.0.0/0", "gatewayId": "${gateway}", "routeTableId": "${route table}",
			},
		},
	}
}

const createRoute = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html"

// routeDestination returns the destination of a route: a range or a prefix list.
func routeDestination(p cloud.Props) string {
	return p.String("destinationCidrBlock") + p.String("destinationIpv6CidrBlock") +
		p.String("destinationPrefixListId")
}

func checkRouteInputs(r *cloud.Request) error {
	for _, keys := range [][]string{routeTargets, routeDestinations} {
		if given := countGiven(r, keys); given != 1 {
			return cloud.NewRefusal("InvalidParameterCombination",
				"The request must contain exactly one of %s, not %d",
				createRoute).With(strings.Join(keys, ", "), given)
		}
	}
	return nil
}

// countGiven returns how many of some inputs are given.
func countGiven(r *cloud.Request, keys []string) int {
	return len(slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !r.Inputs.Has(key) }))
}

// nat64 is the only IPv6 destination that a NAT gateway serves.
// https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
const nat64 = "64:ff9b::/96"

func checkRouteFamily(r *cloud.Request) error {
	four, six := r.Inputs.String("destinationCidrBlock"), r.Inputs.String("destinationIpv6CidrBlock")
	for _, key := range words("destinationCidrBlock destinationIpv6CidrBlock") {
		cidr := r.Inputs.String(key)
		if block, err := netip.ParsePrefix(cidr); cidr != "" && (err != nil || block.Addr().Is4() != (cidr == four)) {
			return cloud.NewRefusal("InvalidParameterValue",
				"Value (%s) for parameter %s is invalid. This is not a valid CIDR block.",
				createRoute).With(cidr, key)
		}
	}
	switch {
	case r.Inputs.Has("egressOnlyGatewayId") && four != "":
		return cloud.NewRefusal("InvalidParameterValue",
			"An egress-only internet gateway is for IPv6 traffic only, not for %s", createRoute).With(four)
	case r.Inputs.Has("natGatewayId") && six != "" && six != nat64:
		return cloud.NewRefusal("InvalidParameterValue",
			"A NAT gateway is for IPv4 traffic and "+nat64+" only, not for %s",
			createRoute).With(six)
	}
	return nil
}

// checkRouteNetwork refuses a target outside the VPC of the route table.
func checkRouteNetwork(r *cloud.Request) error {
	table := r.Lookup(routeTableType, r.Inputs.String("routeTableId"))
	vpc := table.Inputs.String("vpcId")
	gateways := map[string]string{
		"gatewayId": internetGatewayType, "natGatewayId": natGatewayType,
		"egressOnlyGatewayId": egressOnlyGatewayType,
	}
	for _, key := range slices.Sorted(maps.Keys(gateways)) {
		token := gateways[key]
		if gateway := r.Find(token, r.Inputs.String(key), r.Region); gateway != nil && vpcOf(r, gateway) != vpc {
			return foreignTarget.With(table.ID, gateway.ID)
		}
	}
	if peering := r.Lookup(peeringType, r.Inputs.String("vpcPeeringConnectionId")); peering != nil &&
		!joins(peering, vpc) {
		return foreignTarget.With(table.ID, peering.ID)
	}
	return nil
}

var foreignTarget = cloud.NewRefusal("InvalidParameterValue",
	"route table %s and network gateway %s belong to different networks", ec2Errors)

// checkRouteLocal refuses a destination within the VPC's own ranges. The table
// has only the local route for them.
func checkRouteLocal(r *cloud.Request) error {
	destination, err := netip.ParsePrefix(
		r.Inputs.String("destinationCidrBlock") + r.Inputs.String("destinationIpv6CidrBlock"))
	if err != nil {
		return nil // A prefix list.
	}
	vpc := r.Find(vpcType, r.Lookup(routeTableType, r.Inputs.String("routeTableId")).Inputs.String("vpcId"), r.Region)
	for _, cidr := range []string{vpc.Output("cidrBlock"), vpc.Output("ipv6CidrBlock")} {
		if block, err := netip.ParsePrefix(cidr); err == nil && encloses(block, destination) {
			return cloud.NewRefusal("InvalidParameterValue",
				"The destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks. "+
					"This route can target only an interface or an instance.",
				"https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html").With(destination)
		}
	}
	return nil
}

func checkDuplicateRoute(r *cloud.Request) error {
	for _, other := range r.Others(routeType) {
		if other.Inputs.String("routeTableId") == r.Inputs.String("routeTableId") &&
			routeDestination(other.Inputs) == routeDestination(r.Inputs) {
			return cloud.NewRefusal("RouteAlreadyExists", "The route identified by %s already exists.",
				ec2Errors).With(routeDestination(r.Inputs))
		}
	}
	return nil
}

package cloud

import (
	"net/netip"
	"slices"
	"strings"
)

const (
	vpcType             = "aws:ec2/vpc:Vpc"
	subnetType          = "aws:ec2/subnet:Subnet"
	internetGatewayType = "aws:ec2/internetGateway:InternetGateway"
	routeTableType      = "aws:ec2/routeTable:RouteTable"
	routeType           = "aws:ec2/route:Route"
	associationType     = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	eipType             = "aws:ec2/eip:Eip"
	natGatewayType      = "aws:ec2/natGateway:NatGateway"
	securityGroupType   = "aws:ec2/securityGroup:SecurityGroup"
	ingressRuleType     = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressRuleType      = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

	egressOnlyGatewayType = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
)

func ec2Kinds() []*Kind {
	return []*Kind{vpcKind(), subnetKind(), internetGatewayKind(), egressOnlyGatewayKind(), routeTableKind(), routeKind(),
		associationKind(), peeringKind(), peeringAccepterKind(), eipKind(), natGatewayKind(), securityGroupKind(),
		ruleKind(ingressRuleType), ruleKind(egressRuleType), vpcEndpointKind(), endpointServiceKind(),
		endpointAccepterKind(), nameVerificationKind(), endpointPrivateDNSKind(), instanceKind()}
}

// dependency is what EC2 says to the deletion of what is in use.
func dependency(noun string) Refusal {
	return Refusal{"DependencyViolation", "The " + noun + " '%s' has dependencies and cannot be deleted.", ec2Errors}
}

func internetGatewayKind() *Kind {
	return &Kind{
		Token:    internetGatewayType,
		Optional: words("tags vpcId"),
		Computed: words("arn ownerId vpcId"),
		id:       hexID("igw-"),
		missing:  Refusal{"InvalidInternetGatewayID.NotFound", "The internetGateway ID '%s' does not exist", ec2Errors},
		holds:    map[string]string{"vpcId": vpcType},
		fills:    props{"ownerId": AccountID, "vpcId": ""},
		check: func(c *call) error {
			for _, other := range c.others(internetGatewayType) {
				if vpc := c.in().str("vpcId"); vpc != "" && vpc == other.Inputs.str("vpcId") {
					return Refusal{"Resource.AlreadyAssociated",
						"resource %s is already attached to network %s",
						ec2Errors}.with(other.ID, vpc)
				}
			}
			return nil
		},
		born: func(c *call) error {
			c.set("arn", c.arn("ec2", "internet-gateway/"+c.obj.ID))
			return nil
		},
		release: gatewayRelease,
	}
}

// gatewayRelease refuses while addresses of the VPC are public through the
// gateway. https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
func gatewayRelease(c *call) error {
	var users []*Object
	for _, eip := range c.all(eipType) {
		if user := c.addressUser(eip.ID); user != nil {
			users = append(users, user)
		}
	}
	for _, instance := range c.all(instanceType) {
		if instance.Computed.has("publicIp") {
			users = append(users, instance)
		}
	}
	for _, user := range users {
		if c.vpcOf(user) == c.in().str("vpcId") {
			return Refusal{"DependencyViolation",
				"Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
				ec2Errors}.with(c.in().str("vpcId"))
		}
	}
	return nil
}

func egressOnlyGatewayKind() *Kind {
	return &Kind{
		Token:    egressOnlyGatewayType,
		Required: words("vpcId"),
		Optional: words("tags"),
		Replace:  words("vpcId"),
		id:       hexID("eigw-"),
		missing: Refusal{"InvalidEgressOnlyInternetGatewayId.NotFound",
			"The egressOnlyInternetGateway ID '%s' does not exist",
			ec2Errors},
		holds: map[string]string{"vpcId": vpcType},
	}
}

func routeTableKind() *Kind {
	return &Kind{
		Token:    routeTableType,
		Required: words("vpcId"),
		Optional: words("propagatingVgws routes tags"),
		Computed: words("arn ownerId propagatingVgws routes"),
		Replace:  words("vpcId"),
		Sets:     words("propagatingVgws routes"),
		id:       hexID("rtb-"),
		missing:  Refusal{"InvalidRouteTableID.NotFound", "The routeTable ID '%s' does not exist", ec2Errors},
		inUse:    dependency("routeTable"),
		holds:    map[string]string{"vpcId": vpcType},
		fills:    props{"ownerId": AccountID, "propagatingVgws": []any{}, "routes": []any{}},
		born: func(c *call) error {
			c.set("arn", c.arn("ec2", "route-table/"+c.obj.ID))
			return nil
		},
	}
}

var routeDestinations = words("destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId")

var routeTargets = words(`carrierGatewayId coreNetworkArn egressOnlyGatewayId gatewayId localGatewayId natGatewayId
	networkInterfaceId transitGatewayId vpcEndpointId vpcPeeringConnectionId`)

func routeKind() *Kind {
	return &Kind{
		Token:    routeType,
		Required: words("routeTableId"),
		Optional: slices.Concat(routeDestinations, routeTargets),
		Computed: words("instanceId instanceOwnerId networkInterfaceId origin state"),
		Replace:  append(words("routeTableId"), routeDestinations...),
		id:       func(c *call) string { return "r-" + c.in().str("routeTableId") + c.hex(8) },
		refs: map[string]string{"routeTableId": routeTableType, "gatewayId": internetGatewayType, "natGatewayId": natGatewayType,
			"egressOnlyGatewayId": egressOnlyGatewayType, "vpcPeeringConnectionId": peeringType},
		fills: props{"instanceId": "", "instanceOwnerId": "", "networkInterfaceId": "", "origin": "CreateRoute", "state": "active"},
		check: inOrder(routeShapeCheck, routeFamilyCheck, routeNetworkCheck, routeLocalCheck, routeTwinCheck),
		derive: func(c *call) error {
			c.set("state", "active")
			if peering := c.lookup(peeringType, c.in().str("vpcPeeringConnectionId")); peering != nil && peering.Computed.str("acceptStatus") != "active" {
				c.set("state", "blackhole")
			}
			return nil
		},
	}
}

const createRoute = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html"

// routeDestination is where a route leads: one of its destinations.
func routeDestination(p props) string {
	return p.str("destinationCidrBlock") + p.str("destinationIpv6CidrBlock") + p.str("destinationPrefixListId")
}

func routeShapeCheck(c *call) error {
	for _, keys := range [][]string{routeTargets, routeDestinations} {
		if given := c.given(keys); given != 1 {
			return Refusal{"InvalidParameterCombination",
				"The request must contain exactly one of %s, not %d",
				createRoute}.with(strings.Join(keys, ", "), given)
		}
	}
	return nil
}

// given counts the inputs that the request gives, of several.
func (c *call) given(keys []string) int {
	return len(slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !c.in().has(key) }))
}

// nat64 is the only IPv6 destination of a NAT gateway.
// https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html
const nat64 = "64:ff9b::/96"

func routeFamilyCheck(c *call) error {
	four, six := c.in().str("destinationCidrBlock"), c.in().str("destinationIpv6CidrBlock")
	for key, cidr := range map[string]string{"destinationCidrBlock": four, "destinationIpv6CidrBlock": six} {
		if block, err := netip.ParsePrefix(cidr); cidr != "" && (err != nil || block.Addr().Is4() != (cidr == four)) {
			return Refusal{"InvalidParameterValue",
				"Value (%s) for parameter %s is invalid. This is not a valid CIDR block.",
				createRoute}.with(cidr, key)
		}
	}
	switch {
	case c.in().has("egressOnlyGatewayId") && four != "":
		return Refusal{"InvalidParameterValue", "An egress-only internet gateway is for IPv6 traffic only, not for %s", createRoute}.with(four)
	case c.in().has("natGatewayId") && six != "" && six != nat64:
		return Refusal{"InvalidParameterValue",
			"A NAT gateway is for IPv4 traffic and " + nat64 + " only, not for %s",
			createRoute}.with(six)
	}
	return nil
}

// routeNetworkCheck refuses a target of another VPC than the route table's.
func routeNetworkCheck(c *call) error {
	table := c.lookup(routeTableType, c.in().str("routeTableId"))
	vpc := table.Inputs.str("vpcId")
	gateways := map[string]string{"gatewayId": internetGatewayType, "natGatewayId": natGatewayType, "egressOnlyGatewayId": egressOnlyGatewayType}
	for key, token := range gateways {
		if gateway := c.find(token, c.in().str(key), c.region); gateway != nil && c.vpcOf(gateway) != vpc {
			return foreignTarget.with(table.ID, gateway.ID)
		}
	}
	if peering := c.lookup(peeringType, c.in().str("vpcPeeringConnectionId")); peering != nil && !joins(peering, vpc) {
		return foreignTarget.with(table.ID, peering.ID)
	}
	return nil
}

var foreignTarget = Refusal{"InvalidParameterValue", "route table %s and network gateway %s belong to different networks", ec2Errors}

// routeLocalCheck: within its VPC's ranges a table has the local route only.
func routeLocalCheck(c *call) error {
	destination, err := netip.ParsePrefix(c.in().str("destinationCidrBlock") + c.in().str("destinationIpv6CidrBlock"))
	if err != nil {
		return nil // a prefix list
	}
	vpc := c.find(vpcType, c.lookup(routeTableType, c.in().str("routeTableId")).Inputs.str("vpcId"), c.region)
	for _, cidr := range []string{vpc.out("cidrBlock"), vpc.out("ipv6CidrBlock")} {
		if block, err := netip.ParsePrefix(cidr); err == nil && encloses(block, destination) {
			return Refusal{"InvalidParameterValue",
				"The destination CIDR block %s is equal to or more specific than one of this VPC's CIDR blocks. " +
					"This route can target only an interface or an instance.",
				"https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html"}.with(destination)
		}
	}
	return nil
}

// encloses tells whether a range holds all of another.
func encloses(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

func routeTwinCheck(c *call) error {
	for _, other := range c.others(routeType) {
		if other.Inputs.str("routeTableId") == c.in().str("routeTableId") && routeDestination(other.Inputs) == routeDestination(c.in()) {
			return Refusal{"RouteAlreadyExists", "The route identified by %s already exists.", ec2Errors}.with(routeDestination(c.in()))
		}
	}
	return nil
}

func associationKind() *Kind {
	return &Kind{
		Token:    associationType,
		Required: words("routeTableId"),
		Optional: words("gatewayId subnetId"),
		Replace:  words("gatewayId subnetId"),
		id:       hexID("rtbassoc-"),
		holds:    map[string]string{"routeTableId": routeTableType},
		refs:     map[string]string{"subnetId": subnetType, "gatewayId": internetGatewayType},
		check: func(c *call) error {
			for _, other := range c.others(associationType) {
				if s := c.in().str("subnetId"); s != "" && s == other.Inputs.str("subnetId") {
					return Refusal{"Resource.AlreadyAssociated",
						"the specified association for route table %s conflicts with an existing association",
						ec2Errors}.with(c.in().str("routeTableId"))
				}
			}
			return c.sameVpc("subnetId", "routeTableId")
		},
	}
}

// sameVpc refuses two inputs that name things of different VPCs.
func (c *call) sameVpc(key, otherKey string) error {
	refs := c.kind.references()
	one, other := c.lookup(refs[key], c.in().str(key)), c.lookup(refs[otherKey], c.in().str(otherKey))
	if one == nil || other == nil || one.Inputs.str("vpcId") == other.Inputs.str("vpcId") {
		return nil
	}
	return Refusal{"InvalidParameterValue", otherKey + " %s and " + key + " %s belong to different networks", ec2Errors}.with(other.ID, one.ID)
}

func (c *call) internetGateway(vpc string) *Object {
	for _, gateway := range c.all(internetGatewayType) {
		if gateway.Inputs.str("vpcId") == vpc {
			return gateway
		}
	}
	return nil
}

package cloud

import "strings"

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
)

func ec2Kinds() []*Kind {
	return []*Kind{vpcKind(), subnetKind(), internetGatewayKind(), routeTableKind(), routeKind(),
		associationKind(), eipKind(), natGatewayKind(), securityGroupKind(),
		ruleKind(ingressRuleType), ruleKind(egressRuleType), vpcEndpointKind()}
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
	for _, eip := range c.all(eipType) {
		if user := c.addressUser(eip.ID); user != nil && c.vpcOf(user) == c.in().str("vpcId") {
			return Refusal{"DependencyViolation",
				"Network %s has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
				ec2Errors}.with(c.in().str("vpcId"))
		}
	}
	return nil
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

var routeTargets = words(`carrierGatewayId coreNetworkArn egressOnlyGatewayId gatewayId localGatewayId natGatewayId
	networkInterfaceId transitGatewayId vpcEndpointId vpcPeeringConnectionId`)

func routeKind() *Kind {
	return &Kind{
		Token:    routeType,
		Required: words("routeTableId"),
		Optional: append(words("destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId"), routeTargets...),
		Computed: words("instanceId instanceOwnerId networkInterfaceId origin state"),
		Replace:  words("routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId"),
		id:       func(c *call) string { return "r-" + c.in().str("routeTableId") + c.hex(8) },
		refs:     map[string]string{"routeTableId": routeTableType, "gatewayId": internetGatewayType, "natGatewayId": natGatewayType},
		fills:    props{"instanceId": "", "instanceOwnerId": "", "networkInterfaceId": "", "origin": "CreateRoute", "state": "active"},
		check:    routeCheck,
	}
}

func routeDestination(p props) string {
	return p.str("destinationCidrBlock") + p.str("destinationIpv6CidrBlock") + p.str("destinationPrefixListId")
}

func routeCheck(c *call) error {
	targets := 0
	for _, target := range routeTargets {
		if c.in().has(target) {
			targets++
		}
	}
	if targets != 1 {
		return Refusal{"InvalidParameterCombination",
			"The request must contain exactly one of %s",
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html"}.with(strings.Join(routeTargets, ", "))
	}
	if err := routeNetworkCheck(c); err != nil {
		return err
	}
	for _, other := range c.others(routeType) {
		if other.Inputs.str("routeTableId") == c.in().str("routeTableId") && routeDestination(other.Inputs) == routeDestination(c.in()) {
			return Refusal{"RouteAlreadyExists", "The route identified by %s already exists.", ec2Errors}.with(routeDestination(c.in()))
		}
	}
	return nil
}

// routeNetworkCheck refuses a gateway of another VPC than the route table's.
func routeNetworkCheck(c *call) error {
	table := c.lookup(routeTableType, c.in().str("routeTableId"))
	for key, token := range map[string]string{"gatewayId": internetGatewayType, "natGatewayId": natGatewayType} {
		gateway := c.find(token, c.in().str(key), c.region)
		if gateway != nil && c.vpcOf(gateway) != table.Inputs.str("vpcId") {
			return Refusal{"InvalidParameterValue",
				"route table %s and network gateway %s belong to different networks",
				ec2Errors}.with(table.ID, gateway.ID)
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

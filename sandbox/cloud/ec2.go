package cloud

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
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

func vpcKind() *Kind {
	return &Kind{
		Token: vpcType,
		Optional: words(`assignGeneratedIpv6CidrBlock cidrBlock enableDnsHostnames enableDnsSupport
			enableNetworkAddressUsageMetrics instanceTenancy ipv4IpamPoolId ipv4NetmaskLength ipv6CidrBlock
			ipv6CidrBlockNetworkBorderGroup ipv6IpamPoolId ipv6NetmaskLength tags`),
		Computed: words(`arn cidrBlock defaultNetworkAclId defaultRouteTableId defaultSecurityGroupId dhcpOptionsId
			enableDnsHostnames enableNetworkAddressUsageMetrics ipv6AssociationId ipv6CidrBlock
			ipv6CidrBlockNetworkBorderGroup mainRouteTableId ownerId`),
		Replace:  words("cidrBlock ipv4IpamPoolId ipv4NetmaskLength"),
		Defaults: props{"enableDnsSupport": true, "instanceTenancy": "default"},
		id:       hexID("vpc-"),
		missing:  Refusal{"InvalidVpcID.NotFound", "The vpc ID '%s' does not exist", ec2Errors},
		inUse:    dependency("vpc"),
		fills: props{"enableDnsHostnames": false, "enableNetworkAddressUsageMetrics": false, "ipv6AssociationId": "",
			"ipv6CidrBlock": "", "ipv6CidrBlockNetworkBorderGroup": "", "ownerId": AccountID},
		check: vpcCheck,
		born:  vpcBorn,
	}
}

func vpcCheck(c *call) error {
	block, err := netip.ParsePrefix(c.in().str("cidrBlock"))
	if err != nil || block != block.Masked() || block.Bits() < 16 || block.Bits() > 28 {
		return Refusal{"InvalidVpc.Range",
			"The CIDR '%s' is invalid.",
			"https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"}.with(c.in().str("cidrBlock"))
	}
	return nil
}

func vpcBorn(c *call) error {
	c.set("arn", c.arn("ec2", "vpc/"+c.obj.ID))
	c.set("defaultNetworkAclId", hexID("acl-")(c))
	c.set("defaultRouteTableId", hexID("rtb-")(c))
	c.set("defaultSecurityGroupId", hexID("sg-")(c))
	c.set("dhcpOptionsId", hexID("dopt-")(c))
	c.set("mainRouteTableId", c.obj.Computed.str("defaultRouteTableId"))
	return nil
}

// implied gives what AWS makes along with a VPC: its default security group
// and its main route table.
func (a *Account) implied(token, ref string) *Object {
	key := map[string]string{securityGroupType: "defaultSecurityGroupId", routeTableType: "mainRouteTableId"}[token]
	if key == "" {
		return nil
	}
	for _, vpc := range a.all(vpcType) {
		if vpc.Computed.str(key) == ref {
			return &Object{Type: token, ID: ref, Region: vpc.Region, Inputs: props{"vpcId": vpc.ID}}
		}
	}
	return nil
}

func subnetKind() *Kind {
	return &Kind{
		Token:    subnetType,
		Required: words("vpcId"),
		Optional: words(`assignIpv6AddressOnCreation availabilityZone availabilityZoneId cidrBlock customerOwnedIpv4Pool
			enableDns64 enableLniAtDeviceIndex enableResourceNameDnsARecordOnLaunch
			enableResourceNameDnsAaaaRecordOnLaunch ipv6CidrBlock ipv6Native mapCustomerOwnedIpOnLaunch
			mapPublicIpOnLaunch outpostArn privateDnsHostnameTypeOnLaunch tags`),
		Computed: words(`arn availabilityZone availabilityZoneId ipv6CidrBlockAssociationId ownerId
			privateDnsHostnameTypeOnLaunch`),
		Replace: words("vpcId availabilityZone availabilityZoneId cidrBlock ipv6Native outpostArn"),
		Defaults: props{"assignIpv6AddressOnCreation": false, "enableDns64": false,
			"enableResourceNameDnsARecordOnLaunch": false, "enableResourceNameDnsAaaaRecordOnLaunch": false,
			"ipv6Native": false, "mapPublicIpOnLaunch": false},
		id:      hexID("subnet-"),
		missing: Refusal{"InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist", ec2Errors},
		inUse:   dependency("subnet"),
		holds:   map[string]string{"vpcId": vpcType},
		fills:   props{"ipv6CidrBlockAssociationId": "", "ownerId": AccountID, "privateDnsHostnameTypeOnLaunch": "ip-name"},
		check:   subnetCheck,
		born:    subnetBorn,
	}
}

func subnetCheck(c *call) error {
	zone := c.in().or("availabilityZone", c.region+"a")
	if !slices.Contains(zoneNames(c.region), zone) {
		return Refusal{"InvalidParameterValue",
			"Value (" + zone + ") for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %s.",
			ec2Errors}.
			with(strings.Join(zoneNames(c.region), ", "))
	}
	cidr := c.in().str("cidrBlock")
	block, err := netip.ParsePrefix(cidr)
	vpc := c.find(vpcType, c.in().str("vpcId"), c.region)
	within := netip.MustParsePrefix(vpc.Inputs.str("cidrBlock"))
	if err != nil || block != block.Masked() || block.Bits() > 28 || !within.Contains(block.Addr()) || block.Bits() < within.Bits() {
		return Refusal{"InvalidSubnet.Range", "The CIDR '%s' is invalid.", subnetSizing}.with(cidr)
	}
	for _, other := range c.others(subnetType) {
		if other.Inputs.str("vpcId") == vpc.ID && netip.MustParsePrefix(other.Inputs.str("cidrBlock")).Overlaps(block) {
			return Refusal{"InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", subnetSizing}.with(cidr)
		}
	}
	return nil
}

func subnetBorn(c *call) error {
	zone := c.in().or("availabilityZone", c.region+"a")
	for _, name := range zoneNames(c.region) {
		if zoneID(name) == c.in().str("availabilityZoneId") {
			zone = name
		}
	}
	c.set("arn", c.arn("ec2", "subnet/"+c.obj.ID))
	c.set("availabilityZone", zone)
	c.set("availabilityZoneId", zoneID(zone))
	return nil
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

func eipKind() *Kind {
	return &Kind{
		Token: eipType,
		Optional: words(`address associateWithPrivateIp customerOwnedIpv4Pool domain instance ipamPoolId
			networkBorderGroup networkInterface publicIpv4Pool tags vpc`),
		Computed: words(`allocationId arn associationId carrierIp customerOwnedIp domain instance ipamPoolId networkBorderGroup
			networkInterface privateDns privateIp ptrRecord publicDns publicIp publicIpv4Pool vpc`),
		Replace: words("address customerOwnedIpv4Pool domain ipamPoolId networkBorderGroup publicIpv4Pool vpc"),
		id:      hexID("eipalloc-"),
		missing: Refusal{"InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist", ec2Errors},
		fills: props{"associationId": "", "carrierIp": "", "customerOwnedIp": "", "domain": "vpc", "instance": "", "ipamPoolId": "",
			"networkInterface": "", "privateDns": "", "privateIp": "", "ptrRecord": "", "publicIpv4Pool": "amazon", "vpc": true},
		born: eipBorn,
		release: func(c *call) error {
			if c.addressUser(c.obj.ID) != nil {
				return Refusal{"InvalidIPAddress.InUse", "Address %s is in use.", ec2Errors}.with(c.obj.Computed.str("publicIp"))
			}
			return nil
		},
	}
}

// publicRanges are for documentation, RFC 5737: nobody's addresses.
var publicRanges = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24")}

func eipBorn(c *call) error {
	taken := map[string]bool{}
	for _, o := range c.others(eipType) {
		taken[o.Computed.str("publicIp")] = true
	}
	ip, err := freePublic(c, taken)
	if err != nil {
		return err
	}
	c.set("allocationId", c.obj.ID)
	c.set("arn", c.arn("ec2", "elastic-ip/"+c.obj.ID))
	c.set("publicIp", ip)
	c.set("publicDns", "ec2-"+strings.ReplaceAll(ip, ".", "-")+"."+computeDomain(c.region))
	c.fill("networkBorderGroup", c.region)
	return nil
}

func freePublic(c *call, taken map[string]bool) (string, error) {
	start := int(c.random(1)[0])
	for i := range 512 {
		block := publicRanges[(start+i)/256%2]
		ip := addressAt(number(block.Addr()) + uint32((start+i)%256)).String()
		if !strings.HasSuffix(ip, ".0") && !strings.HasSuffix(ip, ".255") && !taken[ip] {
			return ip, nil
		}
	}
	return "", Refusal{"AddressLimitExceeded", "The maximum number of addresses has been reached.", ec2Errors}.with()
}

// computeDomain is the domain of public host names of EC2.
// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
func computeDomain(region string) string {
	if region == "us-east-1" {
		return "compute-1.amazonaws.com"
	}
	return region + ".compute.amazonaws.com"
}

// addressUser gives what an Elastic IP is associated with, or nil.
func (c *call) addressUser(allocation string) *Object {
	for _, o := range append(c.others(natGatewayType), c.others(loadBalancerType)...) {
		if slices.Contains(o.Inputs.gather("subnetMappings[].allocationId"), allocation) || o.Inputs.str("allocationId") == allocation {
			return o
		}
	}
	return nil
}

// vpcOf gives the VPC that something with subnets is in.
func (c *call) vpcOf(o *Object) string {
	for _, path := range []string{"vpcId", "subnetId", "subnetIds[]", "subnets[]", "subnetMappings[].subnetId"} {
		refs := o.Inputs.gather(path)
		if len(refs) == 0 {
			continue
		}
		if subnet := c.find(subnetType, refs[0], ""); subnet != nil {
			return subnet.Inputs.str("vpcId")
		}
		return refs[0]
	}
	return ""
}

func natGatewayKind() *Kind {
	return &Kind{
		Token:    natGatewayType,
		Required: words("subnetId"),
		Optional: words(`allocationId connectivityType privateIp secondaryAllocationIds
			secondaryPrivateIpAddressCount secondaryPrivateIpAddresses tags`),
		Computed: words("associationId networkInterfaceId privateIp publicIp secondaryPrivateIpAddressCount secondaryPrivateIpAddresses"),
		Replace:  words("subnetId allocationId connectivityType privateIp"),
		Sets:     words("secondaryAllocationIds secondaryPrivateIpAddresses"),
		Defaults: props{"connectivityType": "public"},
		id:       hexID("nat-"),
		missing:  Refusal{"InvalidNatGatewayID.NotFound", "The Nat Gateway '%s' was not found", ec2Errors},
		holds:    map[string]string{"subnetId": subnetType},
		refs:     map[string]string{"allocationId": eipType},
		fills:    props{"associationId": "", "publicIp": "", "secondaryPrivateIpAddressCount": 0.0, "secondaryPrivateIpAddresses": []any{}},
		check:    natGatewayCheck,
		born:     natGatewayBorn,
	}
}

func natGatewayCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html"
	allocation := c.in().str("allocationId")
	if c.in().str("connectivityType") != "public" {
		return nil
	}
	if allocation == "" {
		return Refusal{"MissingParameter", "The request must contain the parameter AllocationId", source}.with()
	}
	if c.addressUser(allocation) != nil {
		return Refusal{"Resource.AlreadyAssociated", "Elastic IP address [%s] is already associated", source}.with(allocation)
	}
	subnet := c.find(subnetType, c.in().str("subnetId"), c.region)
	if c.internetGateway(subnet.Inputs.str("vpcId")) == nil {
		return Refusal{"Gateway.NotAttached", "Network %s has no Internet gateway attached", source}.with(subnet.Inputs.str("vpcId"))
	}
	return nil
}

func natGatewayBorn(c *call) error {
	eni, err := c.attach(c.find(subnetType, c.in().str("subnetId"), c.region), c.in().str("privateIp"))
	if err != nil {
		return err
	}
	c.obj.Interfaces = []Interface{eni}
	c.set("networkInterfaceId", eni.ID)
	c.set("privateIp", eni.IPv4)
	if eip := c.find(eipType, c.in().str("allocationId"), c.region); eip != nil {
		c.set("associationId", hexID("eipassoc-")(c))
		c.set("publicIp", eip.Computed.str("publicIp"))
	}
	return nil
}

func (c *call) internetGateway(vpc string) *Object {
	for _, gateway := range c.all(internetGatewayType) {
		if gateway.Inputs.str("vpcId") == vpc {
			return gateway
		}
	}
	return nil
}

func securityGroupKind() *Kind {
	return &Kind{
		Token:    securityGroupType,
		Optional: words("description egress ingress name namePrefix revokeRulesOnDelete tags vpcId"),
		Computed: words("arn egress ingress namePrefix ownerId vpcId"),
		Replace:  words("description name namePrefix vpcId"),
		Sets:     words("egress ingress"),
		Defaults: props{"description": "Managed by Pulumi", "revokeRulesOnDelete": false},
		Autoname: Autoname{Property: "name", MaxLen: 255},
		id:       hexID("sg-"),
		missing:  Refusal{"InvalidGroup.NotFound", "The security group '%s' does not exist", ec2Errors},
		inUse:    Refusal{"DependencyViolation", "resource %s has a dependent object", ec2Errors},
		holds:    map[string]string{"vpcId": vpcType},
		fills:    props{"egress": []any{}, "ingress": []any{}, "namePrefix": "", "ownerId": AccountID},
		check: func(c *call) error {
			for _, other := range c.others(securityGroupType) {
				if other.out("name") == ownName(c) && other.Inputs.str("vpcId") == c.in().str("vpcId") {
					return Refusal{"InvalidGroup.Duplicate",
						"The security group '%s' already exists for VPC '%s'",
						ec2Errors}.with(ownName(c), c.in().str("vpcId"))
				}
			}
			return nil
		},
		born: func(c *call) error {
			c.set("arn", c.arn("ec2", "security-group/"+c.obj.ID))
			return nil
		},
	}
}

var ruleSources = words("cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId")

func ruleKind(token string) *Kind {
	return &Kind{
		Token:     token,
		Required:  words("ipProtocol securityGroupId"),
		Optional:  append(words("description fromPort tags toPort"), ruleSources...),
		Computed:  words("arn securityGroupRuleId"),
		Replace:   words("securityGroupId"),
		ReplaceIf: ruleReplaced,
		id:        hexID("sgr-"),
		refs:      map[string]string{"securityGroupId": securityGroupType},
		holds:     map[string]string{"referencedSecurityGroupId": securityGroupType},
		check:     ruleCheck,
		born: func(c *call) error {
			c.set("arn", c.arn("ec2", "security-group-rule/"+c.obj.ID))
			c.set("securityGroupRuleId", c.obj.ID)
			return nil
		},
	}
}

// ruleReplaced: a rule's source can change, but not what kind of source it is.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
func ruleReplaced(old, new resource.PropertyMap) []string {
	var keys []string
	for _, source := range ruleSources {
		_, was := old[resource.PropertyKey(source)]
		if _, is := new[resource.PropertyKey(source)]; was != is {
			keys = append(keys, source)
		}
	}
	return keys
}

func ruleCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html"
	given := 0
	for _, s := range ruleSources {
		if c.in().has(s) {
			given++
		}
	}
	if given != 1 {
		return Refusal{"InvalidParameterCombination",
			"The request must contain exactly one of %s",
			source}.with(strings.Join(ruleSources, ", "))
	}
	if cidr := c.in().str("cidrIpv4"); cidr != "" {
		if block, err := netip.ParsePrefix(cidr); err != nil || block != block.Masked() {
			return Refusal{"InvalidParameterValue", "CIDR block %s is malformed", source}.with(cidr)
		}
	}
	for _, other := range c.others(c.kind.Token) {
		if ruleKey(other.Inputs) == ruleKey(c.in()) {
			return Refusal{"InvalidPermission.Duplicate", "the specified rule \"%s\" already exists", ec2Errors}.with(ruleKey(c.in()))
		}
	}
	return nil
}

// ruleKey is what makes two security-group rules the same rule.
func ruleKey(p props) string {
	return strings.Join(append([]string{p.str("securityGroupId"), p.str("ipProtocol"), portRange(p)},
		p.str("cidrIpv4"), p.str("cidrIpv6"), p.str("prefixListId"), p.str("referencedSecurityGroupId")), " ")
}

func portRange(p props) string {
	if !p.has("fromPort") {
		return "all"
	}
	return fmt.Sprintf("%d-%d", p.number("fromPort"), p.number("toPort"))
}

package cloud

import (
	"net/netip"
	"slices"
	"strings"
)

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

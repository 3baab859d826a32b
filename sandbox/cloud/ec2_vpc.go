package cloud

import (
	"fmt"
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
		Unsettles: map[string][]string{"assignGeneratedIpv6CidrBlock": words("ipv6AssociationId ipv6CidrBlock")},

		check:  inOrder(hostBitsCheck("cidrBlock"), vpcCheck, vpcBlock6Check),
		born:   vpcBorn,
		derive: vpcDerive,
	}
}

// hostBitsCheck refuses what the provider does: AWS would clear the host bits
// of a range. https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/verify/validate.go
func hostBitsCheck(keys ...string) func(*call) error {
	return func(c *call) error {
		for _, key := range keys {
			block, err := netip.ParsePrefix(c.in().str(key))
			if err == nil && block != block.Masked() {
				return fmt.Errorf("%s: %q is not a valid CIDR block; did you mean %q?", key, block, block.Masked())
			}
		}
		return nil
	}
}

func vpcCheck(c *call) error {
	block, err := netip.ParsePrefix(c.in().str("cidrBlock"))
	if err != nil || block.Bits() < 16 || block.Bits() > 28 {
		return Refusal{"InvalidVpc.Range",
			"The CIDR '%s' is invalid.",
			"https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"}.with(c.in().str("cidrBlock"))
	}
	return nil
}

// vpcBlock6Check: a block of one's own comes from an IPAM pool, and a block
// stays while subnets have parts of it.
func vpcBlock6Check(c *call) error {
	own, generated := c.in().has("ipv6CidrBlock"), c.in().flag("assignGeneratedIpv6CidrBlock")
	switch {
	case own && !c.in().has("ipv6IpamPoolId"), own && generated:
		return Refusal{"InvalidParameterCombination",
			"ipv6CidrBlock (%s) needs ipv6IpamPoolId and excludes assignGeneratedIpv6CidrBlock",
			"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpc/"}.with(c.in().str("ipv6CidrBlock"))
	case own || generated:
		return nil
	}
	for _, subnet := range c.all(subnetType) {
		if subnet.Inputs.str("vpcId") == c.obj.ID && subnet.Inputs.has("ipv6CidrBlock") {
			return Refusal{"DependencyViolation",
				"The IPv6 CIDR block of VPC %s is in use by subnet %s and cannot be disassociated",
				"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html"}.with(c.obj.ID, subnet.ID)
		}
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

// vpcDerive associates an IPv6 block, and keeps it.
func vpcDerive(c *call) error {
	own := c.in().str("ipv6CidrBlock")
	if own == "" && !c.in().flag("assignGeneratedIpv6CidrBlock") {
		for _, key := range words("ipv6AssociationId ipv6CidrBlock ipv6CidrBlockNetworkBorderGroup") {
			delete(c.obj.Computed, key)
		}
		return nil
	}
	if c.obj.Computed.has("ipv6AssociationId") {
		return nil
	}
	if own == "" {
		c.set("ipv6CidrBlock", c.obj.Private.or("ipv6CidrBlock", c.freeBlock()))
	}
	c.set("ipv6AssociationId", hexID("vpc-cidr-assoc-")(c))
	c.fill("ipv6CidrBlockNetworkBorderGroup", c.region)
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
		check:   inOrder(hostBitsCheck("cidrBlock"), subnetZoneCheck, subnetRangeCheck, subnetRange6Check, subnetInUseCheck),
		born:    subnetBorn,
		derive:  subnetDerive,
	}
}

func subnetZoneCheck(c *call) error {
	zone := c.in().or("availabilityZone", c.region+"a")
	if slices.Contains(zoneNames(c.region), zone) {
		return nil
	}
	return Refusal{"InvalidParameterValue",
		"Value (" + zone + ") for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: %s.",
		ec2Errors}.
		with(strings.Join(zoneNames(c.region), ", "))
}

func subnetRangeCheck(c *call) error {
	cidr := c.in().str("cidrBlock")
	block, err := netip.ParsePrefix(cidr)
	vpc := c.find(vpcType, c.in().str("vpcId"), c.region)
	within := netip.MustParsePrefix(vpc.Inputs.str("cidrBlock"))
	if err != nil || block.Bits() > 28 || !encloses(within, block) {
		return Refusal{"InvalidSubnet.Range", "The CIDR '%s' is invalid.", subnetSizing}.with(cidr)
	}
	return c.subnetOverlaps("cidrBlock", block)
}

// subnetOverlaps refuses a range of which another subnet of the VPC has a part.
func (c *call) subnetOverlaps(key string, block netip.Prefix) error {
	for _, other := range c.others(subnetType) {
		taken, err := netip.ParsePrefix(other.Inputs.str(key))
		if err == nil && other.Inputs.str("vpcId") == c.in().str("vpcId") && taken.Overlaps(block) {
			return Refusal{"InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", subnetSizing}.with(block)
		}
	}
	return nil
}

func subnetRange6Check(c *call) error {
	cidr := c.in().str("ipv6CidrBlock")
	if cidr == "" {
		if c.in().flag("assignIpv6AddressOnCreation") {
			return Refusal{"InvalidParameterValue",
				"Invalid value 'true' for assignIpv6AddressOnCreation. The subnet must have an IPv6 CIDR block",
				"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html"}.with()
		}
		return nil
	}
	vpc := c.find(vpcType, c.in().str("vpcId"), c.region)
	block, err := netip.ParsePrefix(cidr)
	within, none := netip.ParsePrefix(vpc.out("ipv6CidrBlock"))
	if err != nil || none != nil || block != block.Masked() || block.Bits() != 64 || !encloses(within, block) {
		return Refusal{"InvalidSubnet.Range",
			"The CIDR '%s' is invalid: not a /64 of the VPC's IPv6 CIDR block '%s'",
			subnetSizing}.with(cidr, vpc.out("ipv6CidrBlock"))
	}
	return c.subnetOverlaps("ipv6CidrBlock", block)
}

// subnetInUseCheck keeps an IPv6 block while interfaces have addresses of it.
func subnetInUseCheck(c *call) error {
	if c.created() || c.old.str("ipv6CidrBlock") == c.in().str("ipv6CidrBlock") || len(c.taken6(c.obj.ID)) == 0 {
		return nil
	}
	return Refusal{"DependencyViolation",
		"The IPv6 CIDR block %s of subnet %s has addresses in use and cannot be disassociated",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateSubnetCidrBlock.html"}.with(c.old.str("ipv6CidrBlock"), c.obj.ID)
}

// subnetDerive has one association per IPv6 block.
func subnetDerive(c *call) error {
	if block := c.in().str("ipv6CidrBlock"); block != c.obj.Private.str("ipv6CidrBlock") {
		c.obj.Private["ipv6CidrBlock"] = block
		delete(c.obj.Computed, "ipv6CidrBlockAssociationId")
		if block != "" {
			c.set("ipv6CidrBlockAssociationId", hexID("subnet-cidr-assoc-")(c))
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

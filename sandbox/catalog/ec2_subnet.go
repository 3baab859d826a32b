package catalog

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

func subnetKind() *cloud.Kind {
	return &cloud.Kind{
		Token:       subnetType,
		Replace:     words("vpcId availabilityZone availabilityZoneId cidrBlock ipv6Native outpostArn"),
		Constraints: []cloud.Constraint{cloud.Network("cidrBlock"), cloud.Network("ipv6CidrBlock")},
		Conflicts:   [][]string{words("availabilityZone availabilityZoneId")},
		Defaults: cloud.Props{"assignIpv6AddressOnCreation": false, "enableDns64": false,
			"enableResourceNameDnsARecordOnLaunch": false, "enableResourceNameDnsAaaaRecordOnLaunch": false,
			"ipv6Native": false, "mapPublicIpOnLaunch": false},
		ID:               cloud.HexID("subnet-"),
		NotFound:         cloud.NewRefusal("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist", ec2Errors),
		InUse:            dependency("subnet"),
		BlocksDeletionOf: map[string]string{"vpcId": vpcType},
		OutputDefaults: cloud.Props{
			"ipv6CidrBlockAssociationId": "", "ownerId": cloud.AccountID, "privateDnsHostnameTypeOnLaunch": "ip-name",
		},
		Check: cloud.InOrder(checkHostBits("cidrBlock"), checkSubnetZone, checkSubnetRange, checkSubnetRange6,
			checkSubnetInUse),
		OnCreate:        subnetOnCreate,
		Compute:         subnetCompute,
		DeleteTakesTime: hasLambdaInterfaces,
		CheckDelete:     checkLambdaInterfaces(dependency("subnet")),
		OnDelete:        releaseLambdaInterfaces,
		Example: cloud.Example{
			Name:   "subnet a",
			Inputs: cloud.Props{"availabilityZone": "us-east-1a", "cidrBlock": "10.0.1.0/24", "vpcId": "${vpc}"},
		},
	}
}

func checkSubnetZone(r *cloud.Request) error {
	zone := r.Inputs.StringOr("availabilityZone", r.Region+"a")
	if slices.Contains(zoneNames(r.Region), zone) {
		return nil
	}
	return cloud.NewRefusal(
		"InvalidParameterValue",
		"Value (%s) for parameter availabilityZone is invalid. Subnets can currently only be created in "+
			"the following availability zones: %s.",
		ec2Errors,
	).With(zone, strings.Join(zoneNames(r.Region), ", "))
}

func checkSubnetRange(r *cloud.Request) error {
	cidr := r.Inputs.String("cidrBlock")
	block, err := netip.ParsePrefix(cidr)
	vpc := r.Find(vpcType, r.Inputs.String("vpcId"), r.Region)
	within := netip.MustParsePrefix(vpc.Inputs.String("cidrBlock"))
	if err != nil || block.Bits() > 28 || !encloses(within, block) {
		return cloud.NewRefusal("InvalidSubnet.Range", "The CIDR '%s' is invalid.", subnetSizing).With(cidr)
	}
	return checkSubnetOverlap(r, "cidrBlock", block)
}

// checkSubnetOverlap refuses a range that overlaps with another subnet of the
// VPC.
func checkSubnetOverlap(r *cloud.Request, key string, block netip.Prefix) error {
	for _, other := range r.Others(subnetType) {
		taken, err := netip.ParsePrefix(other.Inputs.String(key))
		if err == nil && other.Inputs.String("vpcId") == r.Inputs.String("vpcId") && taken.Overlaps(block) {
			return cloud.NewRefusal("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet",
				subnetSizing).With(block)
		}
	}
	return nil
}

func checkSubnetRange6(r *cloud.Request) error {
	cidr := r.Inputs.String("ipv6CidrBlock")
	if cidr == "" {
		if r.Inputs.Bool("assignIpv6AddressOnCreation") {
			return cloud.NewRefusal("InvalidParameterValue",
				"Invalid value 'true' for assignIpv6AddressOnCreation. The subnet must have an IPv6 CIDR block",
				"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySubnetAttribute.html").With()
		}
		return nil
	}
	vpc := r.Find(vpcType, r.Inputs.String("vpcId"), r.Region)
	block, err := netip.ParsePrefix(cidr)
	within, none := netip.ParsePrefix(vpc.Output("ipv6CidrBlock"))
	if err != nil || none != nil || block != block.Masked() || block.Bits() != 64 || !encloses(within, block) {
		return cloud.NewRefusal("InvalidSubnet.Range",
			"The CIDR '%s' is invalid: not a /64 of the VPC's IPv6 CIDR block '%s'",
			subnetSizing).With(cidr, vpc.Output("ipv6CidrBlock"))
	}
	return checkSubnetOverlap(r, "ipv6CidrBlock", block)
}

// checkSubnetInUse refuses to take an IPv6 block away while interfaces have
// addresses of it.
func checkSubnetInUse(r *cloud.Request) error {
	if r.Created() || r.Old.String("ipv6CidrBlock") == r.Inputs.String("ipv6CidrBlock") ||
		len(takenAddresses6(r, r.Object.ID)) == 0 {
		return nil
	}
	return cloud.NewRefusal(
		"DependencyViolation",
		"The IPv6 CIDR block %s of subnet %s has addresses in use and cannot be disassociated",
		"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateSubnetCidrBlock.html",
	).With(r.Old.String("ipv6CidrBlock"), r.Object.ID)
}

// subnetCompute makes one association per IPv6 block.
func subnetCompute(r *cloud.Request) error {
	if block := r.Inputs.String("ipv6CidrBlock"); block != r.Object.Private.String("ipv6CidrBlock") {
		r.Object.Private["ipv6CidrBlock"] = block
		r.Unset("ipv6CidrBlockAssociationId")
		if block != "" {
			r.Set("ipv6CidrBlockAssociationId", cloud.HexID("subnet-cidr-assoc-")(r))
		}
	}
	return nil
}

func subnetOnCreate(r *cloud.Request) error {
	zone := r.Inputs.StringOr("availabilityZone", r.Region+"a")
	for _, name := range zoneNames(r.Region) {
		if zoneID(name) == r.Inputs.String("availabilityZoneId") {
			zone = name
		}
	}
	r.Set("arn", r.ARN("ec2", "subnet/"+r.Object.ID))
	r.Set("availabilityZone", zone)
	r.Set("availabilityZoneId", zoneID(zone))
	showOwner(r)
	return nil
}

// getSubnets lists the subnets of the region that match.
func getSubnets(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	return cloud.Props{"id": r.Region, "ids": idsOf(findAll(r, subnetType, args))}, nil
}

func getSubnet(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	subnet, err := findOne(r, subnetType, args, "id", "cidrBlock", "vpcId", "availabilityZone", "availabilityZoneId",
		"ipv6CidrBlock")
	if err != nil {
		return nil, err
	}
	defaults := cloud.Props{
		"availableIpAddressCount": freeAddressCount(r, subnet), "customerOwnedIpv4Pool": "", "defaultForAz": false,
		"enableLniAtDeviceIndex": 0, "ipv6CidrBlock": "", "mapCustomerOwnedIpOnLaunch": false, "outpostArn": "",
		"state": "available",
	}
	maps.Copy(defaults, subnet.Outputs())
	defaults["tags"] = defaults["tagsAll"]
	return defaults, nil
}

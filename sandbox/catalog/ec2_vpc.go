package catalog

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/sandbox/cloud"
)

func vpcKind() *cloud.Kind {
	return &cloud.Kind{
		Token:    vpcType,
		Replace:  words("cidrBlock ipv4IpamPoolId ipv4NetmaskLength"),
		Defaults: cloud.Props{"enableDnsSupport": true, "instanceTenancy": "default"},
		Constraints: []cloud.Constraint{
			cloud.Network("cidrBlock"), cloud.Between("ipv4NetmaskLength", 16, 28),
			cloud.OneOf("instanceTenancy", "default", "dedicated"),
		},
		Conflicts: [][]string{
			words("cidrBlock ipv4NetmaskLength"), words("assignGeneratedIpv6CidrBlock ipv6CidrBlock"),
		},
		ReplaceIf: vpcReplaceIf,
		ID:        cloud.HexID("vpc-"),
		NotFound:  cloud.NewRefusal("InvalidVpcID.NotFound", "The vpc ID '%s' does not exist", ec2Errors),
		InUse:     dependency("vpc"),
		OutputDefaults: cloud.Props{
			"enableDnsHostnames": false, "enableNetworkAddressUsageMetrics": false, "ipv6AssociationId": "",
			"ipv6CidrBlock": "", "ipv6CidrBlockNetworkBorderGroup": "", "ownerId": cloud.AccountID,
		},
		Invalidates: map[string][]string{"assignGeneratedIpv6CidrBlock": words("ipv6AssociationId ipv6CidrBlock")},

		Check:    cloud.InOrder(checkHostBits("cidrBlock"), checkVPC, checkVPCBlock6),
		OnCreate: vpcOnCreate,
		Compute:  vpcCompute,
		Example: cloud.Example{
			Name:   "vpc",
			Inputs: cloud.Props{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true, "enableDnsSupport": true},
		},
	}
}

// vpcReplaceIf returns the tenancy if it changes, except from dedicated to default.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcTenancy.html
func vpcReplaceIf(old, _ resource.PropertyMap) []string {
	if was := old["instanceTenancy"]; was.IsString() && was.StringValue() == "dedicated" {
		return nil
	}
	return words("instanceTenancy")
}

func checkVPC(r *cloud.Request) error {
	block, err := netip.ParsePrefix(r.Inputs.String("cidrBlock"))
	if err != nil || block.Bits() < 16 || block.Bits() > 28 {
		return cloud.NewRefusal("InvalidVpc.Range", "The CIDR '%s' is invalid.",
			"https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html").With(r.Inputs.String("cidrBlock"))
	}
	return nil
}

// checkVPCBlock6 refuses an IPv6 block that comes from no IPAM pool, and
// taking away a block that subnets use.
func checkVPCBlock6(r *cloud.Request) error {
	own, generated := r.Inputs.Has("ipv6CidrBlock"), r.Inputs.Bool("assignGeneratedIpv6CidrBlock")
	switch {
	case own && !r.Inputs.Has("ipv6IpamPoolId"), own && generated:
		return cloud.NewRefusal("InvalidParameterCombination",
			"ipv6CidrBlock (%s) needs ipv6IpamPoolId and excludes assignGeneratedIpv6CidrBlock",
			"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpc/").With(r.Inputs.String("ipv6CidrBlock"))
	case own || generated:
		return nil
	}
	for _, subnet := range r.All(subnetType) {
		if subnet.Inputs.String("vpcId") == r.Object.ID && subnet.Inputs.Has("ipv6CidrBlock") {
			return cloud.NewRefusal(
				"DependencyViolation",
				"The IPv6 CIDR block of VPC %s is in use by subnet %s and cannot be disassociated",
				"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateVpcCidrBlock.html",
			).With(r.Object.ID, subnet.ID)
		}
	}
	return nil
}

func vpcOnCreate(r *cloud.Request) error {
	r.Set("arn", r.ARN("ec2", "vpc/"+r.Object.ID))
	r.Set("defaultNetworkAclId", cloud.HexID("acl-")(r))
	r.Set("defaultRouteTableId", cloud.HexID("rtb-")(r))
	r.Set("defaultSecurityGroupId", cloud.HexID("sg-")(r))
	r.Set("dhcpOptionsId", cloud.HexID("dopt-")(r))
	r.Set("mainRouteTableId", r.Object.Computed.String("defaultRouteTableId"))
	showOwner(r)
	return nil
}

// vpcCompute associates an IPv6 block, and keeps it.
func vpcCompute(r *cloud.Request) error {
	own := r.Inputs.String("ipv6CidrBlock")
	if own == "" && !r.Inputs.Bool("assignGeneratedIpv6CidrBlock") {
		r.Unset(words("ipv6AssociationId ipv6CidrBlock ipv6CidrBlockNetworkBorderGroup")...)
		return nil
	}
	if r.Object.Computed.Has("ipv6AssociationId") {
		return nil
	}
	if own == "" {
		r.Set("ipv6CidrBlock", r.Object.Private.StringOr("ipv6CidrBlock", freeIPv6Block(r)))
	}
	r.Set("ipv6AssociationId", cloud.HexID("vpc-cidr-assoc-")(r))
	r.SetDefault("ipv6CidrBlockNetworkBorderGroup", r.Region)
	return nil
}

// madeWithVPC returns an Implied hook for objects that AWS creates along with a
// VPC. The VPC shows their IDs under key.
func madeWithVPC(key string) func(*cloud.Request, string) *cloud.Object {
	return func(r *cloud.Request, id string) *cloud.Object {
		for _, vpc := range r.All(vpcType) {
			if vpc.Computed.String(key) == id {
				return &cloud.Object{Region: vpc.Region, Inputs: cloud.Props{"vpcId": vpc.ID}}
			}
		}
		return nil
	}
}

// getVPCs lists the VPCs of the region that match.
func getVPCs(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	return cloud.Props{"id": r.Region, "ids": idsOf(findAll(r, vpcType, args))}, nil
}

func getVPC(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	vpc, err := findOne(r, vpcType, args, "id", "cidrBlock")
	if err != nil {
		return nil, err
	}
	out := vpc.Outputs()
	out["default"] = false
	out["state"] = "available"
	out["cidrBlockAssociations"] = []any{map[string]any{
		"associationId": "vpc-cidr-assoc-" + vpc.ID[4:], "cidrBlock": out["cidrBlock"], "state": "associated"}}
	out["tags"] = out["tagsAll"]
	return out, nil
}

package catalog

import (
	"fmt"
	"net/netip"

	"private-api-blueprints/sandbox/cloud"
)

const (
	vpcType             = "aws:ec2/vpc:Vpc"
	subnetType          = "aws:ec2/subnet:Subnet"
	internetGatewayType = "aws:ec2/internetGateway:InternetGateway"
	networkACLType      = "aws:ec2/networkAcl:NetworkAcl"
	routeTableType      = "aws:ec2/routeTable:RouteTable"
	routeType           = "aws:ec2/route:Route"
	associationType     = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	elasticIPType       = "aws:ec2/eip:Eip"
	natGatewayType      = "aws:ec2/natGateway:NatGateway"
	securityGroupType   = "aws:ec2/securityGroup:SecurityGroup"
	defaultGroupType    = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	ingressRuleType     = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressRuleType      = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"

	egressOnlyGatewayType = "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway"
)

// ec2Errors is the page that most refusals of this service come from.
const ec2Errors = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"

// dependency returns what EC2 says about the deletion of an object in use.
func dependency(noun string) cloud.Refusal {
	return cloud.NewRefusal("DependencyViolation", "The "+noun+" '%s' has dependencies and cannot be deleted.",
		ec2Errors)
}

// encloses reports whether a range contains another one completely.
func encloses(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// checkSameVPC refuses two inputs that name objects of different VPCs.
func checkSameVPC(r *cloud.Request, key, otherKey string) error {
	one := r.Lookup(r.Kind.TypeAt(key), r.Inputs.String(key))
	other := r.Lookup(r.Kind.TypeAt(otherKey), r.Inputs.String(otherKey))
	if one == nil || other == nil || one.Inputs.String("vpcId") == other.Inputs.String("vpcId") {
		return nil
	}
	return cloud.NewRefusal("InvalidParameterValue", otherKey+" %s and "+key+" %s belong to different networks",
		ec2Errors).With(other.ID, one.ID)
}

// checkHostBits returns a check that refuses ranges with host bits, as the
// provider does. AWS would clear the bits.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/verify/validate.go
func checkHostBits(keys ...string) func(*cloud.Request) error {
	return func(r *cloud.Request) error {
		for _, key := range keys {
			block, err := netip.ParsePrefix(r.Inputs.String(key))
			if err == nil && block != block.Masked() {
				return fmt.Errorf("%s: %q is not a valid CIDR block; did you mean %q?", key, block, block.Masked())
			}
		}
		return nil
	}
}

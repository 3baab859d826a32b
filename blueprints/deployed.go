package blueprints

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// deployed is what the stack's state says about its resources, by URN. It is empty before the first deployment.
type deployed map[string]deployedResource

// deployedResource is one resource of the state.
type deployedResource struct {
	Type    string          `pulumi:"type"`
	Outputs deployedOutputs `pulumi:"outputs"`
}

// deployedOutputs holds those outputs that decide whether AWS and the engine accept a change.
type deployedOutputs struct {
	Id               string `pulumi:"id"`
	Arn              string `pulumi:"arn"`
	CidrBlock        string `pulumi:"cidrBlock"`
	Ipv6CidrBlock    string `pulumi:"ipv6CidrBlock"`
	AvailabilityZone string `pulumi:"availabilityZone"`
	PublicIp         string `pulumi:"publicIp"` // Of an Elastic IP.

	// Of a load balancer.
	EnableDeletionProtection bool            `pulumi:"enableDeletionProtection"`
	SubnetMappings           []subnetMapping `pulumi:"subnetMappings"`
}

// subnetMapping is a subnet that a load balancer is in. The output subnets has the same IDs, but an awsx.ec2.Vpc has an
// output of this name too, with references to resources, which the SDK would ask the engine for.
type subnetMapping struct {
	SubnetId string `pulumi:"subnetId"`
}

// The types of resources that are looked for in the state.
const (
	vpcToken          = "aws:ec2/vpc:Vpc"
	subnetToken       = "aws:ec2/subnet:Subnet"
	loadBalancerToken = "aws:lb/loadBalancer:LoadBalancer"
	elasticIPToken    = "aws:ec2/eip:Eip"
)

// readState asks the engine for the stack's state, with the functions behind stack references. The engine fails on a
// stack without a state if it is asked for resources, so it is asked for outputs first.
func readState(ctx *pulumi.Context) deployed {
	name := fmt.Sprintf("%s/%s/%s", ctx.Organization(), ctx.Project(), ctx.Stack())
	var stack struct {
		Outputs map[string]any `pulumi:"outputs"`
	}
	_, err := ctx.InvokePackageRaw("pulumi:pulumi:readStackOutputs", &struct {
		Name string `pulumi:"name"`
	}{name}, &stack, "")
	if err != nil || len(stack.Outputs) == 0 {
		return deployed{}
	}
	var all struct {
		Outputs deployed `pulumi:"outputs"`
	}
	_, err = ctx.InvokePackageRaw("pulumi:pulumi:readStackResourceOutputs", &struct {
		StackName string `pulumi:"stackName"`
	}{name}, &all, "")
	if err != nil {
		return deployed{}
	}
	return all.Outputs
}

// find returns the resource of a type with a name, and its URN, which is empty if there is none.
func (d deployed) find(token, name string) (urn string, outputs deployedOutputs) {
	for urn, r := range d {
		if r.Type == token && resource.URN(urn).Name() == name {
			return urn, r.Outputs
		}
	}
	return "", deployedOutputs{}
}

// deployedSubnet is a subnet of the state.
type deployedSubnet struct {
	name, zone string
	cidr       netip.Prefix
	number     int // That of its IPv6 range in the VPC's; -1 without IPv6.
}

// subnets returns the subnets of a network that the stack has created, by name.
func (d deployed) subnets(network string) map[string]deployedSubnet {
	found := map[string]deployedSubnet{}
	for urn, r := range d {
		name := resource.URN(urn).Name()
		rest, ours := strings.CutPrefix(name, network+"-")
		ours = ours && (strings.HasPrefix(rest, "vpc-public-") || strings.HasPrefix(rest, "vpc-private-") ||
			strings.HasPrefix(rest, "dualstack-"))
		cidr, err := netip.ParsePrefix(r.Outputs.CidrBlock)
		if r.Type != subnetToken || !ours || err != nil {
			continue
		}
		found[name] = deployedSubnet{name, r.Outputs.AvailabilityZone, cidr, ipv6Number(r.Outputs.Ipv6CidrBlock)}
	}
	return found
}

// ipv6Number returns the number of a /64 in the /56 of its VPC, or -1 if there is none.
func ipv6Number(cidr string) int {
	parsed, err := netip.ParsePrefix(cidr)
	if err != nil {
		return -1
	}
	bytes := parsed.Addr().As16()
	return int(bytes[7])
}

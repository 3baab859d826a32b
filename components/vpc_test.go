package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestVpcHasTheGivenRangesAndBothDnsAttributes(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		vpc, err := NewVpc(ctx, "net", &VpcArgs{
			CidrBlock:         netip.MustParsePrefix("10.0.0.0/16"),
			AvailabilityZones: zones,
			PublicSubnets:     publics,
			PrivateSubnets:    privates,
			NatGateways:       NatNone,
		})
		if err != nil {
			return err
		}
		assert.Equal(t, privates[1], vpc.Network.Private[1].CidrBlock)
		assert.Equal(t, "us-east-1b", vpc.Network.Public[1].AvailabilityZone)
		ids := pulumi.All(vpc.Network.Public[0].Id, vpc.Network.Private[1].Id)
		ctx.Export("check", ids.ApplyT(func(ids []any) string {
			assert.Equal(t, []any{"public-a", "private-b"}, ids)
			return ""
		}))
		return nil
	})
	inputs := stack.Inputs(t, "net-vpc")
	assert.Equal(t, "10.0.0.0/16", inputs["cidrBlock"])
	assert.Equal(t, []any{"us-east-1a", "us-east-1b"}, inputs["availabilityZoneNames"])
	assert.Equal(t, true, inputs["enableDnsHostnames"])
	assert.Equal(t, true, inputs["enableDnsSupport"])
	assert.Equal(t, map[string]any{"strategy": "None"}, inputs["natGateways"])
	assert.Equal(t, "Auto", inputs["subnetStrategy"], "under the default, awsx disregards the ranges")
	assert.Equal(t, []any{
		map[string]any{"type": "Public", "cidrBlocks": []any{"10.0.0.0/24", "10.0.1.0/24"}},
		map[string]any{"type": "Private", "cidrBlocks": []any{"10.0.10.0/24", "10.0.11.0/24"}},
	}, inputs["subnetSpecs"])
	assert.Equal(t, map[string]any{"vpcId": "net-vpc.vpcId", "ingress": []any{}, "egress": []any{}},
		stack.Inputs(t, "net-default-sg"), "the default security group has no rules")
}

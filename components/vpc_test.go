package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestVpcWritesFlowLogsForItsOwnAccount(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewVpc(ctx, "net", &VpcArgs{
			CidrBlock:         netip.MustParsePrefix("10.0.0.0/16"),
			AvailabilityZones: zones,
			PublicSubnets:     publics,
			PrivateSubnets:    privates,
			NatGateways:       NatNone,
			FlowLogs:          &FlowLogsArgs{AccountId: "123456789012", TrafficType: "ALL", RetentionDays: 7},
		})
		return err
	})
	assert.Equal(t, map[string]any{"retentionInDays": 7.0}, stack.Inputs(t, "net-flow-logs"))
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole",
		"Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}
	}]}`, stack.Inputs(t, "net-flow-role")["assumeRolePolicy"].(string))
	assert.Contains(t, stack.Inputs(t, "net-flow-policy")["policy"],
		`"Action":"logs:PutLogEvents","Resource":"net-flow-logs.arn:*"`, "the role writes to this log group only")
	assert.Equal(t, map[string]any{
		"vpcId": "net-vpc.vpcId", "trafficType": "ALL", "logDestination": "net-flow-logs.arn",
		"iamRoleArn": "net-flow-role.arn",
	}, stack.Inputs(t, "net-flow-log"))
	assert.Contains(t, stack.Resources()["net-flow-log"].Dependencies(), "net-flow-policy",
		"the role may write before it must")
}

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

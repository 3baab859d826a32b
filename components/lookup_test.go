package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/components/pulumitest"
)

func TestAddressIsUnknownUntilTheLoadBalancerIsInTheSubnet(t *testing.T) {
	withoutInterfaces := func(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
		if args.Token != "aws:ec2/getNetworkInterfaces:getNetworkInterfaces" {
			return nil, nil
		}
		return resource.PropertyMap{"ids": resource.NewProperty([]resource.PropertyValue{})}, nil
	}
	program := func(ctx *pulumi.Context) error {
		backend, err := newSimulatedBackend(ctx)
		if err != nil {
			return err
		}
		ctx.Export("check", backend.Targets.List[0].Id.ToStringOutput().ApplyT(func(address string) string {
			t.Errorf("address %q of a load balancer without interfaces", address)
			return ""
		}))
		return nil
	}
	preview := &pulumitest.Engine{Lookup: withoutInterfaces, DryRun: true}
	assert.NoError(t, preview.Run(program), "a preview must not fail because a subnet is new to the load balancer")
	update := &pulumitest.Engine{Lookup: withoutInterfaces}
	assert.ErrorContains(t, update.Run(program), "no network interface in one of its subnets yet")
}

func TestServiceWithoutZonesSupportsEveryZone(t *testing.T) {
	assert.True(t, (&ServiceDetail{}).SupportsZone("us-east-1a"), "AWS does not say where it has endpoints")
	service := &ServiceDetail{AvailabilityZones: zones}
	assert.True(t, service.SupportsZone("us-east-1a"))
	assert.False(t, service.SupportsZone("us-east-1c"))
}

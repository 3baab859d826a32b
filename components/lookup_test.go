package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

func TestAddressIsUnknownUntilTheLoadBalancerIsInTheSubnet(t *testing.T) {
	stack := pulumitest.NewEcho()
	answer := stack.Answer
	stack.Answer = func(args pulumi.MockCallArgs) (map[string]any, error) {
		if args.Token == "aws:ec2/getNetworkInterfaces:getNetworkInterfaces" {
			return map[string]any{"ids": []any{}}, nil
		}
		return answer(args)
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
	assert.NoError(t, stack.Preview(program), "a preview must not fail because a subnet is new to the load balancer")
	assert.ErrorContains(t, stack.Run(program), "no network interface in one of its subnets yet")
}

func TestServiceWithoutZonesSupportsEveryZone(t *testing.T) {
	assert.True(t, (&ServiceDetail{}).SupportsZone("us-east-1a"), "AWS does not say where it has endpoints")
	service := &ServiceDetail{AvailabilityZones: zones}
	assert.True(t, service.SupportsZone("us-east-1a"))
	assert.False(t, service.SupportsZone("us-east-1c"))
}

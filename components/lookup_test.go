package components

import (
	"errors"
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

func TestOnlyALookupThatFindsNothingMeansThatThereIsNoZone(t *testing.T) {
	for text, fails := range map[string]bool{
		"no matching Route 53 Hosted Zone found":                             false,
		"AccessDenied: not authorized to perform: route53:ListHostedZones":   true,
		"multiple Route 53 Hosted Zones matched; use additional constraints": true,
	} {
		stack := pulumitest.NewEcho()
		stack.Answer = func(pulumi.MockCallArgs) (map[string]any, error) { return nil, errors.New(text) }
		assert.NoError(t, stack.Run(func(ctx *pulumi.Context) error {
			zone, err := LookupPrivateZone(ctx, "api.example.com", "vpc-1")
			assert.Nil(t, zone)
			assert.Equal(t, fails, err != nil, text)
			return nil
		}))
	}
}

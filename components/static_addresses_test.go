package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestStaticAddressesAreProtectedAndNamedAfterTheirZone(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewStaticAddresses(ctx, "addresses", &StaticAddressesArgs{AvailabilityZones: zones})
		return err
	})
	names := stack.Names("aws:ec2/eip:Eip")
	assert.Equal(t, []string{"addresses-us-east-1a", "addresses-us-east-1b"}, names)
	for _, name := range names {
		assert.True(t, stack.Request(t, name).GetProtect(), name)
		assert.Equal(t, "vpc", stack.Inputs(t, name)["domain"])
	}
}

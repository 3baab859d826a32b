package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOnlyTargetsOutsideTheVpcAreInAllZones(t *testing.T) {
	stack := deployLink(t, asItIs)
	assert.Equal(t, map[string]any{
		"targetGroupArn": "link-tg.arn", "targetId": "10.103.10.172", "port": 8443.0, "availabilityZone": "all",
	}, stack.Inputs(t, "link-target-10.103.10.172"), "AWS knows no zone of an address in another network")
	assert.NotContains(t, stack.Inputs(t, "link-target-10.0.11.31"), "availabilityZone", "in the VPC, AWS knows it")
}

package blueprints

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNoClientGetsThroughBeforeTheEndpointHasItsPolicy(t *testing.T) {
	for blueprint, prefix := range map[string]string{"static-ip-apigw": "static-ip", "ipv6-front": "ipv6"} {
		t.Run(blueprint, func(t *testing.T) {
			stack, err := deploy(t, stacks(t, blueprint).Stacks["good"])
			require.NoError(t, err)
			assert.Contains(t, stack.Dependencies(t, prefix+"-listener"), prefix+"-endpoint-policy")
		})
	}
}

func TestEndpointIsOpenOnlyIfTheConfigurationSaysSo(t *testing.T) {
	for _, row := range []struct {
		why, change string
		policies    []string
	}{
		{"the default", "{}", []string{"static-ip-endpoint-policy"}},
		{"closed", "blueprint:endpoint: {policy: own}", []string{"static-ip-endpoint-policy"}},
		{"open", "blueprint:endpoint: {policy: open}", []string{}},
	} {
		t.Run(row.why, func(t *testing.T) {
			stack, err := deploy(t, stackOf(t, "static-ip-apigw", "good", row.change))
			require.NoError(t, err)
			assert.ElementsMatch(t, row.policies, stack.Names("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"))
		})
	}
}

// The endpoint is deleted before it is replaced, and so is each resource whose
// replacement its ID would force.
func TestDeploymentIsNotDeletedWithTheEndpoint(t *testing.T) {
	stack, err := deploy(t, stacks(t, "static-ip-apigw").Stacks["good"])
	require.NoError(t, err)
	urns := stack.Request(t, "static-ip-deployment").PropertyDependencies["triggers"].GetUrns()
	assert.Contains(t, strings.Join(urns, " "), "aws:apigateway/restApi:RestApi::")
	assert.NotContains(t, strings.Join(urns, " "), "aws:ec2/vpcEndpoint:VpcEndpoint::")
}

package blueprints

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// peeredNetworks is configuration of ipv6-front with two existing networks that are peered already.
const peeredNetworks = `
blueprint:network:
  existing:
    vpcId: vpc-00000000000000004
    privateSubnetIds: [subnet-0000000000000041a, subnet-0000000000000041b]
blueprint:frontNetwork:
  existing:
    vpcId: vpc-00000000000000001
    dualstackSubnetIds: [subnet-0000000000000021b, subnet-0000000000000021a]
blueprint:peered: true
blueprint:endpoint: {ipv4Addresses: [10.4.0.19, 10.4.1.31]}
blueprint:front: {ipv4Addresses: [10.1.20.19, 10.1.21.31]}`

func TestPeeredNetworksGetNeitherAConnectionNorRoutes(t *testing.T) {
	inputs := mustDeploy(t, stackOf(t, "ipv6-front", "good", peeredNetworks))
	assertInput(t, inputs, []any{"the target is in another VPC", "ipv6-target-us-east-1c", "availabilityZone", "all"})
	for name := range inputs {
		assert.NotRegexp(t, "peering|-to-10.[14].0.0/16", name)
	}
}

func TestOneVpcNeedsNoPeering(t *testing.T) {
	inputs := mustDeploy(t, stacks(t, "ipv6-front").Stacks["good"])
	assert.NotContains(t, inputs, "ipv6-peering")
	assert.NotContains(t, inputs["ipv6-target-us-east-1a"], resource.PropertyKey("availabilityZone"),
		"in the VPC AWS knows it")
	assert.NotContains(t, inputs, "ipv6-client-function", "the test client is not the default")
}

// TestSecurityGroupsOfFunctionsAreDeletedBeforeTheirRoles follows Lambda, which
// deletes a function's network interfaces with the function's role.
func TestSecurityGroupsOfFunctionsAreDeletedBeforeTheirRoles(t *testing.T) {
	stack, err := deploy(t, stackOf(t, "ipv6-front", "good", "blueprint:client: {create: true}"))
	require.NoError(t, err)
	assert.Contains(t, stack.Dependencies(t, "ipv6-hello-sg"), "ipv6-hello-policy")
	assert.Contains(t, stack.Dependencies(t, "ipv6-clients-sg"), "ipv6-client-policy")
}

func TestIpv6FrontPromisesEachNameAndEachApi(t *testing.T) {
	const billing = "GET https://old.example.com/prod/invoices, Host: ${ipv6-api-billing-api}.aws"
	const from, answers = "ipv6-dualstack-us-east-1a [ipv6-clients-sg] 6: ", " → delivered by ipv6-hello-function"
	assertPromises(t, "ipv6-front",
		promised{
			why:   "every name leads to every API, by the Host header",
			stack: "further APIs and names",
			want: []string{
				from + "GET https://ipv6.example.com/prod/hello, Host: ${ipv6-api}.aws" + answers,
				from + billing + ", signed true" + answers,
				from + billing + " → refused",
			},
		},
		promised{
			why:   "custom domain names need no Host header and no stage",
			stack: "base paths",
			want: []string{
				from + "GET https://ipv6.example.com/hello" + answers,
				from + "GET https://ipv6.example.com/billing/invoices, signed true" + answers,
				from + "GET https://billing.example.com/invoices → refused",
			},
			never: []string{"ipv6.example.com/prod", "stock/ → delivered"},
		},
	)
}

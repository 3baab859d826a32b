package components

import (
	"maps"
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/pulumitest"
)

// The network of the tests: two zones, with a public and a private subnet each.
var (
	zones    = []string{"us-east-1a", "us-east-1b"}
	publics  = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("10.0.1.0/24")}
	privates = []netip.Prefix{netip.MustParsePrefix("10.0.10.0/24"), netip.MustParsePrefix("10.0.11.0/24")}
	pinned   = []netip.Addr{netip.MustParseAddr("10.0.10.19"), netip.MustParseAddr("10.0.11.31")}

	environment = Environment{Region: "us-east-1", AccountId: "123456789012", Partition: "aws"}
)

// The types of resources that several tests count.
const (
	ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressRule  = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
)

// deploy runs a program that succeeds. It fails the test if a resource is not
// inside a component: options given to a component, such as a provider, would
// not reach it.
func deploy(t *testing.T, program pulumi.RunFunc) *pulumitest.Recorder {
	t.Helper()
	stack := pulumitest.NewEcho()
	require.NoError(t, stack.Run(program))
	for _, registered := range []map[string]pulumitest.Resource{stack.Resources(), stack.Providers()} {
		for name, r := range registered {
			assert.Contains(t, r.Request.Parent, "private-api-blueprints:components:", "the parent of %s", name)
		}
	}
	return stack
}

// subnetsOf returns a subnet with an ID of prefix in each zone.
func subnetsOf(prefix string, ranges []netip.Prefix) []Subnet {
	return []Subnet{
		{Id: pulumi.String(prefix + "-a"), CidrBlock: ranges[0], AvailabilityZone: zones[0]},
		{Id: pulumi.String(prefix + "-b"), CidrBlock: ranges[1], AvailabilityZone: zones[1]},
	}
}

// endpointStub returns an endpoint that exists outside the test's program.
func endpointStub() *ExecuteApiEndpoint {
	return &ExecuteApiEndpoint{
		SecurityGroupId:   pulumi.String("sg-endpoint").ToStringOutput(),
		Addresses:         pinned,
		AvailabilityZones: zones,
	}
}

// httpsRule returns the inputs of a rule for port 443 with pairs added.
func httpsRule(pairs ...string) map[string]any {
	return with(map[string]any{"ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0}, pairs...)
}

// with returns a copy of base with pairs of keys and values added.
func with(base map[string]any, pairs ...string) map[string]any {
	merged := maps.Clone(base)
	for i := 0; i < len(pairs); i += 2 {
		merged[pairs[i]] = pairs[i+1]
	}
	return merged
}

// pick returns the values of some keys, in the order of the keys.
func pick(inputs map[string]any, keys ...string) []any {
	values := make([]any, len(keys))
	for i, key := range keys {
		values[i] = inputs[key]
	}
	return values
}

package blueprints

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goodShared is a configuration without problems.
func goodShared(t *testing.T) map[string]string {
	config := good(t)
	delete(config, "blueprint:domain")
	delete(config, "blueprint:front")
	maps.Copy(config, map[string]string{"blueprint:name": "shared-vpc-apis", "blueprint:endpoint": `{"clientCidrs":["10.0.0.0/16"]}`})
	return config
}

func TestSharedVpcApisRefuses(t *testing.T) {
	assertRefuses(t, goodShared, []refusal{
		{"private DNS, for the reason that the article found", "blueprint:endpoint", `{"clientCidrs":["10.0.0.0/16"],"privateDnsEnabled":true}`, "blueprint:endpoint.privateDnsEnabled = true: want false: with private DNS every execute-api name in the VPC leads to the endpoint"},
		{"an endpoint that nobody may call", "blueprint:endpoint", "{}", "blueprint:endpoint.clientCidrs: required: the IPv4 ranges of the clients"},
		{"what only another blueprint has", "blueprint:front", "{}", "blueprint:front: unknown key"},
		{"no authorization", "blueprint:api", `{"cloudwatchRole":"create"}`, "blueprint:api.authorization: required"},
		{"one zone", "blueprint:network", `{"create":{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a"]}}`, "want two zones at least"},
		{"an address outside its subnet", "blueprint:endpoint", `{"clientCidrs":["10.0.0.0/16"],"ipv4Addresses":["10.0.0.10","10.0.0.11"]}`, "blueprint:endpoint.ipv4Addresses[1] = 10.0.0.11: want an address inside"},
		{"no archive", "blueprint:function", `{"archive":"nothing.zip"}`, "there is no such file"},
	})
}

func TestSharedVpcApisHasBothKindsOfApi(t *testing.T) {
	aws := &account{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, goodShared(t)) }, pulumi.WithMocks("project", "stack", aws)))
	assert.Equal(t, map[string]any{"types": "PRIVATE", "vpcEndpointIds": []any{"shared-vpc-endpoint-vpce.id"}}, aws.inputs["shared-vpc-private-api"].Mappable()["endpointConfiguration"],
		"the association makes the alias")
	assert.Equal(t, map[string]any{"types": "REGIONAL"}, aws.inputs["shared-vpc-regional-api"].Mappable()["endpointConfiguration"])
	assert.Equal(t, false, aws.inputs["shared-vpc-endpoint-vpce"]["privateDnsEnabled"].V)
	assert.Equal(t, "10.0.0.0/16", aws.inputs["shared-vpc-endpoint-from-10.0.0.0/16"]["cidrIpv4"].V)
}

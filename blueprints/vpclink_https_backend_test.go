package blueprints

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
)

func TestServersThatExistNeedNoPeering(t *testing.T) {
	inputs := mustDeploy(t, stackOf(t, "vpclink-https-backend", "good", `
blueprint:backend:
  hostName: backend.example.com
  ipv4Addresses: [10.103.10.172, 10.0.9.9]`))
	assert.NotContains(t, inputs["link-target-10.0.9.9"], resource.PropertyKey("availabilityZone"),
		"AWS knows the zone of an address in the VPC")
	assert.NotContains(t, inputs, "link-peering")
}

func TestOnlyTheVpcLinkReachesTheLoadBalancerUnlessClientsInTheVpcAreAskedFor(t *testing.T) {
	inputs := mustDeploy(t, stackOf(t, "vpclink-https-backend", "good", ""))
	for name := range inputs {
		assert.NotContains(t, name, "link-dns")
		assert.NotContains(t, name, "link-from")
	}
	assertInput(t, inputs, []any{"PrivateLink", "link-nlb", "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "off"})
}

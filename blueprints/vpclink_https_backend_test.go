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
	assert.Equal(t, "off", inputs["link-nlb"]["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"].StringValue())
}

func TestNothingIsPromisedAboutWhoIsAdmittedIfOnlyOthersKnow(t *testing.T) {
	const refused = "internet: GET https://${link-api}.aws/prod/any/path → refused"
	const known = "blueprint:api: {cloudwatchRole: create, authorization: "
	assertPromises(t, "vpclink-https-backend",
		promised{
			why:    "named callers",
			change: known + `AWS_IAM, callers: ["arn:aws:iam::123456789012:role/orders"]}`,
			want:   []string{refused},
			never:  []string{"signed true"},
		},
		promised{
			why: "tokens",
			change: known +
				`TOKEN, authorizer: {functionArn: "arn:aws:lambda:us-east-1:123456789012:function:orders"}}`,
			want:  []string{refused},
			never: []string{"/any/path, server", "/any/path → delivered"},
		},
	)
}

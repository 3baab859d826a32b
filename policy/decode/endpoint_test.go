package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// TestANameOfAnEndpointMayBelongToOneZone reads the names of an endpoint as AWS writes them.
func TestANameOfAnEndpointMayBelongToOneZone(t *testing.T) {
	const suffix = ".execute-api.us-east-1.vpce.amazonaws.com"
	entry := func(host string) any { return map[string]any{"dnsName": host, "hostedZoneId": "Z7HUB22UULQXV"} }
	names := decodeAll(fixture.Resource{Name: "e", Type: "aws:ec2/vpcEndpoint:VpcEndpoint", Properties: map[string]any{
		"dnsEntries": []any{
			entry("vpce-0123-abcd" + suffix), entry("vpce-0123-abcd-us-east-1a" + suffix),
			entry("*.execute-api.us-east-1.amazonaws.com"), entry(fixture.Unknown),
		},
	}}).Endpoints[0].DNSNames
	assert.Equal(t, model.List[model.EndpointName]{Complete: true, Items: []model.Known[model.EndpointName]{
		model.Of(model.EndpointName{Host: "vpce-0123-abcd" + suffix}),
		model.Of(model.EndpointName{Host: "vpce-0123-abcd-us-east-1a" + suffix, Zone: "us-east-1a"}),
		model.Of(model.EndpointName{Host: "*.execute-api.us-east-1.amazonaws.com"}),
		model.Unknown[model.EndpointName](),
	}}, names)
}

func TestTheNamesOfANewEndpointAreNotKnown(t *testing.T) {
	for _, properties := range []map[string]any{{}, {"dnsEntries": fixture.Unknown}} {
		stack := decodeAll(fixture.Resource{
			Name: "e", Type: "aws:ec2/vpcEndpoint:VpcEndpoint", Properties: properties,
		})
		assert.Equal(t, model.List[model.EndpointName]{}, stack.Endpoints[0].DNSNames, "%v", properties)
	}
}

package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

// newEndpoint registers an endpoint with an IPv4 and an IPv6 client range.
func newEndpoint(ctx *pulumi.Context) (*ExecuteApiEndpoint, error) {
	return NewExecuteApiEndpoint(ctx, "endpoint", &ExecuteApiEndpointArgs{
		VpcId:             pulumi.String("vpc-1"),
		ServiceName:       "com.amazonaws.us-east-1.execute-api",
		Subnets:           subnetsOf("private", privates),
		Addresses:         pinned,
		PrivateDnsEnabled: true,
		ClientCidrs:       []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16"), netip.MustParsePrefix("2001:db8::/32")},
	})
}

func TestExecuteApiEndpointHasAFixedAddressInEachZone(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := newEndpoint(ctx)
		return err
	})
	inputs := stack.Inputs(t, "endpoint-vpce")
	assert.Equal(t, "Interface", inputs["vpcEndpointType"], "the provider's default is Gateway")
	assert.Equal(t, true, inputs["privateDnsEnabled"])
	assert.Equal(t, []any{"private-a", "private-b"}, inputs["subnetIds"])
	assert.Equal(t, []any{
		map[string]any{"subnetId": "private-a", "ipv4": "10.0.10.19"},
		map[string]any{"subnetId": "private-b", "ipv4": "10.0.11.31"},
	}, inputs["subnetConfigurations"])
	assert.True(t, stack.Request(t, "endpoint-vpce").DeleteBeforeReplace,
		"its addresses are in use until it is deleted")
}

func TestExecuteApiEndpointHasTheRegionalName(t *testing.T) {
	deploy(t, func(ctx *pulumi.Context) error {
		endpoint, err := newEndpoint(ctx)
		if err != nil {
			return err
		}
		outputs := pulumi.All(endpoint.DnsName, endpoint.HostedZoneId, endpoint.EndpointId)
		ctx.Export("check", outputs.ApplyT(func(got []any) string {
			want := []any{"vpce-0a1b-c2d3.execute-api.us-east-1.vpce.amazonaws.com", "REGIONAL", "endpoint-vpce.id"}
			assert.Equal(t, want, got, "not a zonal name, wherever it is in the list")
			return ""
		}))
		return nil
	})
}

func TestExecuteApiEndpointAdmitsClientsOfBothFamilies(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := newEndpoint(ctx)
		return err
	})
	assert.Equal(t, []any{"endpoint-sg.id"}, stack.Inputs(t, "endpoint-vpce")["securityGroupIds"])
	assert.Equal(t, []string{"endpoint-from-10.9.0.0/16", "endpoint-from-2001:db8::/32"}, stack.Names(ingressRule))
	assert.Equal(t, httpsRule("securityGroupId", "endpoint-sg.id", "cidrIpv4", "10.9.0.0/16"),
		stack.Inputs(t, "endpoint-from-10.9.0.0/16"))
	assert.Equal(t, "2001:db8::/32", stack.Inputs(t, "endpoint-from-2001:db8::/32")["cidrIpv6"])
}

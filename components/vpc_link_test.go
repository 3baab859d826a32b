package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

// deployLink registers a public API in front of an HTTPS server behind a link
// and a peering, with a changed backend and route.
func deployLink(t *testing.T, change func(*HttpsBackend, *Route)) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		between, err := NewPeering(ctx, "between", &PeeringArgs{
			Requester: sideOf("vpc-1", subnetsOf("private", privates)),
			Accepter:  sideOf("vpc-2", nil, "10.103.0.0/16"),
		})
		if err != nil {
			return err
		}
		link, err := newLink(ctx)
		if err != nil {
			return err
		}
		backend := &HttpsBackend{
			Link:                link,
			HostName:            "backend.example.com",
			TimeoutMilliseconds: 29000,
			DependsOn:           []pulumi.Resource{between},
		}
		route := Route{Path: ProxyPath, HttpMethod: "ANY", Authorization: AuthorizationNone}
		change(backend, &route)
		_, err = NewRegionalRestApi(ctx, "api", &RegionalRestApiArgs{
			RoutesArgs: RoutesArgs{Routes: []ServedRoute{{Route: route, Backend: backend}}},
			Stage:      StageArgs{StageName: "prod", LoggingLevel: LoggingOff, LogRetentionDays: 30},
		})
		return err
	})
}

// newLink registers a link to one server in the VPC and one outside it.
func newLink(ctx *pulumi.Context) (*VpcLink, error) {
	addresses := []netip.Addr{netip.MustParseAddr("10.103.10.172"), netip.MustParseAddr("10.0.11.31")}
	vpc := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")}
	return NewVpcLink(ctx, "link", &VpcLinkArgs{
		VpcId:   pulumi.String("vpc-1"),
		Subnets: subnetsOf("private", privates),
		Targets: AddressTargets(addresses, 8443, vpc),
	})
}

func asItIs(*HttpsBackend, *Route) {}

func TestVpcLinkPassesTlsToItsTargets(t *testing.T) {
	stack := deployLink(t, asItIs)
	assert.Equal(t, map[string]any{"targetArn": "link-nlb.arn"}, stack.Inputs(t, "link-vpclink"))
	balancer := stack.Inputs(t, "link-nlb")
	assert.Equal(t, []any{true, "off"},
		pick(balancer, "internal", "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"),
		"no rule could admit the link's own addresses")
	listener := stack.Inputs(t, "link-listener")
	assert.Equal(t, []any{"TCP", 443.0}, pick(listener, "protocol", "port"),
		"API Gateway must see the server's certificate")
	assert.NotContains(t, listener, "certificateArn")
	assert.Equal(t, map[string]any{
		"securityGroupId": "link-sg.id", "cidrIpv4": "10.103.10.172/32",
		"ipProtocol": "tcp", "fromPort": 8443.0, "toPort": 8443.0,
	}, stack.Inputs(t, "link-to-10.103.10.172/32"), "on the targets' port")
}

func TestVpcLinkIsReplacedTogetherWithItsTargetGroup(t *testing.T) {
	stack := deployLink(t, asItIs)
	assert.False(t, stack.Request(t, "link-nlb").DeleteBeforeReplace, "the link holds its load balancer")
	assert.Equal(t, []string{"link-nlb"}, pulumitest.NamesOf(stack.Request(t, "link-tg").ReplaceWith),
		"AWS refuses a target group that another load balancer uses")
}

package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recordLink registers a public API in front of an HTTPS server behind a link
// and a peering.
func recordLink(t *testing.T, change func(*HttpsBackend, *Route)) *tape {
	return record(t, func(ctx *pulumi.Context) error {
		far := &Network{VpcId: pulumi.String("vpc-2"), CidrBlocks: []netip.Prefix{netip.MustParsePrefix("10.103.0.0/16")}}
		between, err := NewPeering(ctx, "between", &PeeringArgs{
			Requester: PeeringSide{Network: &Network{VpcId: pulumi.String("vpc-1")}, Subnets: subnetsOf("private", privates)}, Accepter: PeeringSide{Network: far},
		})
		if err != nil {
			return err
		}
		addresses := []netip.Addr{netip.MustParseAddr("10.103.10.172"), netip.MustParseAddr("10.0.11.31")}
		link, err := NewVpcLink(ctx, "link", &VpcLinkArgs{VpcId: pulumi.String("vpc-1"), Subnets: subnetsOf("private", privates), Targets: AddressTargets(addresses, 8443, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/16")})})
		if err != nil {
			return err
		}
		backend := &HttpsBackend{Link: link, HostName: "backend.example.com", TimeoutMilliseconds: 29000, DependsOn: []pulumi.Resource{between}}
		route := Route{Path: ProxyPath, HttpMethod: "ANY", Authorization: "NONE"}
		change(backend, &route)
		_, err = NewRegionalRestApi(ctx, "api", &RegionalRestApiArgs{Route: route, Backend: backend, Stage: StageArgs{StageName: "prod", LoggingLevel: "OFF", LogRetentionDays: 30}})
		return err
	})
}

func asItIs(*HttpsBackend, *Route) {}

func TestVpcLinkPassesTlsToItsTargets(t *testing.T) {
	tp := recordLink(t, asItIs)
	assert.Equal(t, map[string]any{"targetArn": "link-nlb.arn"}, tp.inputs(t, "link-vpclink"))
	balancer := tp.inputs(t, "link-nlb")
	assert.Equal(t, []any{true, "off"}, []any{balancer["internal"], balancer["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"]}, "no rule could admit the link's own addresses")
	listener := tp.inputs(t, "link-listener")
	assert.Equal(t, []any{"TCP", 443.0}, []any{listener["protocol"], listener["port"]}, "API Gateway is to see the server's certificate")
	assert.NotContains(t, listener, "certificateArn")
	assert.Equal(t, map[string]any{"targetGroupArn": "link-tg.arn", "targetId": "10.103.10.172", "port": 8443.0, "availabilityZone": "all"}, tp.inputs(t, "link-target-10.103.10.172"), "elsewhere AWS knows no zone")
	assert.NotContains(t, tp.inputs(t, "link-target-10.0.11.31"), "availabilityZone", "in the VPC AWS knows it")
	assert.Equal(t, map[string]any{"securityGroupId": "link-sg.id", "cidrIpv4": "10.103.10.172/32", "ipProtocol": "tcp", "fromPort": 8443.0, "toPort": 8443.0},
		tp.inputs(t, "link-to-10.103.10.172/32"), "on the targets' port")
}

// A link holds its load balancer, which is therefore replaced beside it; and AWS
// would refuse the successor's listener the target group of the other.
func TestTargetGroupIsReplacedWithItsLoadBalancer(t *testing.T) {
	tp := recordLink(t, asItIs)
	assert.False(t, tp.resources["link-nlb"].rpc.DeleteBeforeReplace)
	with := tp.resources["link-tg"].rpc.ReplaceWith
	require.Len(t, with, 1)
	assert.Regexp(t, "aws:lb/loadBalancer:LoadBalancer::link-nlb$", with[0])
}

func TestHttpsBackendIsCalledByTheNameInItsCertificate(t *testing.T) {
	tp := recordLink(t, asItIs)
	want := map[string]any{
		"restApi": "api-api.id", "resourceId": "api-resource.id", "httpMethod": "ANY", "type": "HTTP_PROXY", "integrationHttpMethod": "ANY",
		"connectionType": "VPC_LINK", "connectionId": "link-vpclink.id", "uri": "https://backend.example.com/{proxy}", "timeoutMilliseconds": 29000.0,
		"tlsConfig":         map[string]any{"insecureSkipVerification": false},
		"requestParameters": map[string]any{"integration.request.path.proxy": "method.request.path.proxy"},
	}
	assert.Equal(t, want, tp.inputs(t, "api-integration"))
	delete(want, "requestParameters")
	assert.Equal(t, merge(want, "resourceId", "api-api.rootResourceId", "uri", "https://backend.example.com/"), tp.inputs(t, "api-root-integration"), "the root has no path to pass on")

	one := recordLink(t, func(b *HttpsBackend, route *Route) { b.PrivateCa, route.Path = true, "status" })
	assert.Equal(t, map[string]any{"insecureSkipVerification": true}, one.inputs(t, "api-integration")["tlsConfig"])
	assert.Equal(t, "https://backend.example.com/status", one.inputs(t, "api-integration")["uri"])
	assert.NotContains(t, one.resources, "api-root-integration")
}

func TestDeploymentWaitsForTheWayToTheBackend(t *testing.T) {
	tp := recordLink(t, asItIs)
	assert.Subset(t, tp.waitsFor(t, "api-deployment"), []string{
		"between-us-east-1a-to-10.103.0.0/16", "between-us-east-1b-to-10.103.0.0/16", "link-vpclink", "link-listener", "link-target-10.103.10.172", "link-target-10.0.11.31", "link-to-10.103.10.172/32", "api-integration", "api-root-integration",
	}, "none of these but the integrations has an edge to the deployment otherwise, and the first requests would fail")
}

func TestDeploymentIsCutAnewWhenTheBackendChanges(t *testing.T) {
	trigger := func(change func(*HttpsBackend, *Route)) any {
		return recordLink(t, change).inputs(t, "api-deployment")["triggers"].(map[string]any)["route"]
	}
	before := trigger(asItIs)
	require.Equal(t, before, trigger(asItIs), "the same backend has the same hash")
	for why, change := range map[string]func(*HttpsBackend, *Route){
		"another link, which AWS would not delete": func(b *HttpsBackend, _ *Route) { b.Link = &VpcLink{Id: pulumi.String("other").ToStringOutput()} },
		"another name":     func(b *HttpsBackend, _ *Route) { b.HostName = "other.example.com" },
		"another time-out": func(b *HttpsBackend, _ *Route) { b.TimeoutMilliseconds = 5000 },
		"a private CA":     func(b *HttpsBackend, _ *Route) { b.PrivateCa = true },
		"another method":   func(_ *HttpsBackend, route *Route) { route.HttpMethod = "GET" },
	} {
		assert.NotEqual(t, before, trigger(change), why)
	}
	for _, urn := range recordLink(t, asItIs).resources["api-deployment"].rpc.PropertyDependencies["triggers"].GetUrns() {
		assert.NotRegexp(t, "Method|Integration", urn, "it would be deleted with them, under its stage")
	}
}

func newHttpsLoadBalancer(ctx *pulumi.Context) (*SimulatedHttpsBackend, error) {
	return NewSimulatedHttpsBackend(ctx, "far", &SimulatedHttpsBackendArgs{
		VpcId: pulumi.String("vpc-2"), Subnets: subnetsOf("far", publics), ServerName: "backend.example.com", InstanceType: "t4g.micro",
		Clients:        RangePeers(privates[:1]),
		CertificateArn: pulumi.String("certificate"),
		SslPolicy:      "policy",
	})
}

func TestHttpsLoadBalancer(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		balancer, err := newHttpsLoadBalancer(ctx)
		if err != nil {
			return err
		}
		targets := balancer.Targets
		assert.Equal(t, []any{TargetIp, 443, "us-east-1b", true}, []any{targets.Type, targets.Port, targets.List[1].Name, targets.List[1].OutsideVpc})
		assert.Equal(t, RangePeers(publics), targets.Peers, "AWS may give it any address of its subnets")
		ctx.Export("check", targets.List[1].Id.ToStringOutput().ApplyT(func(address string) string {
			assert.Equal(t, "address of eni-1 ELB far-alb.arnSuffix far-b", address, "one of its own, in its zone, however AWS lists them")
			return ""
		}))
		return nil
	})
	balancer := tp.inputs(t, "far-alb")
	assert.Equal(t, []any{"application", true, true}, []any{balancer["loadBalancerType"], balancer["internal"], balancer["dropInvalidHeaderFields"]})
	assert.Equal(t, []any{"far-a", "far-b"}, balancer["subnets"])
	assert.Equal(t, []any{"far-sg.id"}, balancer["securityGroups"])
	assert.Equal(t, map[string]any{
		"loadBalancerArn": "far-alb.arn", "protocol": "HTTPS", "port": 443.0, "certificateArn": "certificate", "sslPolicy": "policy",
		"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": "far-tg.arn"}},
	}, tp.inputs(t, "far-listener"))
	group := tp.inputs(t, "far-tg")
	assert.Equal(t, []any{"instance", "HTTPS", "vpc-2"}, []any{group["targetType"], group["protocol"], group["vpcId"]}, "encrypted up to the servers")
	assert.Equal(t, map[string]any{"protocol": "HTTPS", "port": "traffic-port", "path": "/"}, group["healthCheck"])
	assert.Equal(t, map[string]any{"targetGroupArn": "far-tg.arn", "targetId": "far-web-us-east-1b.id", "port": 443.0}, tp.inputs(t, "far-target-us-east-1b"))
	https := map[string]any{"ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0}
	assert.Equal(t, merge(https, "securityGroupId", "far-sg.id", "cidrIpv4", "10.0.10.0/24"), tp.inputs(t, "far-from-10.0.10.0/24"))
	assert.Equal(t, merge(https, "securityGroupId", "far-sg.id", "referencedSecurityGroupId", "far-web-sg.id"), tp.inputs(t, "far-to-servers"))
	assert.Equal(t, merge(https, "securityGroupId", "far-web-sg.id", "referencedSecurityGroupId", "far-sg.id"), tp.inputs(t, "far-web-from-alb"))
	assert.Len(t, tp.names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), 2, "nobody else")
}

// A preview must not fail because a subnet is new to the load balancer.
func TestNodeAddressIsUnknownUntilTheLoadBalancerIsThere(t *testing.T) {
	for _, preview := range []bool{true, false} {
		err := pulumi.RunErr(func(ctx *pulumi.Context) error {
			balancer, err := newHttpsLoadBalancer(ctx)
			if err != nil {
				return err
			}
			ctx.Export("check", balancer.Targets.List[0].Id.ToStringOutput().ApplyT(func(address string) string {
				t.Errorf("address %q of a load balancer without interfaces", address)
				return ""
			}))
			return nil
		}, pulumi.WithMocks("project", "stack", nowhere{&tape{resources: map[string]recorded{}}}), func(info *pulumi.RunInfo) { info.DryRun = preview })
		if preview {
			assert.NoError(t, err)
		} else {
			assert.ErrorContains(t, err, "no network interface in one of its subnets yet")
		}
	}
}

// nowhere is a tape of an account without network interfaces.
type nowhere struct{ *tape }

func (n nowhere) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	if args.Token == "aws:ec2/getNetworkInterfaces:getNetworkInterfaces" {
		return resource.PropertyMap{"ids": resource.NewProperty([]resource.PropertyValue{})}, nil
	}
	return n.tape.Call(args)
}

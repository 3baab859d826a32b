package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

// deployFront registers a load balancer in front of an endpoint, with changed
// arguments.
func deployFront(t *testing.T, change func(*EndpointFrontArgs)) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		args := &EndpointFrontArgs{
			LoadBalancer: NetworkLoadBalancerArgs{
				VpcId:           pulumi.String("vpc-1"),
				Clients:         RangePeers([]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}),
				AccessLogBucket: pulumi.String("bucket"),
			},
			Endpoint:       endpointStub(),
			CertificateArn: pulumi.String("certificate"),
			SslPolicy:      "policy",
		}
		change(args)
		_, err := NewEndpointFront(ctx, "front", args)
		return err
	})
}

// onTheInternet gives a front an Elastic IP in each zone.
func onTheInternet(args *EndpointFrontArgs) {
	subnets := subnetsOf("public", publics)
	args.LoadBalancer.DeletionProtection = true
	args.LoadBalancer.Nodes = []Node{
		{Subnet: subnets[0], AllocationId: pulumi.String("eipalloc-a")},
		{Subnet: subnets[1], AllocationId: pulumi.String("eipalloc-b")},
	}
}

// inAPeeredVpc makes a front internal, with fixed addresses of both families, in
// another VPC than the endpoint.
func inAPeeredVpc(args *EndpointFrontArgs) {
	subnets := subnetsOf("dualstack", privates)
	ipv6 := pulumi.String("2001:db8::a")
	args.Peered = true
	args.LoadBalancer.Internal, args.LoadBalancer.Dualstack = true, true
	args.LoadBalancer.Nodes = []Node{
		{Subnet: subnets[0], Ipv4: netip.MustParseAddr("10.9.0.10"), Ipv6: ipv6},
		{Subnet: subnets[1], Ipv4: netip.MustParseAddr("10.9.1.10"), Ipv6: ipv6},
	}
}

func TestEndpointFrontOnTheInternetHasItsElasticIps(t *testing.T) {
	stack := deployFront(t, onTheInternet)
	balancer := stack.Inputs(t, "front-nlb")
	assert.Equal(t, "network", balancer["loadBalancerType"], "the provider's default is application")
	assert.Equal(t, []any{false, "ipv4"}, pick(balancer, "internal", "ipAddressType"))
	assert.Equal(t, []any{
		map[string]any{"subnetId": "public-a", "allocationId": "eipalloc-a"},
		map[string]any{"subnetId": "public-b", "allocationId": "eipalloc-b"},
	}, balancer["subnetMappings"])
	assert.Equal(t, []any{"front-sg.id"}, balancer["securityGroups"], "they cannot be added later")
	assert.Equal(t, "on", balancer["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"])
	assert.Equal(t, map[string]any{"bucket": "bucket", "enabled": true}, balancer["accessLogs"],
		"a bucket alone enables nothing")
	request := stack.Request(t, "front-nlb")
	assert.True(t, request.DeleteBeforeReplace, "its Elastic IPs are in use until it is deleted")
	assert.True(t, request.GetProtect(), "otherwise the engine deletes its listener before AWS refuses")
	assert.Empty(t, stack.Request(t, "front-tg").ReplaceWith,
		"the target group stays, because the old load balancer is deleted first")
}

func TestEndpointFrontPassesOnlyFromItsClientsToTheEndpoint(t *testing.T) {
	stack := deployFront(t, onTheInternet)
	assert.Equal(t, httpsRule("securityGroupId", "front-sg.id", "cidrIpv4", "192.0.2.0/24"),
		stack.Inputs(t, "front-from-192.0.2.0/24"))
	assert.Equal(t, httpsRule("securityGroupId", "front-sg.id", "referencedSecurityGroupId", "sg-endpoint"),
		stack.Inputs(t, "front-to-endpoint"))
	assert.Equal(t, httpsRule("securityGroupId", "sg-endpoint", "referencedSecurityGroupId", "front-sg.id"),
		stack.Inputs(t, "front-endpoint-from-nlb"))
}

func TestLoadBalancerHearsThatAPacketIsTooBigForTheWayToItsClients(t *testing.T) {
	stack := deployFront(t, func(args *EndpointFrontArgs) {
		inAPeeredVpc(args)
		args.LoadBalancer.PathMtuDiscovery, args.LoadBalancer.Dualstack = true, true
	})
	assert.Equal(t, map[string]any{
		"securityGroupId": "front-sg.id", "ipProtocol": "icmp", "fromPort": 3.0, "toPort": 4.0, "cidrIpv4": "0.0.0.0/0",
	}, stack.Inputs(t, "front-icmp"), "type 3 code 4, from any router")
	assert.Equal(t, map[string]any{
		"securityGroupId": "front-sg.id", "ipProtocol": "icmpv6", "fromPort": 2.0, "toPort": 0.0, "cidrIpv6": "::/0",
	}, stack.Inputs(t, "front-icmpv6"), "type 2 code 0")

	ipv4 := deployFront(t, func(args *EndpointFrontArgs) {
		onTheInternet(args)
		args.LoadBalancer.PathMtuDiscovery = true
	})
	assert.NotContains(t, ipv4.Resources(), "front-icmpv6", "without IPv6 there are no such messages")
}

func TestLoadBalancerWithoutPathMtuDiscoveryAdmitsHttpsOnly(t *testing.T) {
	for name := range deployFront(t, onTheInternet).Resources() {
		assert.NotContains(t, name, "icmp")
	}
}

func TestEndpointFrontOpensTlsAgainToTheEndpoint(t *testing.T) {
	stack := deployFront(t, onTheInternet)
	targets := stack.Inputs(t, "front-tg")
	assert.Equal(t, []any{"ip", "TLS", 443.0, "false", false},
		pick(targets, "targetType", "protocol", "port", "preserveClientIp", "proxyProtocolV2"))
	assert.Equal(t, map[string]any{"protocol": "TCP", "port": "traffic-port"}, targets["healthCheck"])
	assert.Equal(t, map[string]any{"targetGroupArn": "front-tg.arn", "targetId": "10.0.11.31", "port": 443.0},
		stack.Inputs(t, "front-target-us-east-1b"), "in the VPC, AWS knows the zone")
	assert.Len(t, stack.Names("aws:lb/targetGroupAttachment:TargetGroupAttachment"), 2)
	assert.Equal(t, map[string]any{
		"loadBalancerArn": "front-nlb.arn", "protocol": "TLS", "port": 443.0,
		"certificateArn": "certificate", "sslPolicy": "policy", "alpnPolicy": "None",
		"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": "front-tg.arn"}},
	}, stack.Inputs(t, "front-listener"))
}

func TestEndpointFrontListensOnlyOnceTheEndpointIsReady(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		policy, err := NewEndpointPolicy(ctx, "endpoint", &EndpointPolicyArgs{
			Environment: environment, EndpointId: pulumi.String("vpce-1"),
		})
		if err != nil {
			return err
		}
		args := &EndpointFrontArgs{
			LoadBalancer:   NetworkLoadBalancerArgs{VpcId: pulumi.String("vpc-1")},
			Endpoint:       endpointStub(),
			CertificateArn: pulumi.String("certificate"),
			DependsOn:      []pulumi.Resource{policy},
		}
		onTheInternet(args)
		_, err = NewEndpointFront(ctx, "front", args)
		return err
	})
	assert.Contains(t, stack.Dependencies(t, "front-listener"), "endpoint-policy",
		"otherwise the first clients could call any private API")
}

func TestEndpointFrontInAPeeredVpcNamesAddresses(t *testing.T) {
	stack := deployFront(t, inAPeeredVpc)
	balancer := stack.Inputs(t, "front-nlb")
	assert.Equal(t, []any{true, "dualstack"}, pick(balancer, "internal", "ipAddressType"))
	assert.Equal(t, map[string]any{
		"subnetId": "dualstack-a", "privateIpv4Address": "10.9.0.10", "ipv6Address": "2001:db8::a",
	}, balancer["subnetMappings"].([]any)[0])
	assert.True(t, stack.Request(t, "front-nlb").DeleteBeforeReplace, "its addresses are in use until it is deleted")
	assert.Equal(t, "all", stack.Inputs(t, "front-target-us-east-1b")["availabilityZone"],
		"AWS knows no zone of an address in another VPC")
	assert.Equal(t, []string{"front-to-10.0.10.19/32", "front-to-10.0.11.31/32"}, stack.Names(egressRule),
		"a rule cannot name a group of another VPC")
	ingress := stack.Inputs(t, "front-endpoint-from-10.9.1.10/32")
	assert.Equal(t, []any{"sg-endpoint", "10.9.1.10/32"}, pick(ingress, "securityGroupId", "cidrIpv4"))
}

func TestEndpointFrontChoosesTheCertificatesOfFurtherNamesBySni(t *testing.T) {
	stack := deployFront(t, func(args *EndpointFrontArgs) {
		onTheInternet(args)
		args.FurtherCertificateArns = []string{"arn:aws:acm:us-east-1:123456789012:certificate/a1"}
	})
	assert.Equal(t, map[string]any{
		"listenerArn": "front-listener.arn", "certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/a1",
	}, stack.Inputs(t, "front-certificate-a1"))
}

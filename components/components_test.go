package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	zones    = []string{"us-east-1a", "us-east-1b"}
	publics  = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("10.0.1.0/24")}
	privates = []netip.Prefix{netip.MustParsePrefix("10.0.10.0/24"), netip.MustParsePrefix("10.0.11.0/24")}
	pinned   = []netip.Addr{netip.MustParseAddr("10.0.10.19"), netip.MustParseAddr("10.0.11.31")}
)

func subnetsOf(prefix string, ranges []netip.Prefix) []Subnet {
	return []Subnet{
		{Id: pulumi.String(prefix + "-a"), CidrBlock: ranges[0], AvailabilityZone: zones[0]},
		{Id: pulumi.String(prefix + "-b"), CidrBlock: ranges[1], AvailabilityZone: zones[1]},
	}
}

func TestVpcHasTheRangesItWasGivenAndBothDnsAttributes(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		vpc, err := NewVpc(ctx, "net", &VpcArgs{CidrBlock: netip.MustParsePrefix("10.0.0.0/16"), AvailabilityZones: zones, PublicSubnets: publics, PrivateSubnets: privates, NatGateways: "None"})
		if err != nil {
			return err
		}
		assert.Equal(t, privates[1], vpc.Network.Private[1].CidrBlock)
		assert.Equal(t, "us-east-1b", vpc.Network.Public[1].AvailabilityZone)
		ctx.Export("check", pulumi.All(vpc.Network.Public[0].Id, vpc.Network.Private[1].Id).ApplyT(func(ids []any) string {
			assert.Equal(t, []any{"public-a", "private-b"}, ids)
			return ""
		}))
		return nil
	})
	inputs := tp.inputs(t, "net-vpc")
	assert.Equal(t, "10.0.0.0/16", inputs["cidrBlock"])
	assert.Equal(t, []any{"us-east-1a", "us-east-1b"}, inputs["availabilityZoneNames"])
	assert.Equal(t, true, inputs["enableDnsHostnames"])
	assert.Equal(t, true, inputs["enableDnsSupport"])
	assert.Equal(t, map[string]any{"strategy": "None"}, inputs["natGateways"])
	assert.Equal(t, "Auto", inputs["subnetStrategy"], "under the default, awsx disregards the ranges")
	assert.Equal(t, []any{
		map[string]any{"type": "Public", "cidrBlocks": []any{"10.0.0.0/24", "10.0.1.0/24"}},
		map[string]any{"type": "Private", "cidrBlocks": []any{"10.0.10.0/24", "10.0.11.0/24"}},
	}, inputs["subnetSpecs"])
}

func newEndpoint(ctx *pulumi.Context) (*ExecuteApiEndpoint, error) {
	return NewExecuteApiEndpoint(ctx, "endpoint", &ExecuteApiEndpointArgs{
		VpcId: pulumi.String("vpc-1"), ServiceName: "com.amazonaws.us-east-1.execute-api",
		Subnets: subnetsOf("private", privates), Addresses: pinned,
		PrivateDnsEnabled: true, ClientCidrs: []netip.Prefix{netip.MustParsePrefix("10.9.0.0/16"), netip.MustParsePrefix("2001:db8::/32")},
	})
}

func TestExecuteApiEndpoint(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		endpoint, err := newEndpoint(ctx)
		if err != nil {
			return err
		}
		ctx.Export("check", pulumi.All(endpoint.DnsName, endpoint.HostedZoneId, endpoint.EndpointId).ApplyT(func(got []any) string {
			assert.Equal(t, []any{"vpce-0a1b-c2d3.execute-api.us-east-1.vpce.amazonaws.com", "REGIONAL", "endpoint-vpce.id"}, got, "not a zonal name, wherever it stands in the list")
			return ""
		}))
		return nil
	})
	inputs := tp.inputs(t, "endpoint-vpce")
	assert.Equal(t, "Interface", inputs["vpcEndpointType"], "the provider's default is Gateway")
	assert.Equal(t, true, inputs["privateDnsEnabled"])
	assert.Equal(t, []any{"private-a", "private-b"}, inputs["subnetIds"])
	assert.Equal(t, []any{
		map[string]any{"subnetId": "private-a", "ipv4": "10.0.10.19"},
		map[string]any{"subnetId": "private-b", "ipv4": "10.0.11.31"},
	}, inputs["subnetConfigurations"])
	assert.Equal(t, []any{"endpoint-sg.id"}, inputs["securityGroupIds"])
	assert.True(t, tp.resources["endpoint-vpce"].rpc.DeleteBeforeReplace, "its addresses are taken until it is gone")
	assert.Equal(t, []string{"endpoint-from-10.9.0.0/16", "endpoint-from-2001:db8::/32"}, tp.names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"))
	assert.Equal(t, map[string]any{
		"securityGroupId": "endpoint-sg.id", "cidrIpv4": "10.9.0.0/16", "ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0,
	}, tp.inputs(t, "endpoint-from-10.9.0.0/16"))
	assert.Equal(t, "2001:db8::/32", tp.inputs(t, "endpoint-from-2001:db8::/32")["cidrIpv6"])
}

func TestRegionalDnsEntryIsRefusedWhereThereIsNone(t *testing.T) {
	zonal := "vpce-0a1b-c2d3-us-east-1a.execute-api.us-east-1.vpce.amazonaws.com"
	_, err := pickRegional([]ec2.VpcEndpointDnsEntry{{DnsName: &zonal, HostedZoneId: &zonal}, {}})
	assert.ErrorContains(t, err, "no regional name among its 2 DNS entries")
}

func TestStaticAddressesAreProtectedAndNamedAfterTheirZone(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		_, err := NewStaticAddresses(ctx, "addresses", &StaticAddressesArgs{AvailabilityZones: zones})
		return err
	})
	assert.Equal(t, []string{"addresses-us-east-1a", "addresses-us-east-1b"}, tp.names("aws:ec2/eip:Eip"))
	for _, name := range tp.names("aws:ec2/eip:Eip") {
		assert.True(t, tp.resources[name].rpc.GetProtect(), name)
		assert.Equal(t, "vpc", tp.inputs(t, name)["domain"])
	}
}

// newFront registers a load balancer in front of an endpoint, after a change to
// its arguments.
func newFront(t *testing.T, change func(*EndpointFrontArgs)) *tape {
	return record(t, func(ctx *pulumi.Context) error {
		args := &EndpointFrontArgs{
			LoadBalancer: NetworkLoadBalancerArgs{
				VpcId: pulumi.String("vpc-1"), Clients: RangePeers([]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}),
				AccessLogBucket: pulumi.String("bucket"),
			},
			Endpoint:       &ExecuteApiEndpoint{SecurityGroupId: pulumi.String("sg-endpoint").ToStringOutput(), Addresses: pinned, AvailabilityZones: zones},
			CertificateArn: pulumi.String("certificate"), SslPolicy: "policy",
		}
		change(args)
		_, err := NewEndpointFront(ctx, "front", args)
		return err
	})
}

func TestTlsFrontOnTheInternet(t *testing.T) {
	tp := newFront(t, func(args *EndpointFrontArgs) {
		args.LoadBalancer.DeletionProtection = true
		for i, subnet := range subnetsOf("public", publics) {
			args.LoadBalancer.Nodes = append(args.LoadBalancer.Nodes, Node{Subnet: subnet, AllocationId: pulumi.String([]string{"eipalloc-a", "eipalloc-b"}[i])})
		}
	})
	balancer := tp.inputs(t, "front-nlb")
	assert.Equal(t, "network", balancer["loadBalancerType"], "the provider's default is application")
	assert.Equal(t, []any{false, "ipv4"}, []any{balancer["internal"], balancer["ipAddressType"]})
	assert.Equal(t, []any{
		map[string]any{"subnetId": "public-a", "allocationId": "eipalloc-a"},
		map[string]any{"subnetId": "public-b", "allocationId": "eipalloc-b"},
	}, balancer["subnetMappings"])
	assert.Equal(t, []any{"front-sg.id"}, balancer["securityGroups"], "they cannot be added later")
	assert.Equal(t, "on", balancer["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"])
	assert.Equal(t, map[string]any{"bucket": "bucket", "enabled": true}, balancer["accessLogs"], "a bucket alone enables nothing")
	assert.True(t, tp.resources["front-nlb"].rpc.DeleteBeforeReplace, "its Elastic IPs are taken until it is gone")
	assert.True(t, tp.resources["front-nlb"].rpc.GetProtect(), "else the engine deletes its listener before AWS refuses")

	https := map[string]any{"ipProtocol": "tcp", "fromPort": 443.0, "toPort": 443.0}
	assert.Equal(t, merge(https, "securityGroupId", "front-sg.id", "cidrIpv4", "192.0.2.0/24"), tp.inputs(t, "front-from-192.0.2.0/24"))
	assert.Equal(t, merge(https, "securityGroupId", "front-sg.id", "referencedSecurityGroupId", "sg-endpoint"), tp.inputs(t, "front-to-endpoint"))
	assert.Equal(t, merge(https, "securityGroupId", "sg-endpoint", "referencedSecurityGroupId", "front-sg.id"), tp.inputs(t, "front-endpoint-from-nlb"))

	assert.Empty(t, tp.resources["front-tg"].rpc.ReplaceWith, "the targets stay: the old load balancer goes first")
	targets := tp.inputs(t, "front-tg")
	assert.Equal(t, []any{"ip", "TLS", 443.0, "false", false}, []any{targets["targetType"], targets["protocol"], targets["port"], targets["preserveClientIp"], targets["proxyProtocolV2"]})
	assert.Equal(t, map[string]any{"protocol": "TCP", "port": "traffic-port"}, targets["healthCheck"])
	assert.Equal(t, map[string]any{"targetGroupArn": "front-tg.arn", "targetId": "10.0.11.31", "port": 443.0}, tp.inputs(t, "front-target-us-east-1b"), "in the VPC AWS knows the zone")
	assert.Len(t, tp.names("aws:lb/targetGroupAttachment:TargetGroupAttachment"), 2)

	assert.Equal(t, map[string]any{
		"loadBalancerArn": "front-nlb.arn", "protocol": "TLS", "port": 443.0, "certificateArn": "certificate", "sslPolicy": "policy", "alpnPolicy": "None",
		"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": "front-tg.arn"}},
	}, tp.inputs(t, "front-listener"))
}

func TestTlsFrontOfAPeeredVpc(t *testing.T) {
	tp := newFront(t, func(args *EndpointFrontArgs) {
		args.Peered = true
		args.LoadBalancer.Internal, args.LoadBalancer.Dualstack = true, true
		for i, subnet := range subnetsOf("dualstack", privates) {
			args.LoadBalancer.Nodes = append(args.LoadBalancer.Nodes, Node{Subnet: subnet, Ipv4: netip.MustParseAddr([]string{"10.9.0.10", "10.9.1.10"}[i]), Ipv6: pulumi.String("2001:db8::a")})
		}
	})
	balancer := tp.inputs(t, "front-nlb")
	assert.Equal(t, []any{true, "dualstack"}, []any{balancer["internal"], balancer["ipAddressType"]})
	assert.Equal(t, map[string]any{"subnetId": "dualstack-a", "privateIpv4Address": "10.9.0.10", "ipv6Address": "2001:db8::a"}, balancer["subnetMappings"].([]any)[0])
	assert.True(t, tp.resources["front-nlb"].rpc.DeleteBeforeReplace, "its addresses are taken until it is gone")
	assert.Equal(t, "all", tp.inputs(t, "front-target-us-east-1b")["availabilityZone"], "AWS knows no zone of an address elsewhere")
	assert.Equal(t, []string{"front-to-10.0.10.19/32", "front-to-10.0.11.31/32"}, tp.names("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"), "no group of another VPC")
	assert.Equal(t, "sg-endpoint", tp.inputs(t, "front-endpoint-from-10.9.1.10/32")["securityGroupId"])
	assert.Equal(t, "10.9.1.10/32", tp.inputs(t, "front-endpoint-from-10.9.1.10/32")["cidrIpv4"])
}

// A load balancer that PrivateLink holds cannot be deleted before its successor
// is there, and its connections come from addresses that no rule can name.
func TestLoadBalancerBehindPrivateLink(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		nodes := []Node{}
		for _, subnet := range subnetsOf("private", privates) {
			nodes = append(nodes, Node{Subnet: subnet})
		}
		balancer, err := NewNetworkLoadBalancer(ctx, "link", &NetworkLoadBalancerArgs{VpcId: pulumi.String("vpc-1"), Nodes: nodes, Internal: true, PrivateLink: true})
		if err != nil {
			return err
		}
		_, err = NewListener(ctx, "link", &ListenerArgs{LoadBalancer: balancer, Targets: Targets{
			Type: "instance", Port: 8443, ProxyProtocol: true, List: []Target{{Name: "web", Id: pulumi.String("i-1")}}, Peers: RangePeers(privates[:1]),
		}})
		return err
	})
	assert.False(t, tp.resources["link-nlb"].rpc.DeleteBeforeReplace)
	assert.Equal(t, []string{"link-nlb"}, namesOf(tp.resources["link-tg"].rpc.ReplaceWith), "a target group cannot be behind both for a while")
	egress := tp.inputs(t, "link-to-10.0.10.0/24")
	assert.Equal(t, []any{8443.0, 8443.0}, []any{egress["fromPort"], egress["toPort"]}, "where the targets are")
	balancer := tp.inputs(t, "link-nlb")
	assert.Equal(t, "off", balancer["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"])
	assert.NotContains(t, balancer, "accessLogs")
	targets := tp.inputs(t, "link-tg")
	assert.Equal(t, []any{"instance", "TCP", 8443.0, "false", true}, []any{targets["targetType"], targets["protocol"], targets["port"], targets["preserveClientIp"], targets["proxyProtocolV2"]})
	assert.NotContains(t, targets, "ipAddressType", "AWS takes it for addresses only")
	assert.Equal(t, map[string]any{"targetGroupArn": "link-tg.arn", "targetId": "i-1", "port": 8443.0}, tp.inputs(t, "link-target-web"))
	listener := tp.inputs(t, "link-listener")
	assert.Equal(t, "TCP", listener["protocol"])
	assert.NotContains(t, listener, "alpnPolicy", "AWS takes it for TLS only")
	assert.NotContains(t, listener, "sslPolicy")
}

func TestAccessLogBucketIsNamedOnlyWhenDeliveryMayWrite(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		bucket, err := NewAccessLogBucket(ctx, "logs", &AccessLogBucketArgs{Environment: Environment{Region: "us-east-1", AccountId: "123456789012", Partition: "aws"}, RetentionDays: 90})
		if err != nil {
			return err
		}
		_, err = ec2.NewVpc(ctx, "user-of-the-name", &ec2.VpcArgs{CidrBlock: bucket.Name}, pulumi.Parent(bucket))
		return err
	})
	assert.Contains(t, tp.waitsFor(t, "user-of-the-name"), "logs-delivery", "a load balancer must not be created before")
	assert.Contains(t, tp.waitsFor(t, "logs-delivery"), "logs-private", "S3 refuses two such changes at a time")
	assert.Contains(t, tp.inputs(t, "logs-delivery")["policy"], `"Resource":"logs-bucket.arn/AWSLogs/123456789012/*"`)
	assert.Equal(t, map[string]any{
		"bucket": "logs-bucket.id", "blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true,
	}, tp.inputs(t, "logs-private"))
	rules := tp.inputs(t, "logs-lifecycle")["rules"].([]any)
	require.Len(t, rules, 1)
	assert.Equal(t, map[string]any{"days": 90.0}, rules[0].(map[string]any)["expiration"])
}

func TestCertificateIsUsedOnlyWhenIssued(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		certificate, err := NewCertificate(ctx, "tls", &CertificateArgs{DomainName: "api.example.com", PublicZoneId: "Z1"})
		if err != nil {
			return err
		}
		_, err = ec2.NewVpc(ctx, "user-of-the-arn", &ec2.VpcArgs{CidrBlock: certificate.Arn}, pulumi.Parent(certificate))
		return err
	})
	assert.Contains(t, tp.waitsFor(t, "user-of-the-arn"), "tls-issued")
	assert.Equal(t, map[string]any{
		"zoneId": "Z1", "name": "_x.api.example.com.", "type": "CNAME", "records": []any{"_y.acm-validations.aws."}, "ttl": 300.0,
	}, tp.inputs(t, "tls-validation"))
	assert.Equal(t, map[string]any{"certificateArn": "tls-certificate.arn", "validationRecordFqdns": []any{"tls-validation.fqdn"}}, tp.inputs(t, "tls-issued"))
	assert.Equal(t, "DNS", tp.inputs(t, "tls-certificate")["validationMethod"])
}

func TestCustomDomains(t *testing.T) {
	args := &CustomDomainArgs{Environment: Environment{Region: "us-east-1", AccountId: "123456789012", Partition: "aws"}, DomainName: "api.example.com", CertificateArn: pulumi.String("certificate"), RestApiId: pulumi.String("api"), StageName: pulumi.String("prod")}
	t.Run("regional", func(t *testing.T) {
		tp := record(t, func(ctx *pulumi.Context) error {
			_, err := NewRegionalDomain(ctx, "domain", args)
			return err
		})
		assert.Equal(t, map[string]any{
			"domainName": "api.example.com", "regionalCertificateArn": "certificate", "securityPolicy": "TLS_1_2", "endpointConfiguration": map[string]any{"types": "REGIONAL"},
		}, tp.inputs(t, "domain-domain"))
		assert.Equal(t, map[string]any{"domainName": "api.example.com", "restApi": "api", "stageName": "prod"}, tp.inputs(t, "domain-mapping"))
	})
	t.Run("private", func(t *testing.T) {
		tp := record(t, func(ctx *pulumi.Context) error {
			_, err := NewPrivateDomain(ctx, "domain", args, pulumi.String("vpce-1"))
			return err
		})
		domain := tp.inputs(t, "domain-domain")
		assert.Equal(t, "certificate", domain["certificateArn"], "a private domain's certificate has another key")
		assert.NotContains(t, domain, "regionalCertificateArn")
		assert.Contains(t, domain["policy"], `"aws:SourceVpce":"vpce-1"`, "without a policy AWS denies everything")
		assert.Equal(t, "domain-domain.domainNameId", tp.inputs(t, "domain-mapping")["domainNameId"])
		assert.Equal(t, map[string]any{
			"accessAssociationSource": "vpce-1", "accessAssociationSourceType": "VPCE", "domainNameArn": "domain-domain.arn",
		}, tp.inputs(t, "domain-association"))
	})
}

func TestSplitHorizonAnswersTheSameNameInTwoZones(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		domain, err := NewRegionalDomain(ctx, "domain", &CustomDomainArgs{DomainName: "api.example.com", CertificateArn: pulumi.String("certificate"), RestApiId: pulumi.String("api"), StageName: pulumi.String("prod")})
		if err != nil {
			return err
		}
		dns := func(name string) AliasTarget {
			return AliasTarget{DnsName: pulumi.String(name), HostedZoneId: pulumi.String("zone of " + name)}
		}
		_, err = NewSplitHorizon(ctx, "dns", &SplitHorizonArgs{
			DomainName: "api.example.com", PublicZoneId: "ZPUBLIC", VpcId: pulumi.String("vpc-1"),
			Public: dns("nlb"), Private: dns("endpoint"), DependsOn: []pulumi.Resource{domain},
		})
		return err
	})
	assert.Equal(t, "api.example.com", tp.inputs(t, "dns-inside-zone")["name"], "a parent zone would hide its siblings")
	assert.Equal(t, []any{map[string]any{"vpcId": "vpc-1"}}, tp.inputs(t, "dns-inside-zone")["vpcs"])
	for name, want := range map[string]struct{ zone, target string }{"dns-inside-a": {"dns-inside-zone.zoneId", "endpoint"}, "dns-outside": {"ZPUBLIC", "nlb"}} {
		assert.Equal(t, map[string]any{
			"zoneId": want.zone, "name": "api.example.com", "type": "A",
			"aliases": []any{map[string]any{"name": want.target, "zoneId": "zone of " + want.target, "evaluateTargetHealth": true}},
		}, tp.inputs(t, name))
		assert.Subset(t, tp.waitsFor(t, name), []string{"domain-domain", "domain-mapping"}, "what the name leads to is there first")
	}
}

// AWS could else give the function an address that the endpoint is to have.
func TestFunctionTakesAddressesAfterWhatHasFixedOnes(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		endpoint, err := newEndpoint(ctx)
		if err != nil {
			return err
		}
		_, err = NewFunction(ctx, "hello", &FunctionArgs{
			Partition: "aws", Archive: "hello.zip", MemorySize: 128, TimeoutSeconds: 10, LogRetentionDays: 30,
			Network: &FunctionNetwork{Subnets: subnetsOf("private", privates), SecurityGroupId: pulumi.String("sg-1"), Ipv6: true, DependsOn: []pulumi.Resource{endpoint}},
		})
		return err
	})
	assert.Subset(t, tp.waitsFor(t, "hello-function"), []string{"endpoint-vpce", "hello-policy"})
	assert.Equal(t, map[string]any{"subnetIds": []any{"private-a", "private-b"}, "securityGroupIds": []any{"sg-1"}, "ipv6AllowedForDualStack": true},
		tp.inputs(t, "hello-function")["vpcConfig"])
	assert.Equal(t, "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole", tp.inputs(t, "hello-policy")["policyArn"], "else Lambda cannot make its interfaces")
}

func TestPrivateAliasHasARecordForEachFamily(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		_, err := NewPrivateAlias(ctx, "dns", &PrivateAliasArgs{
			DomainName: "api.example.com", VpcId: pulumi.String("vpc-1"), RecordTypes: []RecordType{RecordA, RecordAaaa},
			Target: AliasTarget{DnsName: pulumi.String("nlb"), HostedZoneId: pulumi.String("Z1")},
		})
		return err
	})
	assert.Equal(t, []string{"dns-a", "dns-aaaa"}, tp.names("aws:route53/record:Record"))
	assert.Equal(t, "AAAA", tp.inputs(t, "dns-aaaa")["type"], "the resolver asks public DNS for no type of a name in a private zone")
}

// Both ways are routed, and a table that two subnets share gets one route.
func TestPeeringRoutesBothWays(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		shared := subnetsOf("one", privates)
		for i := range shared {
			shared[i].RouteTableId = pulumi.String("rtb-1")
		}
		side := func(vpc string, subnets []Subnet, ranges ...string) PeeringSide {
			network := &Network{VpcId: pulumi.String(vpc)}
			for _, text := range ranges {
				network.CidrBlocks = append(network.CidrBlocks, netip.MustParsePrefix(text))
			}
			return PeeringSide{Network: network, Subnets: subnets}
		}
		_, err := NewPeering(ctx, "join", &PeeringArgs{
			Requester: side("vpc-1", shared, "10.0.0.0/16"),
			Accepter:  side("vpc-2", subnetsOf("other", publics), "10.1.0.0/16", "10.2.0.0/16"),
		})
		return err
	})
	assert.Equal(t, map[string]any{"vpcId": "vpc-1", "peerVpcId": "vpc-2", "autoAccept": true}, tp.inputs(t, "join-peering"))
	assert.Equal(t, []string{
		"join-rtb-1-to-10.1.0.0/16", "join-rtb-1-to-10.2.0.0/16",
		"join-us-east-1a-to-10.0.0.0/16", "join-us-east-1b-to-10.0.0.0/16",
	}, tp.names("aws:ec2/route:Route"))
	assert.Equal(t, map[string]any{"routeTableId": "rtb-1", "destinationCidrBlock": "10.2.0.0/16", "vpcPeeringConnectionId": "join-peering.id"}, tp.inputs(t, "join-rtb-1-to-10.2.0.0/16"))
	assert.Equal(t, "table of other-b", tp.inputs(t, "join-us-east-1b-to-10.0.0.0/16")["routeTableId"], "awsx tells of no table which subnet it is for")
}

// A child of a component makes itself known to it in a goroutine of its own, so
// that who waits for the component may wait for less than all of it.
func TestComponentsTellTheirPartsAtOnce(t *testing.T) {
	record(t, func(ctx *pulumi.Context) error {
		front, err := NewEndpointFront(ctx, "front", &EndpointFrontArgs{
			LoadBalancer: NetworkLoadBalancerArgs{VpcId: pulumi.String("vpc-1")}, CertificateArn: pulumi.String("certificate"), SslPolicy: "policy",
			Endpoint: &ExecuteApiEndpoint{SecurityGroupId: pulumi.String("sg-endpoint").ToStringOutput(), Addresses: pinned, AvailabilityZones: zones},
		})
		if err != nil {
			return err
		}
		assert.Len(t, front.trackedChildren(), 8, "those of the components in it too: a group, a load balancer, a target group with two targets, a listener, and a rule each way")
		return nil
	})
}

func merge(base map[string]any, pairs ...string) map[string]any {
	merged := map[string]any{}
	for key, value := range base {
		merged[key] = value
	}
	for i := 0; i < len(pairs); i += 2 {
		merged[pairs[i]] = pairs[i+1]
	}
	return merged
}

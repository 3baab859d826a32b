package blueprints

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// goodIpv6 is a configuration without problems: one VPC.
func goodIpv6(t *testing.T) map[string]string {
	config := good(t)
	delete(config, "blueprint:front")
	maps.Copy(config, map[string]string{
		"blueprint:name":   "ipv6-front",
		"blueprint:domain": `{"name":"ipv6.example.com","certificateArn":"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}`,
	})
	return config
}

const (
	newVpc        = `{"create":{"cidrBlock":"10.2.0.0/16","availabilityZones":["us-east-1a","us-east-1b"]}}`
	existingIpv6  = `"vpcId":"vpc-00000000000000001","dualstackSubnetIds":["subnet-0000000000000021b","subnet-0000000000000021a"]`
	existingFront = `{"existing":{` + existingIpv6 + `}}`
	existingBoth  = `{"existing":{` + existingIpv6 + `,"privateSubnetIds":["subnet-0000000000000011a","subnet-0000000000000011b"]}}`
)

func TestIpv6FrontRefuses(t *testing.T) {
	inExisting := func(t *testing.T) map[string]string {
		config := goodIpv6(t)
		maps.Copy(config, map[string]string{
			"blueprint:network": existingBoth, "blueprint:endpoint": `{"ipv4Addresses":["10.1.10.19","10.1.11.31"]}`,
			"blueprint:front": `{"ipv4Addresses":["10.1.20.10","10.1.21.10"]}`,
		})
		return config
	}
	withClient := func(t *testing.T) map[string]string {
		config := goodIpv6(t)
		config["blueprint:client"] = `{"create":true,"archive":"function_settings.go"}`
		return config
	}
	inTwo := func(t *testing.T) map[string]string {
		config := goodIpv6(t)
		config["blueprint:frontNetwork"] = newVpc
		return config
	}
	assertRefuses(t, withClient, []refusal{
		{"a front network that overlaps the endpoint's", "blueprint:frontNetwork", `{"create":{"cidrBlock":"10.0.128.0/17","availabilityZones":["us-east-1a","us-east-1b"]}}`,
			"blueprint:frontNetwork: its VPC's range 10.0.128.0/17 overlaps 10.0.0.0/16 of blueprint:network; want VPCs that share no address"},
		{"a front network of nothing", "blueprint:frontNetwork", `{}`, "blueprint:frontNetwork: required: create (a new VPC) or existing"},
		{"a front network without dualstack subnets", "blueprint:frontNetwork", `{"existing":{"vpcId":"vpc-00000000000000001"}}`, "blueprint:frontNetwork.existing.dualstackSubnetIds = []: want the ids of two subnets"},
		{"subnets without IPv6", "blueprint:frontNetwork", `{"existing":{"vpcId":"vpc-00000000000000001","dualstackSubnetIds":["subnet-0000000000000011a","subnet-0000000000000011b"]}}`,
			`blueprint:frontNetwork.existing.dualstackSubnetIds[1] = "subnet-0000000000000011b": has no IPv6 range; want a dualstack subnet`},
		{"two of three lists of ranges", "blueprint:network", `{"create":{"cidrBlock":"10.0.0.0/16","availabilityZones":["us-east-1a","us-east-1b"],"publicSubnets":["10.0.0.0/24","10.0.1.0/24"],"privateSubnets":["10.0.2.0/24","10.0.3.0/24"]}}`,
			"want ranges for privateSubnets and publicSubnets and dualstackSubnets, or for none of them"},
		{"a VPC too small for three tiers", "blueprint:network", `{"create":{"cidrBlock":"10.0.0.0/26","availabilityZones":["us-east-1a","us-east-1b"]}}`, "10.0.0.0/26 cannot hold 6 subnets of at least /28"},
		{"a client range with host bits", "blueprint:front", `{"allowedCidrs":["2001:db8::1/64"]}`, "blueprint:front.allowedCidrs[0] = 2001:db8::1/64: want a range without host bits, such as 2001:db8::/64"},
		{"IPv6 addresses that nobody knows yet", "blueprint:front", `{"ipv6Addresses":["2001:db8::a","2001:db8::b"]}`, "blueprint:front.ipv6Addresses = [2001:db8::a 2001:db8::b]: want none with a new network"},
		{"a load balancer's address outside its subnet", "blueprint:front", `{"ipv4Addresses":["10.0.0.10","10.0.160.10"]}`, "blueprint:front.ipv4Addresses[0] = 10.0.0.10: want an address inside the subnet's range 10.0.128.0/19 (the dualstack subnet in us-east-1a)"},
		{"TLS that is too old", "blueprint:front", `{"sslPolicy":"ELBSecurityPolicy-2016-08"}`, "want an NLB security policy of TLS 1.2 or later"},
		{"a certificate to create without a zone", "blueprint:domain", `{"name":"ipv6.example.com","createCertificate":true}`, "blueprint:domain.publicZoneId: required"},
		{"no certificate", "blueprint:domain", `{"name":"ipv6.example.com"}`, "blueprint:domain.certificateArn: required"},
		{"a kind of custom domain, of which it has none", "blueprint:domain", `{"endpointType":"regional"}`, "blueprint:domain.endpointType: unknown key"},
		{"a client without its archive", "blueprint:client", `{"create":true,"archive":"nothing.zip"}`, `blueprint:client.archive = "nothing.zip": there is no such file`},
		{"a client that the API would turn away", "blueprint:api", `{"authorization":"AWS_IAM","cloudwatchRole":"create"}`, "blueprint:client.create = true: want it with api.authorization NONE and api.httpMethod GET or ANY"},
		{"a client that sends another method", "blueprint:api", `{"authorization":"NONE","httpMethod":"POST","cloudwatchRole":"create"}`, "blueprint:client.create = true: want it with"},
		{"no authorization", "blueprint:api", `{"cloudwatchRole":"create"}`, "blueprint:api.authorization: required"},
		{"an IPv4 range written as IPv6", "blueprint:front", `{"allowedCidrs":["::ffff:10.0.0.0/104"]}`, "want an IPv4 range as such"},
		{"a new network that is peered already", "blueprint:peered", `true`, "blueprint:peered = true: want it only where network and frontNetwork both exist"},
	})
	t.Run("two networks", func(t *testing.T) {
		assertRefuses(t, inTwo, []refusal{
			{"a target that a load balancer elsewhere cannot have", "blueprint:network", `{"create":{"cidrBlock":"11.0.0.0/16","availabilityZones":["us-east-1a","us-east-1b"]}}`,
				"blueprint:endpoint.ipv4Addresses[0] = 11.0.0.10: want an address of RFC 1918 or RFC 6598"},
			{"a client that is the load balancer", "blueprint:endpoint", `{"clientCidrs":["10.2.128.10/32"]}`, "blueprint:endpoint.clientCidrs[0] = 10.2.128.10/32: is an address of the load balancer"},
		})
	})
	t.Run("existing network", func(t *testing.T) {
		assertRefuses(t, inExisting, []refusal{
			{"no addresses for the load balancer", "blueprint:front", `{}`, "blueprint:front.ipv4Addresses: required with an existing network: one free address in each dualstack subnet"},
			{"an IPv6 address outside its subnet", "blueprint:front", `{"ipv4Addresses":["10.1.20.10","10.1.21.10"],"ipv6Addresses":["2001:db8:2:20::a","2001:db8:2:20::b"]}`,
				"blueprint:front.ipv6Addresses[1] = 2001:db8:2:20::b: want an address inside the subnet's range 2001:db8:2:21::/64"},
			{"one IPv6 address for two nodes", "blueprint:front", `{"ipv4Addresses":["10.1.20.10","10.1.21.10"],"ipv6Addresses":["2001:db8:2:20::a"]}`, "want one address per dualstack subnet, 2 in all"},
			{"a front network that is the same one", "blueprint:frontNetwork", existingFront, "its VPC's range 10.1.0.0/16 overlaps 10.1.0.0/16 of blueprint:network"},
		})
	})
	t.Run("subnets for both", func(t *testing.T) {
		assertRefuses(t, inExisting, []refusal{{"addresses of the subnets before", "blueprint:network", `{"existing":{` + existingIpv6 + `,"privateSubnetIds":["subnet-0000000000000021a","subnet-0000000000000021b"]}}`,
			"blueprint:endpoint.ipv4Addresses[0] = 10.1.10.19: want an address inside"}})
	})
}

// An existing subnet may be private and dualstack: an address in it is for one
// thing only.
func TestIpv6FrontRefusesAnAddressForTwo(t *testing.T) {
	config := goodIpv6(t)
	maps.Copy(config, map[string]string{
		"blueprint:network":  `{"existing":{` + existingIpv6 + `,"privateSubnetIds":["subnet-0000000000000021a","subnet-0000000000000021b"]}}`,
		"blueprint:endpoint": `{"ipv4Addresses":["10.1.20.10","10.1.21.11"]}`, "blueprint:front": `{"ipv4Addresses":["10.1.20.10","10.1.21.10"]}`,
	})
	err := pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", &account{}))
	assert.ErrorContains(t, err, "blueprint:front.ipv4Addresses[0] = 10.1.20.10: is blueprint:endpoint.ipv4Addresses[0] too; want another")
}

func TestEverySettingOfIpv6FrontReachesItsResource(t *testing.T) {
	config := goodIpv6(t)
	maps.Copy(config, map[string]string{
		"blueprint:network":      newVpc,
		"blueprint:frontNetwork": existingFront,
		"blueprint:front": `{"ipv4Addresses":["10.1.20.19","10.1.21.31"],"ipv6Addresses":["2001:db8:2:20::19","2001:db8:2:21::31"],"allowedCidrs":["2001:db8:9::/48"],
			"crossZone":true,"deletionProtection":true,"sslPolicy":"ELBSecurityPolicy-TLS13-1-3-2021-06","accessLogs":{"retentionDays":9}}`,
		"blueprint:client": `{"create":true,"archive":"function_settings.go"}`,
	})
	assertSettings(t, config, []setting{
		{"front.ipv4Addresses", "ipv6-nlb", "subnetMappings[1].privateIpv4Address", "10.1.21.31"},
		{"front.ipv6Addresses", "ipv6-nlb", "subnetMappings[1].ipv6Address", "2001:db8:2:21::31"},
		{"front.allowedCidrs", "ipv6-from-2001:db8:9::/48", "cidrIpv6", "2001:db8:9::/48"},
		{"front.crossZone", "ipv6-nlb", "enableCrossZoneLoadBalancing", true},
		{"front.deletionProtection", "ipv6-nlb", "enableDeletionProtection", true},
		{"front.sslPolicy", "ipv6-listener", "sslPolicy", "ELBSecurityPolicy-TLS13-1-3-2021-06"},
		{"front.accessLogs.retentionDays", "ipv6-nlb-logs-lifecycle", "rules[0].expiration.days", 9.0},
		{"frontNetwork", "ipv6-peering", "vpcId", "vpc-00000000000000001"},
		{"network", "ipv6-peering", "peerVpcId", "awsx-vpc"},
		{"domain.name", "ipv6-dns-aaaa", "name", "ipv6.example.com"},
		{"domain.certificateArn", "ipv6-listener", "certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"},
		{"client.create: over IPv6", "ipv6-client-function", "vpcConfig.ipv6AllowedForDualStack", true},
		{"client.create: as a client may", "ipv6-client-function", "vpcConfig.securityGroupIds[0]", "ipv6-clients-sg.id"},
		{"client.create: to the name", "ipv6-client-function", "environment.variables.URL", "https://ipv6.example.com/prod/hello"},
		{"client.create: for the API", "ipv6-client-function", "environment.variables.HOST", "ipv6-api.id.execute-api.us-east-1.amazonaws.com"},
		{"what clients may", "ipv6-clients-to-us-east-1b", "cidrIpv6", "2001:db8:2:21::31/128"},
		{"the function is in private subnets", "ipv6-hello-function", "vpcConfig.subnetIds[1]", "private-b"},
		{"the target is elsewhere", "ipv6-target-us-east-1a", "availabilityZone", "all"},
	})
}

// Networks that are peered already get neither a connection nor routes.
func TestPeeredNetworksStayAsTheyAre(t *testing.T) {
	config := goodIpv6(t)
	maps.Copy(config, map[string]string{
		"blueprint:network":      `{"existing":{"vpcId":"vpc-00000000000000004","privateSubnetIds":["subnet-0000000000000041a","subnet-0000000000000041b"]}}`,
		"blueprint:frontNetwork": existingFront, "blueprint:peered": "true",
		"blueprint:endpoint": `{"ipv4Addresses":["10.4.0.19","10.4.1.31"]}`, "blueprint:front": `{"ipv4Addresses":["10.1.20.19","10.1.21.31"]}`,
	})
	aws := &account{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", aws)))
	assert.Equal(t, "all", aws.inputs["ipv6-target-us-east-1c"]["availabilityZone"].V)
	for name := range aws.inputs {
		assert.NotRegexp(t, "peering|-to-10.[14].0.0/16", name)
	}
}

// Left out, the IPv6 addresses are host a of each subnet, in a VPC whose range
// AWS gives it.
func TestIpv6AddressesOfANewVpc(t *testing.T) {
	aws := &account{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, goodIpv6(t)) }, pulumi.WithMocks("project", "stack", aws)))
	assert.Equal(t, true, aws.inputs["ipv6-vpc"]["assignGeneratedIpv6CidrBlock"].V)
	assert.Equal(t, "2001:db8:1:1::/64", aws.inputs["ipv6-dualstack-us-east-1b"]["ipv6CidrBlock"].V)
	mapping := aws.inputs["ipv6-nlb"]["subnetMappings"].ArrayValue()[1].ObjectValue()
	assert.Equal(t, []any{"10.0.160.10", "2001:db8:1:1::a"}, []any{mapping["privateIpv4Address"].V, mapping["ipv6Address"].V})
	assert.NotContains(t, aws.inputs, "ipv6-peering", "one VPC")
	assert.NotContains(t, aws.inputs["ipv6-target-us-east-1a"], resource.PropertyKey("availabilityZone"), "in the VPC AWS knows it")
	assert.NotContains(t, aws.inputs, "ipv6-client-function", "unless asked for")
}

package blueprints

import (
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	newFar        = `"network":{"create":{"cidrBlock":"10.103.0.0/16","availabilityZones":["us-east-1a","us-east-1b"],"natGateways":"Single"}}`
	existingFar   = `"network":{"existing":{"vpcId":"vpc-00000000000000004","privateSubnetIds":["subnet-0000000000000041b","subnet-0000000000000041a"]}}`
	newCert       = `"publicZoneId":"Z0123456789EXAMPLE01","createCertificate":true`
	existingCert  = `"certificateArn":"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"`
	backendByName = `{"hostName":"backend.example.com",`
)

// goodLink is a configuration without problems: a simulated backend.
func goodLink(t *testing.T) map[string]string {
	config := good(t)
	for _, key := range []string{"domain", "front", "function"} {
		delete(config, "blueprint:"+key)
	}
	maps.Copy(config, map[string]string{"blueprint:name": "vpclink-https-backend", "blueprint:backend": backendByName + `"simulated":{` + newFar + `,` + newCert + `}}`})
	return config
}

func TestVpclinkHttpsBackendRefuses(t *testing.T) {
	simulated := func(settings string) string { return backendByName + `"simulated":{` + settings + `}}` }
	addresses := func(list string) string { return backendByName + `"ipv4Addresses":` + list + `}` }
	far := func(create string) string { return simulated(`"network":{"create":` + create + `},` + newCert) }
	const backend, two = "blueprint:backend", `"availabilityZones":["us-east-1a","us-east-1b"]`
	const mismatch = `API Gateway would fail with "Host name '…' does not match the certificate subject provided by the peer"`
	assertRefuses(t, goodLink, []refusal{
		{"no backend", backend, `{}`, "blueprint:backend: required: ipv4Addresses (servers that exist) or simulated"},
		{"no name", backend, `{}`, "blueprint:backend.hostName: required: a fully qualified domain name"},
		{"an address for the name", backend, `{"hostName":"10.103.10.172","ipv4Addresses":["10.103.10.172"]}`,
			`blueprint:backend.hostName = "10.103.10.172": want the name in the backend's certificate, such as backend.example.com; ` + mismatch},
		{"an IPv6 address for the name", backend, `{"hostName":"2001:db8::1"}`, `blueprint:backend.hostName = "2001:db8::1": want the name in the backend's certificate`},
		{"a network load balancer's name, as in the article", backend, `{"hostName":"nlb1-1f700f2691864826.elb.ap-northeast-1.amazonaws.com"}`,
			`blueprint:backend.hostName = "nlb1-1f700f2691864826.elb.ap-northeast-1.amazonaws.com": want the name in the backend's certificate`},
		{"an application load balancer's name", backend, `{"hostName":"internal-alb1-1540553884.ap-northeast-1.elb.amazonaws.com"}`, `blueprint:backend.hostName = "internal-alb1-1540553884.ap-northeast-1.elb.amazonaws.com": want the name in the backend's certificate`},
		{"a load balancer's name in China", backend, `{"hostName":"nlb1-1f700f2691864826.elb.cn-north-1.amazonaws.com.cn"}`, mismatch},
		{"a URL for the name", backend, `{"hostName":"https://backend.example.com"}`, `blueprint:backend.hostName = "https://backend.example.com": want a fully qualified domain name`},
		{"both backends", backend, backendByName + `"ipv4Addresses":["10.103.10.172"],"simulated":{` + newFar + `,` + newCert + `}}`, "blueprint:backend: has both ipv4Addresses and simulated; want one of them"},
		{"a time-out too short", backend, backendByName + `"ipv4Addresses":["10.103.10.172"],"timeoutMilliseconds":49}`, "blueprint:backend.timeoutMilliseconds = 49: want a whole number from 50 to 300000"},
		{"a time-out too long", backend, backendByName + `"ipv4Addresses":["10.103.10.172"],"timeoutMilliseconds":300001}`, "blueprint:backend.timeoutMilliseconds = 300001: want"},
		{"no such port", backend, backendByName + `"ipv4Addresses":["10.103.10.172"],"port":65536}`, "blueprint:backend.port = 65536: want a whole number from 1 to 65535"},
		{"a private CA without a reason", backend, backendByName + `"ipv4Addresses":["10.103.10.172"],"privateCa":"yes"}`, `blueprint:backend.privateCa = "yes": want the name of the private CA and why it is used, in words`},
		{"a switch for the private CA", backend, backendByName + `"ipv4Addresses":["10.103.10.172"],"privateCa":true}`, "blueprint:backend.privateCa = true: want a string"},

		{"no addresses", backend, addresses(`[]`), "blueprint:backend: required: ipv4Addresses"},
		{"a public address", backend, addresses(`["10.103.10.172","192.0.2.10"]`), "blueprint:backend.ipv4Addresses[1] = 192.0.2.10: want an address of the VPC ([10.0.0.0/16]) or a private one (RFC 1918 or RFC 6598)"},
		{"an IPv6 address", backend, addresses(`["2001:db8::1"]`), "blueprint:backend.ipv4Addresses[0] = 2001:db8::1: want an IPv4 address"},
		{"a private IPv6 address", backend, addresses(`["fd00::1"]`), "blueprint:backend.ipv4Addresses[0] = fd00::1: want an IPv4 address"},
		{"an address twice", backend, addresses(`["10.103.10.172","10.103.10.172"]`), "blueprint:backend.ipv4Addresses[1] = 10.103.10.172: is there twice"},

		{"a simulated backend of nothing", backend, simulated(``), "blueprint:backend.simulated.network: required: create (a new VPC) or existing"},
		{"a simulated network that overlaps", backend, far(`{"cidrBlock":"10.0.128.0/17","natGateways":"Single",` + two + `}`), "blueprint:backend.simulated.network: its VPC's range 10.0.128.0/17 overlaps 10.0.0.0/16 of blueprint:network; want VPCs that share no address"},
		{"servers that cannot install anything", backend, far(`{"cidrBlock":"10.103.0.0/16",` + two + `}`), `blueprint:backend.simulated.network.create.natGateways = "None": want Single or OnePerAz: the servers install packages`},
		{"one zone", backend, far(`{"cidrBlock":"10.103.0.0/16","natGateways":"Single","availabilityZones":["us-east-1a"]}`), "blueprint:backend.simulated.network.create.availabilityZones = [us-east-1a]: want two zones at least"},
		{"no certificate", backend, simulated(newFar), "blueprint:backend.simulated.certificateArn: required"},
		{"both certificates", backend, simulated(newFar + `,` + newCert + `,` + existingCert), "blueprint:backend.simulated.certificateArn = "},
		{"a certificate to create without a zone", backend, simulated(newFar + `,"createCertificate":true`), "blueprint:backend.simulated.publicZoneId: required"},
		{"a name outside the zone", backend, `{"hostName":"backend.example.org","simulated":{` + newFar + `,` + newCert + `}}`, `blueprint:backend.hostName = "backend.example.org": want a name in the public zone example.com`},
		{"an instance with another processor", backend, simulated(newFar + `,` + newCert + `,"instanceType":"t3.micro"`), `blueprint:backend.simulated.instanceType = "t3.micro": want a type with an AWS Graviton2 or later processor, such as t4g.micro`},
		{"another port of the simulated load balancer", backend, backendByName + `"port":8443,"simulated":{` + newFar + `,` + newCert + `}}`, "blueprint:backend.port = 8443: want 443"},
		{"a private CA of a public certificate", backend, backendByName + `"privateCa":"Example Corp CA, old habit","simulated":{` + newFar + `,` + newCert + `}}`, `blueprint:backend.privateCa = "Example Corp CA, old habit": want none`},

		{"what only another blueprint has", "blueprint:endpoint", "{}", "blueprint:endpoint: unknown key"},
		{"a path: all of them lead to the backend", "blueprint:api", `{"authorization":"NONE","cloudwatchRole":"create","path":"hello"}`, "blueprint:api.path: unknown key"},
		{"no authorization", "blueprint:api", `{"cloudwatchRole":"create"}`, "blueprint:api.authorization: required"},
		{"clients of the load balancer", "blueprint:front", `{"allowedCidrs":["10.0.0.0/8"]}`, "blueprint:front.allowedCidrs: unknown key"},
		{"no network", "blueprint:network", `{}`, "blueprint:network: required"},
	})
}

func TestEverySettingOfVpclinkHttpsBackendReachesItsResource(t *testing.T) {
	config := goodLink(t)
	maps.Copy(config, map[string]string{
		"blueprint:network": `{"existing":{"vpcId":"vpc-00000000000000001","privateSubnetIds":["subnet-0000000000000011b","subnet-0000000000000011a"]}}`,
		"blueprint:front":   `{"crossZone":true,"deletionProtection":true}`,
		"blueprint:api":     `{"authorization":"API_KEY","cloudwatchRole":"create","stageName":"live"}`,
		"blueprint:backend": backendByName + `"timeoutMilliseconds":5000,"privateCa":"Example Corp CA signs it",
			"simulated":{` + existingFar + `,` + existingCert + `,"instanceType":"t4g.small"}}`,
	})
	assertSettings(t, config, []setting{
		{"network", "link-nlb", "subnetMappings[0].subnetId", "subnet-0000000000000011a"},
		{"network", "link-peering", "vpcId", "vpc-00000000000000001"},
		{"network: its table leads to the other", "link-rtb-of-subnet-0000000000000011a-to-10.4.0.0/16", "routeTableId", "rtb-of-subnet-0000000000000011a"},
		{"network: who is in it resolves the name", "link-dns-zone", "vpcs[0].vpcId", "vpc-00000000000000001"},
		{"network: and may connect", "link-from-10.1.0.0/16", "cidrIpv4", "10.1.0.0/16"},
		{"front.crossZone", "link-nlb", "enableCrossZoneLoadBalancing", true},
		{"front.deletionProtection", "link-nlb", "enableDeletionProtection", true},
		{"api.authorization", "link-root-method", "apiKeyRequired", true},
		{"api.stageName", "link-stage", "stageName", "live"},
		{"every method", "link-method", "httpMethod", "ANY"},
		{"every path", "link-resource", "pathPart", "{proxy+}"},
		{"backend.hostName", "link-integration", "uri", "https://backend.example.com/{proxy}"},
		{"backend.hostName", "link-dns-a", "name", "backend.example.com"},
		{"backend.timeoutMilliseconds", "link-root-integration", "timeoutMilliseconds", 5000.0},
		{"backend.privateCa", "link-integration", "tlsConfig.insecureSkipVerification", true},
		{"backend.simulated.network", "link-peering", "peerVpcId", "vpc-00000000000000004"},
		{"backend.simulated.network: and back", "link-rtb-of-subnet-0000000000000041b-to-10.1.0.0/16", "routeTableId", "rtb-of-subnet-0000000000000041b"},
		{"backend.simulated.network", "link-simulated-alb", "subnets[0]", "subnet-0000000000000041a"},
		{"backend.simulated.network: by its load balancer's address", "link-target-us-east-1b", "targetId", "10.103.0.20"},
		{"backend.simulated.network: which is elsewhere", "link-target-us-east-1b", "availabilityZone", "all"},
		{"backend.simulated.network: anywhere in its subnets", "link-to-10.4.1.0/24", "cidrIpv4", "10.4.1.0/24"},
		{"backend.simulated.network: from the nodes' subnets only", "link-simulated-from-10.1.11.0/24", "cidrIpv4", "10.1.11.0/24"},
		{"backend.simulated.certificateArn", "link-simulated-listener", "certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"},
		{"TLS of 1.2 at the least", "link-simulated-listener", "sslPolicy", "ELBSecurityPolicy-TLS13-1-2-2021-06"},
		{"backend.simulated.instanceType", "link-simulated-web-us-east-1b", "instanceType", "t4g.small"},
	})
}

func TestACertificateIsVerifiedUnlessAPrivateCaIsNamed(t *testing.T) {
	aws := &account{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, goodLink(t)) }, pulumi.WithMocks("project", "stack", aws)))
	for _, name := range []string{"link-integration", "link-root-integration"} {
		assert.Equal(t, map[string]any{"insecureSkipVerification": false}, aws.inputs[name].Mappable()["tlsConfig"], name)
		assert.Equal(t, 29000.0, aws.inputs[name]["timeoutMilliseconds"].V, "AWS's limit, unless raised")
	}
	assert.Equal(t, "backend.example.com", aws.inputs["link-simulated-certificate"]["domainName"].V)
	assert.Equal(t, "t4g.micro", aws.inputs["link-simulated-web-us-east-1b"]["instanceType"].V)
}

func TestBackendsThatExist(t *testing.T) {
	config := goodLink(t)
	config["blueprint:backend"] = backendByName + `"ipv4Addresses":["10.103.10.172","100.64.0.9","10.0.9.9"],"port":8443}`
	assertSettings(t, config, []setting{
		{"by Direct Connect, a VPN or a peering", "link-target-10.103.10.172", "availabilityZone", "all"},
		{"in shared address space", "link-target-100.64.0.9", "availabilityZone", "all"},
		{"backend.port", "link-target-10.103.10.172", "port", 8443.0},
		{"the load balancer may connect to it alone", "link-to-10.103.10.172/32", "toPort", 8443.0},
		{"API Gateway knows nothing of the port", "link-integration", "uri", "https://backend.example.com/{proxy}"},
		{"the load balancer's own port", "link-listener", "port", 443.0},
	})
	aws := &account{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", aws)))
	assert.NotContains(t, aws.inputs["link-target-10.0.9.9"], resource.PropertyKey("availabilityZone"), "in the VPC AWS knows it")
	assert.NotContains(t, aws.inputs, "link-peering", "the way there is not the stack's")
}

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
	h2Network   = `{"create":{"cidrBlock":"10.5.0.0/16","availabilityZones":["us-east-1a","us-east-1b"],"natGateways":"Single"}}`
	h2Existing  = `{"existing":{"vpcId":"vpc-00000000000000001","privateSubnetIds":["subnet-0000000000000011a","subnet-0000000000000011b"]}}`
	h2Domain    = `{"name":"h2.example.com","publicZoneId":"Z0123456789EXAMPLE01","createCertificate":true}`
	h2Principal = `["arn:aws:iam::123456789012:root"]`
	h2Name      = `"serviceName":"com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001"`
	h2Clients   = `"clientCidrs":["10.6.0.0/16"]`
	h2Consumer  = `"network":{"create":{"cidrBlock":"10.6.0.0/16","availabilityZones":["us-east-1a","us-east-1b"]}}`
	h2Other     = `"network":{"existing":{"vpcId":"vpc-00000000000000003","privateSubnetIds":["subnet-0000000000000031a","subnet-0000000000000031b"]}},"roleArn":"arn:aws:iam::111122223333:role/consumer"`
)

// h2Service is a service with some of its groups put in place of good ones.
func h2Service(change map[string]string) string {
	groups := map[string]string{"network": h2Network, "domain": h2Domain, "targets": `{"launch":{}}`, "allowedPrincipals": h2Principal}
	maps.Copy(groups, change)
	text := "{"
	for key, value := range groups {
		if value != "" {
			text += `"` + key + `":` + value + `,`
		}
	}
	return text[:len(text)-1] + "}"
}

// goodH2 is a configuration without problems: both halves.
func goodH2(*testing.T) map[string]string {
	return map[string]string{
		"aws:region": "us-east-1", "blueprint:name": "h2-endpoint-service",
		"blueprint:service": h2Service(nil), "blueprint:consumer": `{` + h2Consumer + `,` + h2Clients + `}`,
	}
}

func goodH2Consumer(t *testing.T) map[string]string {
	config := goodH2(t)
	delete(config, "blueprint:service")
	config["blueprint:consumer"] = `{` + h2Consumer + `,` + h2Clients + `,` + h2Name + `}`
	return config
}

func TestH2EndpointServiceRefuses(t *testing.T) {
	service := func(why, key, value, problem string) refusal {
		return refusal{why, "blueprint:service", h2Service(map[string]string{key: value}), "blueprint:service." + problem}
	}
	inExisting := func(why, targets, problem string) refusal {
		return refusal{why, "blueprint:service", h2Service(map[string]string{"network": h2Existing, "targets": targets}), "blueprint:service.targets" + problem}
	}
	consumer := func(why, value, problem string) refusal {
		return refusal{why, "blueprint:consumer", `{` + value + `}`, "blueprint:consumer." + problem}
	}
	assertRefuses(t, goodH2, []refusal{
		service("no network", "network", "", "network: required: create (a new VPC) or existing"),
		service("servers without a way to packages", "network", `{"create":{"cidrBlock":"10.5.0.0/16","availabilityZones":["us-east-1a","us-east-1b"]}}`,
			`network.create.natGateways = "None": want Single or OnePerAz: the servers install packages`),
		service("one zone", "network", `{"create":{"cidrBlock":"10.5.0.0/16","availabilityZones":["us-east-1a"],"natGateways":"Single"}}`, "network.create.availabilityZones = [us-east-1a]: want two zones at least"),
		service("no name", "domain", "", "domain.name: required"),
		service("no zone for the record that proves it", "domain", `{"name":"h2.example.com","certificateArn":"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"}`, "domain.publicZoneId: required"),
		service("a name of another zone", "domain", `{"name":"h2.example.org","publicZoneId":"Z0123456789EXAMPLE01","createCertificate":true}`, `domain.name = "h2.example.org": want a name in the public zone example.com`),
		service("no HTTP/2", "front", `{"alpnPolicy":"HTTP1Only"}`, `front.alpnPolicy = "HTTP1Only": want HTTP2Preferred, HTTP2Optional or HTTP2Only`),
		service("TLS that is too old", "front", `{"sslPolicy":"ELBSecurityPolicy-2016-08"}`, `front.sslPolicy = "ELBSecurityPolicy-2016-08": want an NLB security policy of TLS 1.2 or later`),
		service("clients of a load balancer that has none", "front", `{"allowedCidrs":["192.0.2.0/24"]}`, "front.allowedCidrs: unknown key"),

		service("no targets", "targets", "", "targets: want exactly one of instanceIds, ipv4Addresses and launch"),
		service("two kinds of targets", "targets", `{"launch":{},"ipv4Addresses":["10.5.0.9"]}`, "targets: want exactly one of"),
		service("no targets in the list", "targets", `{"ipv4Addresses":[]}`, "targets.ipv4Addresses: is empty; want one target at least"),
		service("no instances in the list", "targets", `{"instanceIds":[]}`, "targets.instanceIds: is empty; want one target at least"),
		service("an Intel machine", "targets", `{"launch":{"instanceType":"t3.micro"}}`, `targets.launch.instanceType = "t3.micro": want a type with an AWS Graviton2 or later processor, such as t4g.micro`),
		service("an ARM machine that is too old", "targets", `{"launch":{"instanceType":"a1.medium"}}`, `targets.launch.instanceType = "a1.medium": want a type with an AWS Graviton2`),
		service("servers that listen elsewhere", "targets", `{"launch":{},"port":8443}`, "targets.port = 8443: want 443 with launch: the servers listen there"),
		service("no such port", "targets", `{"ipv4Addresses":["10.5.0.9"],"port":65536}`, "targets.port = 65536: want a whole number from 1 to 65535"),
		service("instances in a VPC that is not there yet", "targets", `{"instanceIds":["i-0000000000000001a"]}`, "targets.instanceIds: want launch with a new network: no instance is in it yet"),

		service("nobody may ask", "allowedPrincipals", "", "allowedPrincipals: required: who may ask for an endpoint, such as [arn:aws:iam::123456789012:root]"),
		service("an account's number", "allowedPrincipals", `["123456789012"]`, `allowedPrincipals[0] = "123456789012": want the ARN of an account, a role or a user, such as arn:aws:iam::123456789012:root, or *`),
		service("a group of users", "allowedPrincipals", `["arn:aws:iam::123456789012:group/x"]`, `allowedPrincipals[0] = "arn:aws:iam::123456789012:group/x": want the ARN`),
		service("one of them twice", "allowedPrincipals", `["arn:aws:iam::123456789012:root","arn:aws:iam::123456789012:root"]`, `allowedPrincipals[1] = "arn:aws:iam::123456789012:root": is there twice`),
		{"everybody, without being asked", "blueprint:service", h2Service(map[string]string{"allowedPrincipals": `["*"]`, "acceptanceRequired": "false"}),
			`blueprint:service.allowedPrincipals[0] = "*": want ARNs, or acceptanceRequired: true: everybody on AWS could connect, which makes the load balancer public`},

		inExisting("a malformed instance id", `{"instanceIds":["web-1"]}`, `.instanceIds[0] = "web-1": want an instance id, such as i-`),
		inExisting("an instance twice", `{"instanceIds":["i-0000000000000001a","i-0000000000000001a"]}`, `.instanceIds[1] = "i-0000000000000001a": is there twice`),
		inExisting("no such instance", `{"instanceIds":["i-00000000000000009"]}`, `.instanceIds[0] = "i-00000000000000009": want an instance in vpc-00000000000000001: there is no such thing`),
		inExisting("an instance of another VPC", `{"instanceIds":["i-0000000000000002a"]}`, `.instanceIds[0] = "i-0000000000000002a": want an instance in vpc-00000000000000001: its subnet subnet-0000000000000002a: it is in vpc-00000000000000002`),
		inExisting("an instance where no node is", `{"instanceIds":["i-0000000000000001c"]}`, `.instanceIds[0] = "i-0000000000000001c": is in us-east-1c, where the load balancer has no node; want instances in us-east-1a, us-east-1b`),
		inExisting("a zone without an instance", `{"instanceIds":["i-0000000000000001a"]}`, ": none is in us-east-1b, and the load balancer's node there would have nobody to forward to; want one in each of us-east-1a, us-east-1b, or front.crossZone: true"),
		inExisting("a zone without an address", `{"ipv4Addresses":["10.1.10.7"]}`, ": none is in us-east-1b, and the load balancer's node there"),
		inExisting("an IPv6 address", `{"ipv4Addresses":["2001:db8::1"]}`, ".ipv4Addresses[0] = 2001:db8::1: want an IPv4 address"),
		inExisting("an address twice", `{"ipv4Addresses":["10.1.10.7","10.1.10.7"]}`, ".ipv4Addresses[1] = 10.1.10.7: is there twice"),
		inExisting("an address of the internet", `{"ipv4Addresses":["192.0.2.7"]}`, ".ipv4Addresses[0] = 192.0.2.7: want an address of the VPC ([10.1.0.0/16]) or a private one (RFC 1918 or RFC 6598)"),

		consumer("the name of a service beside one", h2Consumer+`,`+h2Clients+`,`+h2Name, `serviceName = "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001": want none beside service`),
		consumer("no network", h2Clients, "network: required"),
		consumer("no clients", h2Consumer, "clientCidrs: required: the IPv4 ranges of the clients in the VPC"),
		consumer("clients over IPv6", h2Consumer+`,"clientCidrs":["2001:db8::/32"]`, "clientCidrs[0] = 2001:db8::/32: want an IPv4 range"),
		consumer("a user for a role", h2Consumer+`,`+h2Clients+`,"roleArn":"arn:aws:iam::111122223333:user/x"`, `roleArn = "arn:aws:iam::111122223333:user/x": want the ARN of a role`),
		consumer("a zone that the service is not in", `"network":{"create":{"cidrBlock":"10.6.0.0/16","availabilityZones":["us-east-1a","us-east-1c"]}},`+h2Clients,
			`network.create.availabilityZones[1] = "us-east-1c": blueprint:service has no endpoints in this zone; want zones among us-east-1a, us-east-1b`),
		consumer("a zone of that name elsewhere", h2Consumer+`,`+h2Clients+`,"roleArn":"arn:aws:iam::111122223333:role/consumer"`,
			`network.create.availabilityZones[0] = "us-east-1a": blueprint:service has no endpoints in this zone; want zones among us-east-1b, us-east-1c`),
		consumer("a VPC that the role does not see", `"network":`+h2Existing+`,`+h2Clients+`,"roleArn":"arn:aws:iam::111122223333:role/consumer"`,
			`network.existing.vpcId = "vpc-00000000000000001": want a VPC of this account and region: there is no such thing`),
		{"an API's settings", "blueprint:api", "{}", "blueprint:api: unknown key"},
	})
	t.Run("consumer alone", func(t *testing.T) {
		named := func(why, id, problem string) refusal {
			return consumer(why, h2Consumer+`,`+h2Clients+`,"serviceName":"com.amazonaws.vpce.`+id+`"`, problem)
		}
		assertRefuses(t, goodH2Consumer, []refusal{
			consumer("no service", h2Consumer+`,`+h2Clients, "serviceName: required: the name of an endpoint service, such as com.amazonaws.vpce.us-east-1.vpce-svc-"),
			consumer("a service of AWS", h2Consumer+`,`+h2Clients+`,"serviceName":"com.amazonaws.us-east-1.execute-api"`, `serviceName = "com.amazonaws.us-east-1.execute-api": want the name of an endpoint service`),
			named("a service of another region", "eu-west-1.vpce-svc-00000000000000001", `serviceName = "com.amazonaws.vpce.eu-west-1.vpce-svc-00000000000000001": want a service of the stack's region us-east-1`),
			named("a service that is not ours to use", "us-east-1.vpce-svc-00000000000000009", `serviceName = "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000009": want a service that allows this account to have an endpoint: endpoint service: there is no such thing`),
			named("a service for IPv6", "us-east-1.vpce-svc-00000000000000006", `serviceName = "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000006": has no IPv4 endpoints, only ipv6`),
			named("a name that the service does not have", "us-east-1.vpce-svc-00000000000000002", "privateDnsEnabled = true: want false: the service has no private DNS name"),
			{"a zone that the service is not in", "blueprint:consumer", `{"network":{"create":{"cidrBlock":"10.6.0.0/16","availabilityZones":["us-east-1a","us-east-1d"]}},` + h2Clients + `,` + h2Name + `}`,
				`blueprint:consumer.network.create.availabilityZones[1] = "us-east-1d": com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001 has no endpoints in this zone`},
		})
	})
	t.Run("neither half", func(t *testing.T) {
		neither := func(*testing.T) map[string]string { return map[string]string{"blueprint:name": "h2-endpoint-service"} }
		assertRefuses(t, neither, []refusal{{"no key at all", "aws:region", "us-east-1", "blueprint:service: required: service (what this stack offers), consumer (what it uses), or both"}})
	})
}

func TestEverySettingOfH2EndpointServiceReachesItsResource(t *testing.T) {
	config := goodH2(t)
	config["blueprint:service"] = h2Service(map[string]string{
		"front":   `{"alpnPolicy":"HTTP2Only","sslPolicy":"ELBSecurityPolicy-TLS13-1-3-2021-06","crossZone":true,"deletionProtection":true,"accessLogs":{"retentionDays":9,"forceDestroy":true}}`,
		"targets": `{"launch":{"instanceType":"c7gn.medium"},"proxyProtocol":true}`, "allowedPrincipals": `["*"]`,
	})
	config["blueprint:consumer"] = `{` + h2Other + `,` + h2Clients + `,"privateDnsEnabled":false}`
	assertSettings(t, config, []setting{
		{"service.network: the load balancer", "h2-nlb", "subnetMappings[1].subnetId", "private-b"},
		{"service.network: the servers", "h2-web-us-east-1b", "subnetId", "private-b"},
		{"service.network.create.natGateways", "h2-vpc", "natGateways.strategy", "Single"},
		{"service.domain.name: of the service", "h2-service", "privateDnsName", "h2.example.com"},
		{"service.domain.name: of the certificate", "h2-certificate", "domainName", "h2.example.com"},
		{"service.domain.publicZoneId", "h2-proof", "zoneId", "Z0123456789EXAMPLE01"},
		{"service.front.alpnPolicy", "h2-listener", "alpnPolicy", "HTTP2Only"},
		{"service.front.sslPolicy", "h2-listener", "sslPolicy", "ELBSecurityPolicy-TLS13-1-3-2021-06"},
		{"service.front.crossZone", "h2-nlb", "enableCrossZoneLoadBalancing", true},
		{"service.front.deletionProtection", "h2-nlb", "enableDeletionProtection", true},
		{"service.front.accessLogs", "h2-nlb", "accessLogs.enabled", true},
		{"service.front.accessLogs.retentionDays", "h2-nlb-logs-lifecycle", "rules[0].expiration.days", 9.0},
		{"service.front.accessLogs.forceDestroy", "h2-nlb-logs-bucket", "forceDestroy", true},
		{"service.targets.launch.instanceType", "h2-web-us-east-1a", "instanceType", "c7gn.medium"},
		{"service.targets.launch", "h2-target-us-east-1a", "targetId", "h2-web-us-east-1a.id"},
		{"service.targets.launch: by instance", "h2-tg", "targetType", "instance"},
		{"service.targets.launch: the load balancer may connect", "h2-web-from-nlb", "referencedSecurityGroupId", "h2-sg.id"},
		{"service.targets.launch: to them", "h2-to-web", "referencedSecurityGroupId", "h2-web-sg.id"},
		{"service.targets.proxyProtocol", "h2-tg", "proxyProtocolV2", true},
		{"service.allowedPrincipals", "h2-service", "allowedPrincipals[0]", "*"},
		{"service.acceptanceRequired: the default", "h2-service", "acceptanceRequired", true},
		{"that PrivateLink brings the connections", "h2-nlb", "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "off"},
		{"that nobody else has a way to it", "h2-nlb", "internal", true},
		{"consumer.network", "h2-consumer-vpce", "vpcId", "vpc-00000000000000003"},
		{"consumer.network: as the role sees it", "h2-consumer-vpce", "subnetIds[1]", "subnet-0000000000000031b"},
		{"consumer.clientCidrs", "h2-consumer-from-10.6.0.0/16", "cidrIpv4", "10.6.0.0/16"},
		{"consumer.privateDnsEnabled", "h2-consumer-private-dns", "privateDnsEnabled", false},
		{"acceptance", "h2-consumer-accepted", "vpcEndpointServiceId", "h2-service.id"},
	})
	script := deployH2(t, config)["h2-web-us-east-1a"]["userData"].StringValue()
	assert.Contains(t, script, "listen 443 ssl http2 proxy_protocol;", "the servers expect what the load balancer sends")
	assert.Contains(t, script, "subjectAltName=DNS:h2.example.com")
}

// deployH2 is what a configuration registers, by name.
func deployH2(t *testing.T, config map[string]string) map[string]resource.PropertyMap {
	t.Helper()
	aws := &account{}
	require.NoError(t, pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", aws)))
	return aws.inputs
}

func TestTargetsThatExist(t *testing.T) {
	service := func(targets, front string) map[string]string {
		config := goodH2(t)
		delete(config, "blueprint:consumer")
		config["blueprint:service"] = h2Service(map[string]string{"network": h2Existing, "targets": targets, "front": front})
		return config
	}
	t.Run("instances", func(t *testing.T) {
		inputs := deployH2(t, service(`{"instanceIds":["i-0000000000000001b","i-0000000000000001a"],"port":8443,"proxyProtocol":true}`, ""))
		assert.Equal(t, []any{"instance", 8443.0, true}, []any{inputs["h2-tg"]["targetType"].V, inputs["h2-tg"]["port"].V, inputs["h2-tg"]["proxyProtocolV2"].V})
		assert.Equal(t, "i-0000000000000001a", inputs["h2-target-i-0000000000000001a"]["targetId"].V)
		assert.Equal(t, map[string]any{"securityGroupId": "h2-sg.id", "ipProtocol": "tcp", "fromPort": 8443.0, "toPort": 8443.0, "cidrIpv4": "10.1.11.7/32"}, inputs["h2-to-10.1.11.7/32"].Mappable(),
			"their own security group is not known")
		assert.NotContains(t, inputs, "h2-web-sg")
		assert.NotContains(t, inputs, "h2-consumer-vpce")
	})
	t.Run("addresses, one of them in another network", func(t *testing.T) {
		inputs := deployH2(t, service(`{"ipv4Addresses":["10.1.10.7","172.31.0.7"]}`, ""))
		assert.Equal(t, "ip", inputs["h2-tg"]["targetType"].V)
		assert.Equal(t, 443.0, inputs["h2-tg"]["port"].V)
		assert.NotContains(t, inputs["h2-target-10.1.10.7"], resource.PropertyKey("availabilityZone"), "AWS knows it")
		assert.Equal(t, "all", inputs["h2-target-172.31.0.7"]["availabilityZone"].V)
		assert.Equal(t, "172.31.0.7/32", inputs["h2-to-172.31.0.7/32"]["cidrIpv4"].V)
	})
	t.Run("one for both zones", func(t *testing.T) {
		assert.Contains(t, deployH2(t, service(`{"instanceIds":["i-0000000000000001a"]}`, `{"crossZone":true}`)), "h2-target-i-0000000000000001a")
	})
}

func TestServicePrefersHttp2AndNeedsNoWayOutForServersThatExist(t *testing.T) {
	config := goodH2(t)
	config["blueprint:service"] = h2Service(map[string]string{
		"network": `{"create":{"cidrBlock":"10.5.0.0/16","availabilityZones":["us-east-1a","us-east-1b"]}}`, "targets": `{"ipv4Addresses":["172.31.0.7"]}`,
	})
	inputs := deployH2(t, config)
	assert.Equal(t, "HTTP2Preferred", inputs["h2-listener"]["alpnPolicy"].V)
	assert.Equal(t, "all", inputs["h2-target-172.31.0.7"]["availabilityZone"].V, "it serves every zone")
}

func TestProblemsOfBothHalvesAreReportedAtOnce(t *testing.T) {
	config := goodH2(t)
	config["blueprint:service"] = h2Service(map[string]string{"domain": `{"name":"h2.example.org","publicZoneId":"Z0123456789EXAMPLE01"}`, "targets": `{}`})
	config["blueprint:consumer"] = `{"network":{"create":{"cidrBlock":"10.6.0.0/16","availabilityZones":["us-east-1a","us-east-1c"]}}}`
	err := pulumi.RunErr(func(ctx *pulumi.Context) error { return Deploy(ctx, config) }, pulumi.WithMocks("project", "stack", &account{}))
	for _, key := range []string{"service.domain.name", "service.domain.certificateArn", "service.targets", "consumer.clientCidrs", "consumer.network.create.availabilityZones[1]"} {
		assert.ErrorContains(t, err, "\n  - blueprint:"+key)
	}
}

func TestConsumerOfAnotherAccountAlone(t *testing.T) {
	config := goodH2Consumer(t)
	config["blueprint:consumer"] = `{` + h2Other + `,` + h2Clients + `,"serviceName":"com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000003"}`
	assert.Equal(t, "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000003", deployH2(t, config)["h2-consumer-vpce"]["serviceName"].V, "that account may use it, if not the stack's")
}

func TestConsumerAlone(t *testing.T) {
	inputs := deployH2(t, goodH2Consumer(t))
	assert.Equal(t, "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001", inputs["h2-consumer-vpce"]["serviceName"].V)
	assert.Equal(t, true, inputs["h2-consumer-vpce"]["privateDnsEnabled"].V, "clients call the service by its name, by default")
	for name := range inputs {
		assert.NotContains(t, name, "h2-service")
		assert.NotContains(t, name, "accepted", "its owner's to do")
	}
}

package blueprints

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/configtest"
)

// existingService returns a stack with a service and without a consumer, in a
// network that exists. change is YAML that replaces keys of the service.
func existingService(t *testing.T, change string) map[string]any {
	t.Helper()
	stack := stackOf(t, "h2-endpoint-service", "good", "blueprint:consumer: null")
	service := configtest.Change(stack["blueprint:service"].(map[string]any), configtest.Parse(t, `
network:
  existing:
    vpcId: vpc-00000000000000001
    privateSubnetIds: [subnet-0000000000000011a, subnet-0000000000000011b]`))
	stack["blueprint:service"] = configtest.Change(service, configtest.Parse(t, change))
	return stack
}

func TestServersExpectTheProtocolThatTheLoadBalancerSends(t *testing.T) {
	file := cases(t, "h2-endpoint-service")
	inputs := mustDeploy(t, file.Configuration(t, file.Deployed[0]))
	text := inputs["h2-web-us-east-1a"]["userData"].StringValue()
	assert.Contains(t, text, "listen 443 ssl http2 proxy_protocol;")
	assert.Contains(t, text, "subjectAltName=DNS:h2.example.com")
}

func TestInstancesThatExistAreTargets(t *testing.T) {
	inputs := mustDeploy(t, existingService(t, `
targets:
  instanceIds: [i-0000000000000001b, i-0000000000000001a]
  port: 8443
  proxyProtocol: true`))
	assertInput(t, inputs, []any{"by instance", "h2-tg", "targetType", "instance"})
	assertInput(t, inputs, []any{"targets.port", "h2-tg", "port", 8443})
	assertInput(t, inputs, []any{"targets.proxyProtocol", "h2-tg", "proxyProtocolV2", true})
	const instance = "i-0000000000000001a"
	assertInput(t, inputs, []any{"targets.instanceIds", "h2-target-" + instance, "targetId", instance})
	rule := map[string]any{
		"securityGroupId": "h2-sg.id", "cidrIpv4": "10.1.11.7/32",
		"ipProtocol": "tcp", "fromPort": 8443.0, "toPort": 8443.0,
	}
	assert.Equal(t, rule, inputs["h2-to-10.1.11.7/32"].Mappable(),
		"the stack does not know the instances' own security group")
	assert.NotContains(t, inputs, "h2-web-sg")
	assert.NotContains(t, inputs, "h2-consumer-vpce")
}

func TestAddressesThatExistAreTargetsEvenInAnotherNetwork(t *testing.T) {
	inputs := mustDeploy(t, existingService(t, "targets: {ipv4Addresses: [10.1.10.7, 172.31.0.7]}"))
	assertInput(t, inputs, []any{"by address", "h2-tg", "targetType", "ip"})
	assertInput(t, inputs, []any{"targets.port: the default", "h2-tg", "port", 443})
	assert.NotContains(t, inputs["h2-target-10.1.10.7"], resource.PropertyKey("availabilityZone"), "AWS knows the zone")
	assertInput(t, inputs, []any{"outside the VPC", "h2-target-172.31.0.7", "availabilityZone", "all"})
	assertInput(t, inputs, []any{"the load balancer may connect", "h2-to-172.31.0.7/32", "cidrIpv4", "172.31.0.7/32"})
}

func TestWithCrossZoneOneTargetServesBothZones(t *testing.T) {
	inputs := mustDeploy(t, existingService(t, `
targets: {instanceIds: [i-0000000000000001a]}
front: {crossZone: true}`))
	assert.Contains(t, inputs, "h2-target-i-0000000000000001a")
}

func TestProblemsOfBothHalvesAreReportedAtOnce(t *testing.T) {
	_, err := deploy(t, stackOf(t, "h2-endpoint-service", "good", `
blueprint:service:
  network: {create: {cidrBlock: 10.5.0.0/16, availabilityZones: [us-east-1a, us-east-1b], natGateways: Single}}
  domain: {name: h2.example.org, publicZoneId: Z0123456789EXAMPLE01}
  targets: {}
  allowedPrincipals: ["arn:aws:iam::123456789012:root"]
blueprint:consumer:
  network: {create: {cidrBlock: 10.6.0.0/16, availabilityZones: [us-east-1a, us-east-1c]}}`))
	assertProblems(t, err,
		"blueprint:service.domain.name", "blueprint:service.domain.certificateArn", "blueprint:service.targets",
		"blueprint:consumer.clientCidrs", "blueprint:consumer.network.create.availabilityZones[1]")
}

func TestAConsumerAloneRegistersNothingOfTheService(t *testing.T) {
	inputs := mustDeploy(t, stacks(t, "h2-endpoint-service").Stacks["consumer alone"])
	name := "com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001"
	assertInput(t, inputs, []any{"consumer.serviceName", "h2-consumer-vpce", "serviceName", name})
	assertInput(t, inputs, []any{"private DNS is on by default", "h2-consumer-vpce", "privateDnsEnabled", true})
	for name := range inputs {
		assert.NotContains(t, name, "h2-service")
		assert.NotContains(t, name, "accepted", "the owner of the service accepts")
	}
}

package tests

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/sandbox/live"
)

const endpointServiceType = "aws:ec2/vpcEndpointService:VpcEndpointService"

func TestH2EndpointServiceIsDeployedAndDestroyed(t *testing.T) {
	s := newExample(t, "h2-endpoint-service")
	s.preview()
	outputs := s.up().Outputs
	assertGolden(t, "h2-endpoint-service.golden", s.state())
	s.assertPromises()
	assertRecorded(t, "h2-endpoint-service", s.state())
	s.assertWitnessesAgree("h2-endpoint-service")
	call := live.Call{From: "h2-consumer-vpc", URL: "https://h2.example.com/"}
	s.assertAnsweredWithout(call, "us-east-1a", "us-east-1b")

	service := s.find(endpointServiceType, "h2-service")
	endpoint := s.find(endpointType, "h2-consumer-vpce")
	balancer := s.find(loadBalancerType, "h2-nlb")
	assert.Equal(t, "com.amazonaws.vpce.us-east-1."+string(service.ID), outputs["serviceName"].Value)
	assert.Equal(t, string(endpoint.ID), outputs["endpointId"].Value)
	assert.Equal(t, "curl --http2 -v https://h2.example.com/", outputs["curl"].Value)
	assert.NotContains(t, outputs, "forConsumers", "the only consumer is in this stack")

	s.assertUpChangesNothing()
	s.assertRefreshChangesNothing()
	assertAvailable := func(why string) {
		t.Helper()
		found := s.inAccount(endpoint)
		assert.Equal(t, []any{"available", true}, []any{found["state"], found["privateDnsEnabled"]}, why)
	}
	assertAvailable("the endpoint is accepted, and then gets its private name")

	// The service holds the load balancer until it moves to the new one. It no longer asks for acceptance; the
	// endpoint that was accepted stays accepted.
	s.pulumi("state", "taint", "--yes", string(balancer.URN))
	s.set("blueprint:service.acceptanceRequired=false", "blueprint:service.front.allowedCidrs[0]=10.6.0.0/16",
		"blueprint:consumer.ipv4Addresses[0]=10.6.0.20", "blueprint:consumer.ipv4Addresses[1]=10.6.64.20")
	s.up()
	s.assertPromises()
	assert.Equal(t, "10.6.0.0/16", s.find(ingressRuleType, "h2-from-10.6.0.0/16").Inputs["cidrIpv4"])
	replaced := s.find(loadBalancerType, "h2-nlb")
	assert.NotEqual(t, balancer.ID, replaced.ID)
	assert.Equal(t, "on", replaced.Inputs["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"], "clients by address")
	assert.Equal(t, string(replaced.ID), s.find(listenerType, "h2-listener").Outputs["loadBalancerArn"])
	moved := s.find(endpointServiceType, "h2-service")
	assert.Equal(t, service.ID, moved.ID, "consumers know the service by its ID")
	assert.Equal(t, []any{string(replaced.ID)}, moved.Outputs["networkLoadBalancerArns"])
	assert.Equal(t, endpoint.ID, s.find(endpointType, "h2-consumer-vpce").ID)
	assertAvailable("the endpoint stays accepted")
	assert.Contains(t, fmt.Sprint(s.inAccount(endpoint)["subnetConfigurations"]), "10.6.64.20", "its new address")

	s.plainDestroy()
	s.assertNothingLeft()
}

// The provider's half uses existing servers, and prints what the other company needs. The consumer's half uses the
// service of someone else, from an account that is not the stack's.
func TestH2EndpointServiceDeploysEachHalfAlone(t *testing.T) {
	s := newExample(t, "h2-endpoint-service",
		"blueprint:service.network.existing.vpcId=vpc-0e1f2a3b4c5d6e7f8",
		"blueprint:service.network.existing.privateSubnetIds[0]=subnet-0a10000000000000a",
		"blueprint:service.network.existing.privateSubnetIds[1]=subnet-0b10000000000000b",
		"blueprint:service.domain.name=h2.example.com", "blueprint:service.domain.publicZoneId=Z0123456789EXAMPLE01",
		"blueprint:service.domain.certificateArn="+existingCertificate,
		"blueprint:service.targets.instanceIds[0]=i-0a10000000000000a",
		"blueprint:service.targets.instanceIds[1]=i-0b10000000000000b",
		"blueprint:service.allowedPrincipals[0]=arn:aws:iam::111122223333:root",
		"blueprint:service.front.accessLogs.forceDestroy=true",
	)
	example := s.options.ConfigFile
	s.options.ConfigFile = without(t, example, "blueprint:service", "blueprint:consumer")
	outputs := s.up().Outputs
	assert.Equal(t, map[string]any{
		"serviceName": outputs["serviceName"].Value, "privateDnsName": "h2.example.com", "acceptanceRequired": true,
		"availabilityZoneIds": []any{"use1-az1", "use1-az2"},
	}, outputs["forConsumers"].Value)
	assert.NotContains(t, outputs, "endpointId")

	const role = "arn:aws:iam::111122223333:role/consumer"
	s.set(
		"blueprint:consumer.serviceName=com.amazonaws.vpce.us-east-1.vpce-svc-0c0c0c0c0c0c0c0c0",
		"blueprint:consumer.roleArn="+role,
	)
	s.options.ConfigFile = without(t, example, "blueprint:service")
	s.preview()
	assert.Equal(t, "curl --http2 -v https://partner.example.org/", s.up().Outputs["curl"].Value)
	provider := s.find("pulumi:providers:aws", "consumer")
	assert.Equal(t, map[string]any{"roleArn": role}, provider.Inputs["assumeRole"])
	for _, r := range s.state() {
		assert.NotContains(t, r.URN.Name(), "h2-nlb")
		if r.Custom && r.Type.Package() == "aws" {
			assert.Contains(t, r.Provider, "::consumer::", "%s is in the consumer's account", r.URN)
		}
	}
	s.plainDestroy()
	s.assertNothingLeft()
}

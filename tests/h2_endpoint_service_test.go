package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestH2EndpointServiceUpAndAgainAndDestroy(t *testing.T) {
	s := newExample(t, "h2-endpoint-service")
	s.preview()
	outputs := s.up().Outputs
	assertGolden(t, "h2-endpoint-service.golden", s.state())

	service := s.find("aws:ec2/vpcEndpointService:VpcEndpointService", "h2-service")
	endpoint := s.find("aws:ec2/vpcEndpoint:VpcEndpoint", "h2-consumer-vpce")
	balancer := s.find("aws:lb/loadBalancer:LoadBalancer", "h2-nlb")
	assert.Equal(t, "com.amazonaws.vpce.us-east-1."+string(service.ID), outputs["serviceName"].Value)
	assert.Equal(t, string(endpoint.ID), outputs["endpointId"].Value)
	assert.Equal(t, "curl --http2 -v https://h2.example.com/", outputs["curl"].Value)
	assert.NotContains(t, outputs, "forConsumers", "the one there is knows")

	assert.Empty(t, changes(s.up().Summary.ResourceChanges), "the same again changes nothing")
	assert.Empty(t, changes(s.refresh().Summary.ResourceChanges), "the account holds what the state says")
	found := s.inAccount(endpoint)
	assert.Equal(t, []any{"available", true}, []any{found["state"], found["privateDnsEnabled"]}, "accepted, and then with the name")

	// The service holds the load balancer until it moves to a new one. It no
	// longer asks for consent; the endpoint that has it keeps it.
	s.pulumi("state", "taint", "--yes", string(balancer.URN))
	s.set("blueprint:service.acceptanceRequired=false")
	s.up()
	replaced := s.find("aws:lb/loadBalancer:LoadBalancer", "h2-nlb")
	assert.NotEqual(t, balancer.ID, replaced.ID)
	assert.Equal(t, string(replaced.ID), s.find("aws:lb/listener:Listener", "h2-listener").Outputs["loadBalancerArn"])
	moved := s.find("aws:ec2/vpcEndpointService:VpcEndpointService", "h2-service")
	assert.Equal(t, []any{service.ID, []any{string(replaced.ID)}}, []any{moved.ID, moved.Outputs["networkLoadBalancerArns"]}, "consumers know it by its id")
	assert.Equal(t, endpoint.ID, s.find("aws:ec2/vpcEndpoint:VpcEndpoint", "h2-consumer-vpce").ID)
	found = s.inAccount(endpoint)
	assert.Equal(t, []any{"available", true}, []any{found["state"], found["privateDnsEnabled"]})

	s.pulumi("destroy", "--yes", "--non-interactive", "--skip-preview")
	assert.Empty(t, s.leftovers())
}

// What one company offers has servers that are there already, and it tells the
// other what to ask for. The other uses somebody's service, in an account that
// is not the stack's.
func TestH2EndpointServiceEachHalfAlone(t *testing.T) {
	s := newExample(t, "h2-endpoint-service",
		"blueprint:service.network.existing.vpcId=vpc-0e1f2a3b4c5d6e7f8",
		"blueprint:service.network.existing.privateSubnetIds[0]=subnet-0a10000000000000a", "blueprint:service.network.existing.privateSubnetIds[1]=subnet-0b10000000000000b",
		"blueprint:service.domain.name=h2.example.com", "blueprint:service.domain.publicZoneId=Z0123456789EXAMPLE01",
		"blueprint:service.domain.certificateArn=arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
		"blueprint:service.targets.instanceIds[0]=i-0a10000000000000a", "blueprint:service.targets.instanceIds[1]=i-0b10000000000000b",
		"blueprint:service.allowedPrincipals[0]=arn:aws:iam::111122223333:root",
		"blueprint:service.front.accessLogs.forceDestroy=true",
	)
	example := s.options.ConfigFile
	s.options.ConfigFile = without(t, example, "blueprint:service", "blueprint:consumer")
	outputs := s.up().Outputs
	assert.Equal(t, map[string]any{
		"serviceName": outputs["serviceName"].Value, "privateDnsName": "h2.example.com", "acceptanceRequired": true, "availabilityZoneIds": []any{"use1-az1", "use1-az2"},
	}, outputs["forConsumers"].Value)
	assert.NotContains(t, outputs, "endpointId")

	s.set("blueprint:consumer.serviceName=com.amazonaws.vpce.us-east-1.vpce-svc-0c0c0c0c0c0c0c0c0", "blueprint:consumer.roleArn=arn:aws:iam::111122223333:role/consumer")
	s.options.ConfigFile = without(t, example, "blueprint:service")
	s.preview()
	assert.Equal(t, "curl --http2 -v https://partner.example.org/", s.up().Outputs["curl"].Value)
	assert.Equal(t, map[string]any{"roleArn": "arn:aws:iam::111122223333:role/consumer"}, s.find("pulumi:providers:aws", "consumer").Inputs["assumeRole"])
	for _, r := range s.state() {
		assert.NotContains(t, r.URN.Name(), "h2-nlb")
		if r.Custom && r.Type.Package() == "aws" {
			assert.Contains(t, r.Provider, "::consumer::", "%s is in the other account", r.URN)
		}
	}
	s.pulumi("destroy", "--yes", "--non-interactive", "--skip-preview")
	assert.Empty(t, s.leftovers())
}

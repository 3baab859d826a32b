package tests

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const instanceType = "aws:ec2/instance:Instance"

// launchedIn returns the configuration of a service whose servers are launched in the network of the account, which
// has no way to the internet.
func launchedIn(change ...string) []string {
	return append([]string{
		"blueprint:service.network.existing.vpcId=vpc-0e1f2a3b4c5d6e7f8",
		"blueprint:service.network.existing.privateSubnetIds[0]=subnet-0a10000000000000a",
		"blueprint:service.network.existing.privateSubnetIds[1]=subnet-0b10000000000000b",
		"blueprint:service.domain.name=h2.example.com", "blueprint:service.domain.publicZoneId=Z0123456789EXAMPLE01",
		"blueprint:service.domain.certificateArn=" + existingCertificate,
		"blueprint:service.allowedPrincipals[0]=arn:aws:iam::111122223333:root",
		"blueprint:service.front.accessLogs.forceDestroy=true",
	}, change...)
}

func TestADeploymentFailsWithTheReasonIfItsServersDoNotServe(t *testing.T) {
	s := newExample(t, "h2-endpoint-service", launchedIn("blueprint:service.targets.launch.gate=true")...)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:service", "blueprint:consumer")
	message := s.fails(up)
	assert.Contains(t, message, "connection: connect: connection refused")
	assert.Contains(t, message, "aws ec2 get-console-output --latest --output text --instance-id i-")
	counts := s.counts()
	assert.Equal(t, 2, counts[instanceType])
	assert.NotContains(t, counts, "aws:lb/targetGroupAttachment:TargetGroupAttachment", "no target before it serves")
	assert.NotContains(t, counts, endpointServiceType, "no service before it serves")

	s.set(launchedIn("blueprint:service.targets.launch.gate=false")...)
	s.up()
	assert.Equal(t, 2, s.counts()["aws:lb/targetGroupAttachment:TargetGroupAttachment"], "without a gate, nobody asks")
	s.plainDestroy()
	s.assertNothingLeft()
}

package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestIpv6FrontIsDeployedAndDestroyed(t *testing.T) {
	s := newExample(t, "ipv6-front")
	s.preview()
	outputs := s.up().Outputs
	assertGolden(t, "ipv6-front.golden", s.state())
	s.assertPromises()
	assertRecorded(t, "ipv6-front", s.state())
	s.assertWitnessesAgree("ipv6-front")

	host := fmt.Sprintf("%s.execute-api.us-east-1.amazonaws.com", s.find(restAPIType, "ipv6-api").ID)
	curl := fmt.Sprintf(`curl -v -6 https://ipv6.example.com/prod/hello -H "Host: %s"`, host)
	assert.Equal(t, curl, outputs["curl"].Value)
	balancer := s.find(loadBalancerType, "ipv6-nlb")
	name := balancer.Outputs["dnsName"]
	assert.Equal(t, []any{
		fmt.Sprintf("dig %s AAAA", name), "dig ipv6.example.com AAAA", fmt.Sprintf("dig %s A", name),
	}, outputs["dig"].Value)
	assert.Contains(t, outputs["advice"].Value, "com.amazonaws.us-east-1.execute-api has IPv6 endpoints")
	client := s.find("aws:lambda/function:Function", "ipv6-client-function")
	assert.Equal(t, fmt.Sprintf("aws lambda invoke --region us-east-1 --function-name %s /dev/stdout", client.ID),
		outputs["invokeClient"].Value)
	assert.Regexp(t, `^\[aws s3 ls --recursive s3://ipv6-nlb-logs-bucket-\w+/ `+
		`aws logs tail --region us-east-1 ipv6-access-\w+\]$`, fmt.Sprint(outputs["logs"].Value))
	for i, address := range outputs["loadBalancerIpv6Addresses"].Value.([]any) {
		zone := []string{"us-east-1a", "us-east-1b"}[i]
		subnet := s.find("aws:ec2/subnet:Subnet", "ipv6-front-dualstack-"+zone).Outputs["ipv6CidrBlock"].(string)
		assert.Equal(t, strings.TrimSuffix(subnet, "/64")+"a", address, "host a of the subnet in %s", zone)
	}
	assert.Contains(t, s.find("aws:apigateway/restApiPolicy:RestApiPolicy", "ipv6-policy").Outputs["policy"],
		s.find("aws:ec2/vpc:Vpc", "ipv6-vpc").ID, "the VPC of the endpoint, not that of the clients")

	s.assertUpChangesNothing()
	s.assertRefreshChangesNothing()

	s.set("blueprint:front.allowedCidrs[0]=2001:db8:9::/48")
	assert.Equal(t, map[string]int{"create": 1, "update": 1}, changes(s.up().Summary.ResourceChanges),
		"one more client, and other promises")

	// The load balancer keeps its addresses for life. To change them, a person deletes it. The endpoint's rules then
	// name the new addresses, and the targets stay.
	s.set("blueprint:front.ipv4Addresses[0]=10.2.128.77", "blueprint:front.ipv4Addresses[1]=10.2.160.10")
	deleteFirst := "delete it first: pulumi destroy --target-dependents --target '" + string(balancer.URN) + "'"
	assert.Contains(t, s.fails(up), deleteFirst)
	s.plainDestroy("--target-dependents", "--target", string(balancer.URN))
	const attachmentType = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
	target := s.find(attachmentType, "ipv6-target-us-east-1a")
	s.up()
	assert.NotEqual(t, balancer.ID, s.find(loadBalancerType, "ipv6-nlb").ID)
	rule := s.find(ingressRuleType, "ipv6-endpoint-from-10.2.128.77/32")
	assert.Equal(t, "10.2.128.77/32", rule.Outputs["cidrIpv4"])
	assert.Equal(t, target.ID, s.find(attachmentType, "ipv6-target-us-east-1a").ID)

	s.plainDestroy()
	s.assertNothingLeft()
}

// One route table for both subnets gets one route.
func TestIpv6FrontAddsPeeringRoutesToTheRouteTablesOfExistingNetworks(t *testing.T) {
	s := newExample(t, "ipv6-front",
		"blueprint:network.existing.vpcId=vpc-0c0c0c0c0c0c0c0c0",
		"blueprint:network.existing.privateSubnetIds[0]=subnet-0c10000000000000a",
		"blueprint:network.existing.privateSubnetIds[1]=subnet-0c10000000000000b",
		"blueprint:frontNetwork.existing.vpcId=vpc-0e1f2a3b4c5d6e7f8",
		"blueprint:frontNetwork.existing.dualstackSubnetIds[0]=subnet-0a10000000000000a",
		"blueprint:frontNetwork.existing.dualstackSubnetIds[1]=subnet-0b10000000000000b",
		"blueprint:endpoint.ipv4Addresses[0]=172.22.10.19", "blueprint:endpoint.ipv4Addresses[1]=172.22.11.31",
		"blueprint:front.ipv4Addresses[0]=172.20.10.19", "blueprint:front.ipv4Addresses[1]=172.20.11.31",
	)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:network", "blueprint:frontNetwork")
	s.preview()
	s.up()
	s.assertUpChangesNothing()
	const routeType = "aws:ec2/route:Route"
	s.find(routeType, "ipv6-rtb-0e1f2a3b4c5d6e7f8-to-172.22.0.0/16")
	s.find(routeType, "ipv6-rtb-0c0c0c0c0c0c0c0c0-to-172.20.0.0/16")
	assert.Equal(t, 2, s.counts()[routeType])
	for _, r := range s.state() {
		if r.Type == "aws:ec2/vpc:Vpc" || r.Type == "aws:ec2/subnet:Subnet" {
			assert.True(t, r.External, "%s is only read", r.URN)
		}
	}
	s.plainDestroy()
	s.assertNothingLeft()
}

// The load balancer and the endpoint name each other's security groups.
func TestIpv6FrontWithoutAFrontNetworkUsesOneVPC(t *testing.T) {
	s := newExample(t, "ipv6-front")
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:frontNetwork")
	s.preview()
	s.up()
	assert.Zero(t, s.counts()["aws:ec2/vpcPeeringConnection:VpcPeeringConnection"])
	s.find(ingressRuleType, "ipv6-endpoint-from-nlb")
}

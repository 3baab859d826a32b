package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

func TestAPrivateIntegrationSaysHowItReachesItsBackend(t *testing.T) {
	type properties = map[string]any
	stack := decodeAll(
		fixture.Resource{Name: "subnet", Type: "aws:ec2/subnet:Subnet", Properties: properties{"id": "subnet-1"}},
		fixture.Resource{
			Name: "group", Type: "aws:ec2/securityGroup:SecurityGroup", Properties: properties{"id": "sg-1"},
		},
		fixture.Resource{Name: "link", Type: "aws:apigatewayv2/vpcLink:VpcLink",
			Properties: properties{"subnetIds": []any{"subnet-1"}, "securityGroupIds": []any{"sg-1"}}},
		fixture.Resource{Name: "call", Type: "aws:apigateway/integration:Integration",
			Properties: properties{"type": "AWS_PROXY", "integrationHttpMethod": "POST"}},
		fixture.Resource{Name: "deployment", Type: "aws:apigateway/deployment:Deployment",
			Properties: properties{"stageName": "prod"}},
	)
	link := stack.VPCLinks[0]
	subnet, _ := link.Subnets.Items[0].Sole()
	group, _ := link.Groups.Items[0].Sole()
	assert.Same(t, stack.Subnets[0], subnet, "the link is in the subnet")
	assert.Same(t, stack.SecurityGroups[0], group, "the link has the security group")
	assert.Equal(t, model.Of("POST"), stack.Integrations[0].Verb, "API Gateway calls with POST, whatever clients do")
	assert.Equal(t, model.Of("prod"), stack.Deployments[0].StageName, "before v7 a deployment may create a stage")
}

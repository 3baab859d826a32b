package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSharedVpcApisUpAndAgainAndDestroy(t *testing.T) {
	s := newExample(t, "shared-vpc-apis")
	s.preview()
	outputs := s.up().Outputs
	assertGolden(t, "shared-vpc-apis.golden", s.state())

	api := s.find("aws:apigateway/restApi:RestApi", "shared-vpc-private-api").ID
	endpoint := s.find("aws:ec2/vpcEndpoint:VpcEndpoint", "shared-vpc-endpoint-vpce")
	regionalName := endpoint.Outputs["dnsEntries"].([]any)[0].(map[string]any)["dnsName"]
	assert.Contains(t, outputs["curlByAlias"].Value, fmt.Sprintf(" https://%s-%s.execute-api.us-east-1.amazonaws.com/prod/hello", api, endpoint.ID))
	assert.Contains(t, outputs["curlByHostHeader"].Value, fmt.Sprintf(` https://%s/prod/hello -H "Host: %s.execute-api.us-east-1.amazonaws.com"`, regionalName, api))
	assert.Contains(t, outputs["curlByApiIdHeader"].Value, fmt.Sprintf(` https://%s/prod/hello -H "x-apigw-api-id: %s"`, regionalName, api))
	regional := s.find("aws:apigateway/restApi:RestApi", "shared-vpc-regional-api").ID
	assert.Contains(t, outputs["curlRegional"].Value, fmt.Sprintf(" https://%s.execute-api.us-east-1.amazonaws.com/prod/hello", regional))

	assert.Empty(t, changes(s.up().Summary.ResourceChanges), "the same again changes nothing")
	assert.Empty(t, changes(s.refresh().Summary.ResourceChanges), "the account holds what the state says")

	s.set("blueprint:endpoint.clientCidrs[1]=10.9.0.0/16")
	assert.Equal(t, map[string]int{"create": 1}, changes(s.up().Summary.ResourceChanges), "a client more is a rule more")

	// The private API's alias follows a replaced endpoint; another path cuts a new deployment of both APIs.
	deployments := []string{"shared-vpc-private-deployment", "shared-vpc-regional-deployment"}
	before := map[string]any{}
	for _, name := range deployments {
		before[name] = s.find("aws:apigateway/deployment:Deployment", name).ID
	}
	s.pulumi("state", "taint", "--yes", string(endpoint.URN))
	s.set("blueprint:api.path=bye")
	outputs = s.up().Outputs
	replaced := s.find("aws:ec2/vpcEndpoint:VpcEndpoint", "shared-vpc-endpoint-vpce")
	assert.NotEqual(t, endpoint.ID, replaced.ID)
	assert.Contains(t, outputs["curlByAlias"].Value, fmt.Sprintf(" https://%s-%s.execute-api.us-east-1.amazonaws.com/prod/bye", api, replaced.ID))
	for _, name := range deployments {
		deployment := s.find("aws:apigateway/deployment:Deployment", name)
		assert.NotEqual(t, before[name], deployment.ID)
		stage := s.find("aws:apigateway/stage:Stage", strings.Replace(name, "deployment", "stage", 1))
		assert.EqualValues(t, deployment.ID, stage.Outputs["deployment"], "the stage moved to it")
	}
	assert.Equal(t, []any{string(replaced.ID)}, s.find("aws:apigateway/restApi:RestApi", "shared-vpc-private-api").Outputs["endpointConfiguration"].(map[string]any)["vpcEndpointIds"])
	s.pulumi("destroy", "--yes", "--non-interactive", "--skip-preview")
	assert.Empty(t, s.leftovers())
}

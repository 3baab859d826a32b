package tests

import (
	"fmt"
	"path/filepath"
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
	s.pulumi("destroy", "--yes", "--non-interactive", "--skip-preview")
	assert.Empty(t, s.leftovers())
}

// A stack that changes its blueprint leaves nothing of the old one behind.
func TestSwitchingTheBlueprintLeavesNothingBehind(t *testing.T) {
	s := newExample(t, "shared-vpc-apis")
	s.up()
	s.close()
	s.options.ConfigFile = filepath.Join(s.options.Root, "Pulumi.dev.yaml")
	s.up()
	for _, r := range s.state() {
		assert.NotContains(t, string(r.URN), "SharedVpcApis")
	}
	assert.NotEmpty(t, s.find("aws:apigateway/account:Account", "apigateway-account").Outputs["cloudwatchRoleArn"])
	assert.Empty(t, changes(s.refresh().Summary.ResourceChanges), "the account can still log")
	assert.Empty(t, s.leftovers())
}

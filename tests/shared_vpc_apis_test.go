package tests

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/stretchr/testify/assert"
)

// This test stands for all blueprints: it runs with the oldest CLI, too.
func TestSharedVpcApisIsDeployedAndDestroyed(t *testing.T) {
	withEachCLI(t, func(t *testing.T, cli string) {
		s := newExample(t, "shared-vpc-apis")
		s.options.CLI = cli
		s.preview()
		assertSharedVpcOutputs(s, "hello", s.up().Outputs)
		assertGolden(t, "shared-vpc-apis.golden", s.state())
		s.assertPromises()
		assertRecorded(t, "shared-vpc-apis", s.state())
		s.assertWitnessesAgree("shared-vpc-apis")
		s.assertUpChangesNothing()
		s.assertRefreshChangesNothing()

		s.set("blueprint:endpoint.clientCidrs[1]=10.9.0.0/16")
		assert.Equal(t, map[string]int{"create": 1}, changes(s.up().Summary.ResourceChanges),
			"one more client, one more rule")

		// The private API's alias names the new endpoint. Another path needs a new deployment of both APIs.
		endpoint := s.find(endpointType, "shared-vpc-endpoint-vpce")
		deployments := []string{"shared-vpc-private-deployment", "shared-vpc-regional-deployment"}
		before := map[string]any{}
		for _, name := range deployments {
			before[name] = s.find(deploymentType, name).ID
		}
		s.pulumi("state", "taint", "--yes", string(endpoint.URN))
		s.set("blueprint:api.path=bye")
		outputs := s.up().Outputs
		replaced := s.find(endpointType, "shared-vpc-endpoint-vpce")
		assert.NotEqual(t, endpoint.ID, replaced.ID)
		assertSharedVpcOutputs(s, "bye", outputs)
		for _, name := range deployments {
			deployment := s.find(deploymentType, name)
			assert.NotEqual(t, before[name], deployment.ID)
			stage := s.find(stageType, strings.Replace(name, "deployment", "stage", 1))
			assert.EqualValues(t, deployment.ID, stage.Outputs["deployment"], "the stage serves the new deployment")
		}
		api := s.find(restAPIType, "shared-vpc-private-api").Outputs["endpointConfiguration"].(map[string]any)
		assert.Equal(t, []any{string(replaced.ID)}, api["vpcEndpointIds"])

		s.plainDestroy()
		s.assertNothingLeft()
	})
}

// assertSharedVpcOutputs asserts that the outputs show the three ways to call the private API, and the regional API.
func assertSharedVpcOutputs(s *stack, path string, outputs auto.OutputMap) {
	s.t.Helper()
	const domain = "execute-api.us-east-1.amazonaws.com"
	endpoint := s.find(endpointType, "shared-vpc-endpoint-vpce")
	private := s.find(restAPIType, "shared-vpc-private-api").ID
	regional := s.find(restAPIType, "shared-vpc-regional-api").ID
	name := endpoint.Outputs["dnsEntries"].([]any)[0].(map[string]any)["dnsName"]
	for output, want := range map[string]string{
		"curlByAlias":       fmt.Sprintf(" https://%s-%s.%s/prod/%s", private, endpoint.ID, domain, path),
		"curlByHostHeader":  fmt.Sprintf(` https://%s/prod/%s -H "Host: %s.%s"`, name, path, private, domain),
		"curlByApiIdHeader": fmt.Sprintf(` https://%s/prod/%s -H "x-apigw-api-id: %s"`, name, path, private),
		"curlRegional":      fmt.Sprintf(" https://%s.%s/prod/%s", regional, domain, path),
	} {
		assert.Contains(s.t, outputs[output].Value, want, output)
	}
	assert.Equal(s.t, []any{
		fmt.Sprintf("dig +short %s.%s", private, domain),
		fmt.Sprintf("dig +short %s-%s.%s", private, endpoint.ID, domain),
		fmt.Sprintf("dig +short %s.%s", regional, domain),
	}, outputs["dig"].Value)
}

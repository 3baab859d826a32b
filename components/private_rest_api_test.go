package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/pulumitest"
)

// deployApi registers a private API, with changed arguments, and its account,
// function and key.
func deployApi(t *testing.T, change func(*PrivateRestApiArgs)) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		account, err := NewApiAccount(ctx, "account", &ApiAccountArgs{Partition: "aws"})
		if err != nil {
			return err
		}
		function, err := NewFunction(ctx, "hello", helloFunction(nil))
		if err != nil {
			return err
		}
		args := &PrivateRestApiArgs{
			Environment: environment,
			VpcId:       pulumi.String("vpc-1"),
			EndpointId:  pulumi.String("vpce-1"),
			RoutesArgs: RoutesArgs{Routes: []ServedRoute{{
				Route: Route{Path: "hello", HttpMethod: "GET", Authorization: AuthorizationNone}, Backend: function,
			}}},
			Stage: StageArgs{
				StageName:        "prod",
				LoggingLevel:     LoggingError,
				LogRetentionDays: 30,
				RateLimit:        100,
				BurstLimit:       200,
				DependsOn:        []pulumi.Resource{account},
			},
		}
		change(args)
		api, err := NewPrivateRestApi(ctx, "api", args)
		if err != nil {
			return err
		}
		_, err = NewApiKey(ctx, "key", &ApiKeyArgs{RestApiId: api.ApiId, StageName: api.StageName})
		return err
	})
}

func unchanged(*PrivateRestApiArgs) {}

func withIam(args *PrivateRestApiArgs) { args.Routes[0].Authorization = AuthorizationIam }

func TestPrivateRestApiAdmitsOneVpc(t *testing.T) {
	stack := deployApi(t, unchanged)
	assert.Equal(t, map[string]any{"types": "PRIVATE", "vpcEndpointIds": []any{"vpce-1"}},
		stack.Inputs(t, "api-api")["endpointConfiguration"])
	policy := stack.Inputs(t, "api-policy")
	assert.Equal(t, "api-api.id", policy["restApiId"])
	assert.Contains(t, policy["policy"], `"StringNotEquals":{"aws:SourceVpc":"vpc-1"}`)
	assert.Contains(t, policy["policy"], `"Resource":"api-api.executionArn/*"`)
}

func TestPrivateRestApiWithIamAdmitsCallersOfItsAccount(t *testing.T) {
	policy := deployApi(t, withIam).Inputs(t, "api-policy")["policy"]
	assert.Contains(t, policy, `"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"}`)
}

func TestDeploymentIsCutAgainWhenThePrivateApiChanges(t *testing.T) {
	triggers := func(change func(*PrivateRestApiArgs)) map[string]any {
		return deployApi(t, change).Inputs(t, "api-deployment")["triggers"].(map[string]any)
	}
	before := triggers(unchanged)
	require.Equal(t, before, triggers(unchanged), "the same API has the same hashes")
	for _, row := range []struct {
		why, trigger string
		change       func(*PrivateRestApiArgs)
	}{
		{"the policy names another VPC", "policy", func(a *PrivateRestApiArgs) { a.VpcId = pulumi.String("vpc-2") }},
		{"the path differs", "route", func(a *PrivateRestApiArgs) { a.Routes[0].Path = "bye" }},
		{"the method differs", "route", func(a *PrivateRestApiArgs) { a.Routes[0].HttpMethod = "POST" }},
		{"the policy admits other callers", "policy", withIam},
		{"the endpoint was replaced", "endpoint", func(a *PrivateRestApiArgs) {
			a.EndpointId = pulumi.String("vpce-2")
		}},
		{"the authorization differs", "route", withIam},
		{"the method requires a key", "route", func(a *PrivateRestApiArgs) { a.Routes[0].ApiKeyRequired = true }},
		{"the function differs", "route", func(a *PrivateRestApiArgs) {
			name, arn := pulumi.String("other"), pulumi.String("other.arn")
			a.Routes[0].Backend = &Function{Name: name.ToStringOutput(), InvokeArn: arn.ToStringOutput()}
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			assert.NotEqual(t, before[row.trigger], triggers(row.change)[row.trigger])
		})
	}
}

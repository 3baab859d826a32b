package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recordApi registers an API with its account, function and key.
func recordApi(t *testing.T, change func(*PrivateRestApiArgs)) *tape {
	return record(t, func(ctx *pulumi.Context) error {
		account, err := NewApiAccount(ctx, "account", &ApiAccountArgs{Partition: "aws"})
		if err != nil {
			return err
		}
		function, err := NewFunction(ctx, "hello", &FunctionArgs{Partition: "aws", Archive: "hello.zip", MemorySize: 128, TimeoutSeconds: 10, LogRetentionDays: 30})
		if err != nil {
			return err
		}
		args := &PrivateRestApiArgs{
			Environment: Environment{Region: "us-east-1", AccountId: "123456789012", Partition: "aws"},
			VpcId:       pulumi.String("vpc-1"), EndpointId: pulumi.String("vpce-1"), Backend: function,
			Route: Route{Path: "hello", HttpMethod: "GET", Authorization: "NONE"},
			Stage: StageArgs{StageName: "prod", LoggingLevel: "ERROR", LogRetentionDays: 30, DependsOn: []pulumi.Resource{account}},
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

func TestPrivateRestApi(t *testing.T) {
	tp := recordApi(t, unchanged)
	assert.Equal(t, map[string]any{"types": "PRIVATE", "vpcEndpointIds": []any{"vpce-1"}}, tp.inputs(t, "api-api")["endpointConfiguration"])
	policy := tp.inputs(t, "api-policy")
	assert.Equal(t, "api-api.id", policy["restApiId"])
	assert.Contains(t, policy["policy"], `"StringNotEquals":{"aws:SourceVpc":"vpc-1"}`)
	assert.Contains(t, policy["policy"], `"Resource":"api-api.executionArn/*"`)
	assert.Equal(t, "api-api.executionArn/*/*", tp.inputs(t, "api-permission")["sourceArn"], "else any API of anyone may invoke")
	integration := tp.inputs(t, "api-integration")
	assert.Equal(t, []any{"AWS_PROXY", "POST", "GET", "hello-function.invokeArn"},
		[]any{integration["type"], integration["integrationHttpMethod"], integration["httpMethod"], integration["uri"]})
}

func TestDeploymentWaitsForWhatItTakesASnapshotOf(t *testing.T) {
	tp := recordApi(t, unchanged)
	assert.Subset(t, tp.waitsFor(t, "api-deployment"), []string{"api-policy", "api-resource", "api-method", "api-integration", "api-permission"})
	assert.Equal(t, "api-deployment.id", tp.inputs(t, "api-stage")["deployment"], "a literal would leave the stage on a deleted deployment")
	assert.NotContains(t, tp.inputs(t, "api-deployment"), "stageName", "the stage is a resource of its own")
	assert.Contains(t, tp.waitsFor(t, "api-stage"), "account-account", "a stage cannot log before the account can")
}

func TestDeploymentIsCutAnewWhenPolicyOrRouteChange(t *testing.T) {
	triggers := func(change func(*PrivateRestApiArgs)) map[string]any {
		return recordApi(t, change).inputs(t, "api-deployment")["triggers"].(map[string]any)
	}
	before := triggers(unchanged)
	require.Equal(t, before, triggers(unchanged), "the same contents have the same hashes")
	for _, row := range []struct {
		why, trigger string
		change       func(*PrivateRestApiArgs)
	}{
		{"another VPC in the policy", "policy", func(a *PrivateRestApiArgs) { a.VpcId = pulumi.String("vpc-2") }},
		{"another path", "route", func(a *PrivateRestApiArgs) { a.Route.Path = "bye" }},
		{"another method", "route", func(a *PrivateRestApiArgs) { a.Route.HttpMethod = "POST" }},
		{"another authorization allows other callers", "policy", func(a *PrivateRestApiArgs) { a.Route.Authorization = "AWS_IAM" }},
		{"another authorization", "route", func(a *PrivateRestApiArgs) { a.Route.Authorization = "AWS_IAM" }},
		{"a key required", "route", func(a *PrivateRestApiArgs) { a.Route.ApiKeyRequired = true }},
		{"another function", "route", func(a *PrivateRestApiArgs) {
			a.Backend = &Function{Name: pulumi.String("other").ToStringOutput(), InvokeArn: pulumi.String("other.arn").ToStringOutput()}
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			assert.NotEqual(t, before[row.trigger], triggers(row.change)[row.trigger])
		})
	}
}

// A deployment that depended on a value of what is deleted before it is replaced
// would itself be deleted, which AWS refuses under a stage.
func TestTriggersDoNotDependOnWhatIsDeletedFirst(t *testing.T) {
	tp := recordApi(t, unchanged)
	for _, urn := range tp.resources["api-deployment"].rpc.PropertyDependencies["triggers"].GetUrns() {
		assert.NotRegexp(t, "Method|Integration", urn)
	}
	assert.True(t, tp.resources["api-method"].rpc.DeleteBeforeReplace)
}

func TestIamCallersNeedAPermissionOfTheirOwnAccount(t *testing.T) {
	tp := recordApi(t, func(a *PrivateRestApiArgs) { a.Route.Authorization = "AWS_IAM" })
	assert.Contains(t, tp.inputs(t, "api-policy")["policy"], `"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"}`)
}

func TestExecutionLogsAreKeptAsLongAsAccessLogs(t *testing.T) {
	tp := recordApi(t, unchanged)
	assert.Equal(t, map[string]any{"name": "API-Gateway-Execution-Logs_api-api.id/prod", "retentionInDays": 30.0}, tp.inputs(t, "api-execution"))
	assert.Contains(t, tp.waitsFor(t, "api-settings"), "api-execution", "API Gateway would make one that is kept for ever")
	off := recordApi(t, func(a *PrivateRestApiArgs) { a.Stage.LoggingLevel = "OFF" })
	assert.NotContains(t, off.resources, "api-execution")
}

func TestStageLogsOneJsonLinePerRequest(t *testing.T) {
	tp := recordApi(t, unchanged)
	assert.Equal(t, map[string]any{"destinationArn": "api-access.arn", "format": accessLogFormat}, tp.inputs(t, "api-stage")["accessLogSettings"])
	assert.NotContains(t, accessLogFormat, "\n", "API Gateway takes one line")
	assert.JSONEq(t, `{
		"requestId": "$context.requestId", "ip": "$context.identity.sourceIp", "caller": "$context.identity.caller",
		"user": "$context.identity.user", "requestTime": "$context.requestTime", "httpMethod": "$context.httpMethod",
		"resourcePath": "$context.resourcePath", "status": "$context.status", "protocol": "$context.protocol",
		"responseLength": "$context.responseLength"
	}`, accessLogFormat)
}

func TestFunctionAndAccountHaveTheRolesOfTheirServices(t *testing.T) {
	tp := recordApi(t, unchanged)
	function := tp.inputs(t, "hello-function")
	assert.Equal(t, []any{"provided.al2023", []any{"arm64"}, "bootstrap"}, []any{function["runtime"], function["architectures"], function["handler"]})
	assert.Equal(t, map[string]any{"logFormat": "JSON", "logGroup": "hello-logs.name"}, function["loggingConfig"])
	assert.Contains(t, tp.inputs(t, "hello-role")["assumeRolePolicy"], "lambda.amazonaws.com")
	assert.Equal(t, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", tp.inputs(t, "hello-policy")["policyArn"])
	assert.Contains(t, tp.inputs(t, "account-role")["assumeRolePolicy"], "apigateway.amazonaws.com")
	assert.Contains(t, tp.waitsFor(t, "hello-function"), "hello-policy", "else the first invocations log nothing")
	assert.Contains(t, tp.waitsFor(t, "account-account"), "account-policy", "AWS checks that the role can write logs")
}

func TestApiKeyOpensTheStage(t *testing.T) {
	tp := recordApi(t, unchanged)
	assert.Equal(t, []any{map[string]any{"apiId": "api-api.id", "stage": "prod"}}, tp.inputs(t, "key-plan")["apiStages"])
	assert.Equal(t, map[string]any{"keyId": "key-key.id", "keyType": "API_KEY", "usagePlanId": "key-plan.id"}, tp.inputs(t, "key-plan-key"))
}

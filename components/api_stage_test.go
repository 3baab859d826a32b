package components

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDeploymentWaitsForEverythingInItsSnapshot(t *testing.T) {
	stack := deployApi(t, unchanged)
	assert.Subset(t, stack.Dependencies(t, "api-deployment"),
		[]string{"api-policy", "api-resource", "api-method", "api-integration", "api-permission"})
	assert.NotContains(t, stack.Inputs(t, "api-deployment"), "stageName", "the stage is a separate resource")
	assert.Equal(t, "api-deployment.id", stack.Inputs(t, "api-stage")["deployment"],
		"with a literal, the stage would stay on a deleted deployment")
	assert.Contains(t, stack.Dependencies(t, "api-stage"), "account-account",
		"a stage cannot log before the account can")
}

func TestStageLimitsTheRequestsOfAllMethods(t *testing.T) {
	settings := deployApi(t, unchanged).Inputs(t, "api-settings")
	assert.Equal(t, "*/*", settings["methodPath"])
	assert.Equal(t, []any{100.0, 200.0},
		pick(settings["settings"].(map[string]any), "throttlingRateLimit", "throttlingBurstLimit"))
}

func TestExecutionLogsAreKeptAsLongAsAccessLogs(t *testing.T) {
	stack := deployApi(t, unchanged)
	assert.Equal(t, map[string]any{"name": "API-Gateway-Execution-Logs_api-api.id/prod", "retentionInDays": 30.0},
		stack.Inputs(t, "api-execution"))
	assert.Contains(t, stack.Dependencies(t, "api-settings"), "api-execution",
		"otherwise API Gateway creates a group that is kept forever")
}

func TestExecutionLogsThatAreOffHaveNoGroup(t *testing.T) {
	off := deployApi(t, func(args *PrivateRestApiArgs) { args.Stage.LoggingLevel = LoggingOff })
	assert.NotContains(t, off.Resources(), "api-execution")
}

func TestStageLogsOneJsonLinePerRequest(t *testing.T) {
	settings := deployApi(t, unchanged).Inputs(t, "api-stage")["accessLogSettings"]
	assert.Equal(t, map[string]any{"destinationArn": "api-access.arn", "format": accessLogFormat}, settings)
	assert.NotContains(t, accessLogFormat, "\n", "API Gateway accepts one line")
	assert.JSONEq(t, `{
		"requestId": "$context.requestId", "extendedRequestId": "$context.extendedRequestId",
		"requestTime": "$context.requestTime", "apiId": "$context.apiId", "domainName": "$context.domainName",
		"ip": "$context.identity.sourceIp", "vpcId": "$context.identity.vpcId",
		"vpceId": "$context.identity.vpceId", "userAgent": "$context.identity.userAgent",
		"caller": "$context.identity.caller", "user": "$context.identity.user",
		"apiKeyId": "$context.identity.apiKeyId", "httpMethod": "$context.httpMethod",
		"resourcePath": "$context.resourcePath", "protocol": "$context.protocol", "status": "$context.status",
		"errorMessage": "$context.error.message", "errorType": "$context.error.responseType",
		"authorizerError": "$context.authorizer.error", "integrationError": "$context.integrationErrorMessage",
		"integrationStatus": "$context.integration.status", "integrationLatency": "$context.integration.latency",
		"responseLatency": "$context.responseLatency", "responseLength": "$context.responseLength"
	}`, accessLogFormat)
}

// API Gateway writes a hyphen for a variable without a value, and escapes nothing.
func TestAccessLogIsJsonWithAndWithoutAnError(t *testing.T) {
	variable := regexp.MustCompile(`\$context\.[a-zA-Z.]+`)
	assert.True(t, json.Valid([]byte(variable.ReplaceAllString(accessLogFormat, "-"))))
	assert.True(t, json.Valid([]byte(variable.ReplaceAllString(accessLogFormat, "Missing Authentication Token"))))
}

func TestClientCannotReplaceAFieldOfItsAccessLog(t *testing.T) {
	line := strings.Replace(accessLogFormat, "$context.identity.userAgent", `curl","status":"200`, 1)
	line = strings.Replace(line, "$context.error.message", `Forbidden","errorType":"none`, 1)
	fields := map[string]string{}
	require.NoError(t, json.Unmarshal([]byte(line), &fields))
	assert.Equal(t, "$context.status", fields["status"])
	assert.Equal(t, "$context.error.responseType", fields["errorType"])
}

func TestBothLogGroupsOfAStageHaveItsKey(t *testing.T) {
	stack := deployApi(t, func(args *PrivateRestApiArgs) { args.Stage.LogKmsKeyArn = "arn:key" })
	assert.Equal(t, "arn:key", stack.Inputs(t, "api-access")["kmsKeyId"])
	assert.Equal(t, "arn:key", stack.Inputs(t, "api-execution")["kmsKeyId"])
	assert.NotContains(t, deployApi(t, unchanged).Inputs(t, "api-access"), "kmsKeyId")
}

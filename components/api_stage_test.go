package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
		"requestId": "$context.requestId", "ip": "$context.identity.sourceIp", "caller": "$context.identity.caller",
		"user": "$context.identity.user", "requestTime": "$context.requestTime", "httpMethod": "$context.httpMethod",
		"resourcePath": "$context.resourcePath", "status": "$context.status", "protocol": "$context.protocol",
		"responseLength": "$context.responseLength"
	}`, accessLogFormat)
}

package main

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/runtimeapi"
	"private-api-blueprints/lambda/lambdatest"
)

// invocationIDs holds the IDs of two invocations, so that a test notices an
// answer with a fixed or a stale ID.
var invocationIDs = []struct{ lambda, api string }{
	{"8476a536-e9f4-11e8-9739-2dfe598c3fcd", "8ecb4541-a106-40db-9785-d3b564917845"},
	{"c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "f9421056-52bf-4d50-b23e-d41ae5bfcfe8"},
}

func TestFunctionAnswersAPIGatewayThroughTheRuntimeAPI(t *testing.T) {
	event, err := os.ReadFile("testdata/proxy_event.json")
	require.NoError(t, err)
	function := lambdatest.Start(t, lambdatest.Build(t))

	for _, ids := range invocationIDs {
		got := function.Invoke(t, ids.lambda, strings.ReplaceAll(string(event), "API_REQUEST_ID", ids.api))
		assert.Equal(t, ids.lambda, got.ID)
		require.Equal(t, runtimeapi.Response, got.Outcome, string(got.Body))
		assertGreeting(t, string(got.Body))
	}

	assertLog(t, function.Stop(t))
}

func TestFunctionDependsOnlyOnTheLambdaLibrary(t *testing.T) {
	info, err := buildinfo.ReadFile(lambdatest.Build(t))
	require.NoError(t, err)
	var modules []string
	for _, dep := range info.Deps {
		modules = append(modules, dep.Path)
	}
	assert.Equal(t, []string{"github.com/aws/aws-lambda-go"}, modules)
}

// assertGreeting checks that API Gateway would read the greeting from body.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
func assertGreeting(t *testing.T, body string) {
	t.Helper()
	var response struct {
		StatusCode      int               `json:"statusCode"`
		Headers         map[string]string `json:"headers"`
		Body            string            `json:"body"`
		IsBase64Encoded bool              `json:"isBase64Encoded"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &response), body)
	assert.Equal(t, 200, response.StatusCode)
	assert.Equal(t, map[string]string{"Content-Type": "application/json"}, response.Headers)
	assert.Equal(t, `{"message": "hello world"}`, response.Body)
	assert.False(t, response.IsBase64Encoded, "API Gateway would decode the plain text")
}

// assertLog checks that the log has one JSON line for each invocation, with both
// IDs and nothing that the client sent.
func assertLog(t *testing.T, log string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(log), "\n")
	require.Len(t, lines, len(invocationIDs), log)
	for i, ids := range invocationIDs {
		var line map[string]any
		require.NoError(t, json.Unmarshal([]byte(lines[i]), &line), lines[i])
		assert.Contains(t, line, "timestamp")
		delete(line, "timestamp")
		assert.Equal(t, map[string]any{
			"level": "INFO", "message": "request answered",
			"requestId": ids.lambda, "apiRequestId": ids.api,
		}, line)
	}
}

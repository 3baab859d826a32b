package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPathOfAResourceContainsThatOfItsParent(t *testing.T) {
	w := newWorld(t)
	child, err := w.create("resource",
		props{"restApi": w.id("api"), "parentId": w.id("resource"), "pathPart": "{proxy+}"})
	require.NoError(t, err)
	assert.Equal(t, "/hello/{proxy+}", find(w.account, apiResourceType, child).Output("path"))
}

func TestPrivateDomainNameHasAnID(t *testing.T) {
	w := newWorld(t)
	id := w.out("private domain", "domainNameId")
	assert.Equal(t, "api.example.com/"+id, w.id("private domain"))
	assert.Equal(t, "arn:aws:apigateway:us-east-1:123456789012:/domainnames/api.example.com+"+id,
		w.arn("private domain"))
	assert.Empty(t, w.out("private domain", "regionalDomainName"))
	assert.Regexp(t, `^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$`,
		w.out("domain", "regionalDomainName"))
}

func TestPrivateDomainNameTakesACertificateInEitherInput(t *testing.T) {
	w := newWorld(t)
	_, err := w.create("private domain",
		w.changed("private domain", props{"certificateArn": nil, "regionalCertificateArn": existingCertificate}))
	assert.NoError(t, err)
	w.id("private domain")
}

func TestKeyMayBelongToTwoUsagePlans(t *testing.T) {
	w := newWorld(t)
	w.id("plan key")
	second, err := w.create("plan", w.changed("plan", props{"name": "second"}))
	require.NoError(t, err)
	_, err = w.create("plan key", w.changed("plan key", props{"usagePlanId": second}))
	require.NoError(t, err)
	_, err = w.create("plan key", w.changed("plan key", props{"usagePlanId": second}))
	assert.ErrorContains(t, err, "already exists")
}

// TestDeletingTheAccountResourceKeepsTheLogRole has two stacks that set the same
// setting of the account.
func TestDeletingTheAccountResourceKeepsTheLogRole(t *testing.T) {
	w := newWorld(t)
	first := w.id("account")
	second, err := w.create("account", w.changed("account", nil))
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.NoError(t, w.delete("account"), "the first stack is deleted")
	_, _, ok := w.account.Read("us-east-1", gatewayAccountType, second)
	assert.True(t, ok, "the second stack still uses it")
	require.NoError(t, w.delete("account"))
	_, err = w.create("stage", w.changed("stage", logs("$context.requestId")))
	assert.NoError(t, err, "logging still works")
}

func TestResetOnDeleteRemovesTheLogRole(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("account", w.changed("account", props{"resetOnDelete": true}))
	require.NoError(t, err)
	w.ids["account"] = id
	require.NoError(t, w.delete("account"))
	_, err = w.create("stage", w.changed("stage", logs("$context.requestId")))
	assert.ErrorContains(t, err, "CloudWatch Logs role ARN must be set")
	_, outputs, ok := w.account.Read("us-east-1", gatewayAccountType, id)
	assert.True(t, ok, "every account has this setting")
	assert.Equal(t, "", outputs["cloudwatchRoleArn"].StringValue())
}

func TestInterruptedCommandKeepsTheLogRole(t *testing.T) {
	w := newWorld(t)
	w.id("account")
	_, err := w.account.Retain("dev", map[string][]string{})
	require.NoError(t, err)
	assert.NotEmpty(t, w.out("account", "cloudwatchRoleArn"))
}

func TestVPCLinkOfADeployedStageIsNotDeleted(t *testing.T) {
	w := newWorld(t)
	w.id("linked stage")
	// The API now uses another link, but its old deployment still uses the old one.
	require.NoError(t,
		w.update("private integration", w.changed("private integration", props{"connectionId": w.id("second link")})))
	err := w.delete("link")
	assertRefused(t, err, "BadRequestException")
	assert.ErrorContains(t, err, "is referenced in [ANY:"+w.id("proxy")+":v1]")
	require.NoError(t, w.delete("second link"), "a link that was never deployed blocks nothing")

	next, err := w.create("linked deployment", w.changed("linked deployment", nil))
	require.NoError(t, err)
	require.NoError(t, w.update("linked stage", w.changed("linked stage", props{"deployment": next})))
	assert.NoError(t, w.delete("link"))
}

func TestVPCLinkOfAStageVariableIsNotDeleted(t *testing.T) {
	w := newWorld(t)
	w.ids["private integration"], _ = w.create("private integration",
		w.changed("private integration", props{"connectionId": "${stageVariables.link}"}))
	variables := props{"variables": map[string]any{"link": w.id("link")}}
	require.NoError(t, w.update("linked stage", w.changed("linked stage", variables)))
	assertRefused(t, w.delete("link"), "BadRequestException")
}

// servedBy returns the methods that a deployment serves, and its policy.
func servedBy(w *world, deployment string) (methods []string, policy string) {
	snapshot := find(w.account, deploymentType, deployment).Private.Object("snapshot")
	for _, m := range snapshot.Objects("methods") {
		methods = append(methods, m.String("method")+" "+m.String("path")+" "+m.Object("integration").String("type"))
	}
	return methods, snapshot.String("policy")
}

func TestADeploymentServesWhatTheApiHadWhenItWasCut(t *testing.T) {
	w := newWorld(t)
	w.id("private integration")
	w.id("api policy")
	first := w.id("deployment")
	want := []string{"GET / AWS_PROXY", "ANY /{proxy+} HTTP_PROXY"}
	methods, policy := servedBy(w, first)
	assert.Equal(t, want, methods)
	assert.Contains(t, policy, "execute-api:Invoke")

	require.NoError(t, w.delete("private integration"))
	require.NoError(t, w.delete("proxy method"))
	methods, _ = servedBy(w, first)
	assert.Equal(t, want, methods, "a deleted route is served until the next deployment")
	next, err := w.create("deployment", w.changed("deployment", nil))
	require.NoError(t, err)
	methods, _ = servedBy(w, next)
	assert.Equal(t, want[:1], methods)
}

func TestADeploymentServesTheOperationsOfADocument(t *testing.T) {
	w := newWorld(t)
	methods, policy := servedBy(w, w.id("document deployment"))
	assert.Equal(t, []string{"GET / MOCK"}, methods)
	assert.NotEmpty(t, policy)
}

func TestADeploymentHasTheSettingsOfResources(t *testing.T) {
	w := newWorld(t)
	w.id("integration response")
	w.id("gateway response")
	w.id("authorizer")
	snapshot := find(w.account, deploymentType, w.id("deployment")).Private.Object("snapshot")
	method := snapshot.Objects("methods")[0]
	assert.Equal(t, "NONE", method.String("authorization"))
	assert.Equal(t, "POST", method.Object("integration").String("integrationHttpMethod"))
	assert.Equal(t, 29000, method.Object("integration").Int("timeoutMilliseconds"))
	responses := method.Objects("responses")
	require.Len(t, responses, 1)
	assert.Equal(t, "200", responses[0].String("statusCode"))
	assert.Equal(t, "'Origin'", responses[0].Object("responseParameters").String("method.response.header.Vary"))
	require.Len(t, snapshot.Objects("gatewayResponses"), 1)
	assert.Equal(t, "DEFAULT_4XX", snapshot.Objects("gatewayResponses")[0].String("responseType"))
	require.Len(t, snapshot.Objects("authorizers"), 1)
	assert.Equal(t, w.id("authorizer"), snapshot.Objects("authorizers")[0].String("id"))
}

func TestADeploymentHasTheSettingsOfADocument(t *testing.T) {
	w := newWorld(t)
	api, err := w.create("api", props{"name": "document", "endpointConfiguration": props{"types": "REGIONAL"},
		"binaryMediaTypes": []any{"image/png"}, "body": `
openapi: 3.0.1
info: {title: a, version: "1"}
x-amazon-apigateway-binary-media-types: [application/pdf]
x-amazon-apigateway-api-key-source: AUTHORIZER
x-amazon-apigateway-policy: {Version: "2012-10-17", Statement: []}
x-amazon-apigateway-gateway-responses: {THROTTLED: {statusCode: 503}}
components:
  securitySchemes:
    key: {type: apiKey, name: x-api-key, in: header}
    sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
    tokens:
      type: apiKey
      name: Auth
      in: header
      x-amazon-apigateway-authorizer: {type: token, authorizerUri: uri, authorizerResultTtlInSeconds: 0}
    pool:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: [arn]}
paths:
  /a:
    get:
      security: [{sigv4: [], key: []}]
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "https://example.com",
        timeoutInMillis: 70, tlsConfig: {insecureSkipVerification: true},
        responses: {default: {statusCode: 200}, 4xx: {statusCode: 404}}}
    post: {security: [{tokens: []}], x-amazon-apigateway-integration: {type: mock}}
    put: {security: [{pool: []}], x-amazon-apigateway-integration: {type: mock}}
    patch: {x-amazon-apigateway-auth: {type: aws_iam}, x-amazon-apigateway-integration: {type: mock}}
    delete: {x-amazon-apigateway-integration: {type: mock}}
`})
	require.NoError(t, err)
	id, err := w.create("deployment", props{"restApi": api})
	require.NoError(t, err)
	snapshot := find(w.account, deploymentType, id).Private.Object("snapshot")
	assert.Equal(t, []any{"image/png"}, snapshot["binaryMediaTypes"], "a property comes before the document")
	assert.Equal(t, "AUTHORIZER", snapshot.String("apiKeySource"))
	assert.Equal(t, "REGIONAL", snapshot.Object("endpointConfiguration").String("types"))
	assert.JSONEq(t, `{"Version":"2012-10-17","Statement":[]}`, snapshot.String("policy"))
	assert.Equal(t, "503", snapshot.Objects("gatewayResponses")[0].String("statusCode"))
	tokens := snapshot.Objects("authorizers")[1]
	assert.Equal(t, "method.request.header.Auth", tokens.String("identitySource"))
	assert.Equal(t, 0, tokens.Int("authorizerResultTtlInSeconds"))
	methods := map[string]props{}
	for _, m := range snapshot.Objects("methods") {
		methods[m.String("method")] = m
	}
	for method, want := range map[string]string{"GET": "AWS_IAM", "POST": "CUSTOM", "PUT": "COGNITO_USER_POOLS",
		"PATCH": "AWS_IAM", "DELETE": "NONE"} {
		assert.Equal(t, want, methods[method].String("authorization"), method)
	}
	assert.True(t, methods["GET"].Bool("apiKeyRequired"))
	assert.False(t, methods["DELETE"].Bool("apiKeyRequired"))
	assert.Equal(t, "tokens", methods["POST"].String("authorizerId"))
	integration := methods["GET"].Object("integration")
	assert.Equal(t, 70, integration.Int("timeoutMilliseconds"))
	assert.True(t, integration.Object("tlsConfig").Bool("insecureSkipVerification"))
	responses := methods["GET"].Objects("responses")
	require.Len(t, responses, 2)
	assert.Equal(t, "4xx", responses[0].String("selectionPattern"))
	assert.Empty(t, responses[1].String("selectionPattern"))
}

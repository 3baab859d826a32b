package openapi

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// orders returns the document of the example.
func orders(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/openapi/orders.yaml")
	require.NoError(t, err)
	return string(text)
}

func TestADocumentSaysWhatAnswersAndWhoMayCall(t *testing.T) {
	document, problems := Parse([]byte(orders(t)))
	require.Empty(t, problems)
	assert.Equal(t, []Operation{
		{Path: "/orders", Method: "GET", Function: "orders", Authorization: "AWS_IAM"},
		{Path: "/orders", Method: "POST", Function: "orders", Authorization: "AWS_IAM", ApiKeyRequired: true},
		{Path: "/orders/{id}", Method: "ANY", Function: "orders", Authorization: "AWS_IAM"},
		{Path: "/health", Method: "GET", Authorization: "NONE"},
		{Path: "/version", Method: "GET", Backend: Mock, Authorization: "NONE"},
	}, document.Operations)
}

func TestADocumentIsSentWithTheURIsOfItsFunctions(t *testing.T) {
	document, _ := Parse([]byte(orders(t)))
	text := document.JSON(map[string]string{"": "arn:hello", "orders": "arn:orders"}, "vpce-1")
	assert.NotContains(t, text, "${")
	assert.Contains(t, text, `"uri":"arn:hello"`)
	assert.Contains(t, text, `"servers":[{"url":"/","x-amazon-apigateway-endpoint-configuration":`+
		`{"vpcEndpointIds":["vpce-1"]}}]`)
	assert.NotContains(t, document.JSON(nil, ""), "servers", "a regional API has no endpoint")
}

func TestJSONAndYAMLAreTheSame(t *testing.T) {
	document, _ := Parse([]byte(orders(t)))
	var indented strings.Builder
	encoder := json.NewEncoder(&indented)
	encoder.SetIndent("", "\t")
	require.NoError(t, encoder.Encode(document.root))
	again, problems := Parse([]byte(indented.String()))
	require.Empty(t, problems)
	assert.Equal(t, document.root, again.root)
}

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	_, problems := Parse([]byte(`
openapi: 3.1.0
security: [{key: []}]
x-amazon-apigateway-policy: {}
servers: [{url: /, x-amazon-apigateway-endpoint-configuration: {}}]
paths:
  orders: {}
  /ref: {$ref: other.yaml}
  /none: {trace: {}, description: nothing}
  /a:
    get: {}
    put: {x-amazon-apigateway-integration: {type: lambda}}
    post: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: GET, uri: "${function}"}}
    delete: {x-amazon-apigateway-integration: {type: http, httpMethod: POST, uri: "${functions.a}"}}
    patch: {x-amazon-apigateway-integration: {type: http, httpMethod: GET, uri: "https://${host}/"}}
    head:
      security: [{}, {nothing: []}, {basic: []}, {lambda: []}, {jwt: []}, {silent: []}]
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations
    options:
      security: [{sigv4: [], pool: []}]
      x-amazon-apigateway-integration: {type: http_proxy}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
    lambda: {type: apiKey, in: header, name: X-Token, x-amazon-apigateway-authorizer: {type: token}}
    jwt: {type: apiKey, in: header, name: X-Token, x-amazon-apigateway-authorizer: {type: jwt}}
    silent:
      type: apiKey
      in: header
      name: Unused
      x-amazon-apigateway-authorizer: {type: request, authorizerUri: "${function}"}
    sigv4: {type: apiKey, x-amazon-apigateway-authtype: awsSigv4}
    pool: {type: apiKey, in: header, name: X-Token, x-amazon-apigateway-authorizer: {type: cognito_user_pools}}
`))
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	for _, want := range []string{
		`openapi: "3.1.0": want 3.0.x, the version that API Gateway reads`,
		"info.title: required: the name of the API",
		"security: API Gateway does not apply it to a REST API; want it in each operation",
		"x-amazon-apigateway-policy: want it without: the stack writes the resource policy",
		"servers[0].x-amazon-apigateway-endpoint-configuration: want it without",
		"paths.orders: want a slash before each segment",
		"paths./ref.$ref: want the operations here",
		"paths./none.trace: API Gateway has no such method", "paths./none: want an operation, such as get",
		"paths./a.get.x-amazon-apigateway-integration: required: what answers the operation",
		`paths./a.put.x-amazon-apigateway-integration.type: "lambda": want aws, aws_proxy, http, http_proxy or mock`,
		`paths./a.post.x-amazon-apigateway-integration.httpMethod: "GET": want POST: Lambda accepts no other`,
		`paths./a.delete.x-amazon-apigateway-integration.type: "http": want aws_proxy with a function`,
		`paths./a.patch.x-amazon-apigateway-integration.uri: "https://${host}/": want ${function} or ${functions.NAME}`,
		`invocations": want ${function} or ${functions.NAME}, with a function of the stack's configuration`,
		"paths./a.head.security: has an empty requirement",
		`paths./a.head.security: "nothing": want a name among components.securitySchemes`,
		"components.securitySchemes.basic: want x-amazon-apigateway-authtype: awsSigv4",
		`components.securitySchemes.lambda.x-amazon-apigateway-authorizer.authorizerUri: "": want ${function} or`,
		"components.securitySchemes.jwt: want x-amazon-apigateway-authorizer of the type token, request or",
		"components.securitySchemes.silent: want a header in identitySource",
		"paths./a.options.security: wants AWS_IAM and TOKEN; want one of them",
		"paths./a.options.x-amazon-apigateway-integration.uri: required with the type http_proxy",
	} {
		assert.Contains(t, strings.Join(lines, "\n"), want)
	}
	assert.Len(t, lines, 23)
}

func TestATextThatIsNoDocumentIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"[1, 2]":                           "it is not an object",
		"a: {":                             "want a document in JSON or YAML",
		"":                                 "it is not an object",
		"paths: {/a: {}, /a: {}}":          `it has "/a" twice in line 1`,
		"a: &a [*a]":                       "want a document in JSON or YAML",
		"a: &a {b: 1}\nc:\n  <<: *a":       "it has the merge key << in line 3; want the members themselves",
		"a: {b: .inf}":                     "it has the number .inf in line 1; want a finite one",
		"a: [-.Inf]":                       "it has the number -.Inf in line 1; want a finite one",
		"a: .nan":                          "it has the number .nan in line 1; want a finite one",
		"swagger: '2.0'\npaths: {}":        "swagger: want openapi: 3.0.x",
		"openapi: 3.0.0\ninfo: {title: a}": "paths: required",
		strings.Repeat("{a: ", 70) + strings.Repeat("}", 70): "nested too deep",
	} {
		document, problems := Parse([]byte(text))
		assert.Nil(t, document, text)
		assert.Contains(t, fmt.Sprint(problems), want, text)
	}
}

func TestUserPoolsDecideAboutTokens(t *testing.T) {
	document, problems := Parse([]byte(`
openapi: 3.0.1
info: {title: pools}
paths:
  /:
    get:
      security: [{pool: []}]
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: GET
        uri: "https://www.example.com/${stageVariables.path}"
components:
  securitySchemes:
    pool:
      type: apiKey
      in: header
      name: X-Token
      x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: []}
`))
	require.Empty(t, problems)
	assert.Equal(t, []Operation{{Path: "/", Method: "GET", Backend: Elsewhere, Authorization: "TOKEN"}},
		document.Operations)
	assert.Equal(t, "X-Token", document.TokenHeader)
}

// operation returns a document with one operation, GET /a, that has some members.
func operation(members string) string {
	return "openapi: 3.0.1\ninfo: {title: a}\npaths: {/a: {get: {" + members + "}}}\n"
}

// refusal returns what is wrong with a document whose only operation has some members.
func refusal(operationMembers string) string {
	_, problems := Parse([]byte(operation(operationMembers)))
	return fmt.Sprint(problems)
}

func TestAReferenceToAnIntegrationIsRefused(t *testing.T) {
	refused := refusal(`x-amazon-apigateway-integration: {$ref: "#/components/x-amazon-apigateway-integrations/a"}`) +
		refusal(`x-amazon-apigateway-integration: {type: mock, $ref: {}}`)
	assert.Equal(t, 2, strings.Count(refused, "paths./a.get.x-amazon-apigateway-integration.$ref: "+
		"want the integration here: only HTTP APIs have references to integrations"), refused)
}

func TestAFunctionIsInvokedWithPOSTWhateverTheType(t *testing.T) {
	integration := func(uri, method string) string {
		return fmt.Sprintf("x-amazon-apigateway-integration: {type: aws, httpMethod: %s, uri: %q}", method, uri)
	}
	for _, uri := range []string{"${function}", "${functions.orders}"} {
		assert.Contains(t, refusal(integration(uri, "GET")),
			`paths./a.get.x-amazon-apigateway-integration.httpMethod: "GET": want POST: Lambda accepts no other`)
		assert.Equal(t, "[]", refusal(integration(uri, "POST")))
	}
	assert.Equal(t, "[]", refusal(integration("arn:aws:apigateway:us-east-1:s3:path/bucket/key", "GET")))
}

func TestAnAuthorizationThatTheStackDoesNotKnowIsRefused(t *testing.T) {
	const mock = ", x-amazon-apigateway-integration: {type: mock}"
	for _, auth := range []string{"{type: CUSTOM}", "{type: COGNITO_USER_POOLS}", "{type: [AWS_IAM]}", "AWS_IAM"} {
		assert.Contains(t, refusal("x-amazon-apigateway-auth: "+auth+mock), "want AWS_IAM or NONE", auth)
	}
	for auth, want := range map[string]string{"AWS_IAM": "AWS_IAM", "aws_iam": "AWS_IAM", "NONE": "NONE"} {
		document, problems := Parse([]byte(operation("x-amazon-apigateway-auth: {type: " + auth + "}" + mock)))
		require.Empty(t, problems)
		assert.Equal(t, want, document.Operations[0].Authorization)
	}
}

func TestWhatOnlyLooksLikeAMergeOrAnInfiniteNumberIsAText(t *testing.T) {
	document, problems := Parse([]byte(operation(`"<<": ".inf", x-huge: 1e999, x-mock: &m 1, ` +
		`x-amazon-apigateway-integration: {type: mock}`)))
	require.Empty(t, problems)
	assert.Contains(t, document.JSON(nil, ""), `"\u003c\u003c":".inf"`)
}

func TestOnlyTheURIOfAnIntegrationStandsForAFunction(t *testing.T) {
	document, problems := Parse([]byte(operation(`description: "calls ${function}", ` +
		`x-amazon-apigateway-integration: {type: aws, httpMethod: POST, uri: "${function}", ` +
		`requestTemplates: {application/json: "${function}"}}`)))
	require.Empty(t, problems)
	text := document.JSON(map[string]string{"": `arn:"hello"`}, "")
	assert.JSONEq(t, `{"openapi": "3.0.1", "info": {"title": "a"}, "paths": {"/a": {"get": {
		"description": "calls ${function}", "x-amazon-apigateway-integration": {"type": "aws", "httpMethod": "POST",
			"uri": "arn:\"hello\"", "requestTemplates": {"application/json": "${function}"}}
	}}}}`, text)
	assert.Contains(t, document.JSON(nil, ""), `"uri":"${function}"`, "the document itself stays as it is")
}

const tokens = `
openapi: 3.0.3
info: {title: tokens}
paths:
  /orders:
    get: {security: [{byToken: []}], x-amazon-apigateway-integration: {type: mock}}
    put: {security: [{byRequest: []}], x-amazon-apigateway-integration: {type: mock}}
components:
  securitySchemes:
    byToken:
      type: apiKey
      in: header
      name: X-Token
      x-amazon-apigateway-authorizer: {type: token, authorizerUri: "${functions.tokens}"}
    byRequest:
      type: apiKey
      in: header
      name: Unused
      x-amazon-apigateway-authtype: custom
      x-amazon-apigateway-authorizer:
        type: request
        identitySource: "method.request.querystring.q, method.request.header.X-Token"
        authorizerUri: "${function}"
    unused:
      type: apiKey
      in: header
      name: X-Other
      x-amazon-apigateway-authorizer:
        type: token
        authorizerUri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations
        authorizerCredentials: arn:aws:iam::123456789012:role/api
`

func TestFunctionsDecideAboutTokens(t *testing.T) {
	document, problems := Parse([]byte(tokens))
	require.Empty(t, problems)
	assert.Equal(t, "X-Token", document.TokenHeader)
	assert.Equal(t, []string{"", "tokens"}, document.Authorizers)
	for _, o := range document.Operations {
		assert.Equal(t, "TOKEN", o.Authorization)
	}
	text := document.JSON(map[string]string{"": "arn:hello", "tokens": "arn:tokens"}, "")
	assert.Contains(t, text, `"authorizerUri":"arn:tokens"`)
	assert.Contains(t, text, `"authorizerUri":"arn:hello"`)
	assert.Contains(t, document.JSON(nil, ""), `"authorizerUri":"${function}"`, "the document itself stays as it is")
}

func TestTheStackMustBeAbleToLetTheApiInvokeAFunctionThatDecides(t *testing.T) {
	_, problems := Parse([]byte(strings.ReplaceAll(tokens, "authorizerCredentials", "nothing")))
	require.Len(t, problems, 1)
	assert.Equal(t, "components.securitySchemes.unused.x-amazon-apigateway-authorizer.authorizerUri", problems[0].At)
	assert.Contains(t, problems[0].Reason, `/functions/f/invocations": want ${function}`)
}

package components

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/openapi"
)

const document = `
openapi: 3.0.0
info: {title: orders}
paths:
  /orders: {get: {x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: "${functions.orders}"}}}
`

// withDocument has the API of the tests described by an OpenAPI document.
func withDocument(t *testing.T, text string) func(*PrivateRestApiArgs) {
	return func(args *PrivateRestApiArgs) {
		parsed, problems := openapi.Parse([]byte(text))
		require.Empty(t, problems)
		args.Document = &Document{parsed, map[string]Backend{
			"orders": &ExistingFunction{environment, "arn:aws:lambda:us-east-1:123456789012:function:orders:live"},
		}}
		args.Routes = []ServedRoute{{Route: Route{Path: "orders", HttpMethod: "GET", Authorization: AuthorizationNone}}}
	}
}

func TestADocumentDescribesTheApiWithItsPolicy(t *testing.T) {
	stack := deployApi(t, withDocument(t, document))
	api := stack.Inputs(t, "api-api")
	assert.Equal(t, "overwrite", api["putRestApiMode"], "a merge would keep operations that the document no longer has")
	assert.Contains(t, api["body"], "functions/arn:aws:lambda:us-east-1:123456789012:function:orders:live/invocations")
	assert.Contains(t, api["body"], `"vpcEndpointIds":["vpce-1"]`)
	assert.Contains(t, api["policy"], `"Resource":"arn:aws:execute-api:us-east-1:123456789012:*/*"`)
	assert.Contains(t, api["policy"], `"aws:SourceVpc":"vpc-1"`)
	assert.NotContains(t, stack.Resources(), "api-policy", "the import would take it away")
	assert.NotContains(t, stack.Resources(), "api-method")
	assert.Equal(t, "live", stack.Inputs(t, "api-fn-orders-permission")["qualifier"])
	assert.Contains(t, stack.Dependencies(t, "api-deployment"), "api-fn-orders-permission")
}

func TestADeploymentFollowsTheDocumentAndItsPolicy(t *testing.T) {
	triggers := func(change func(*PrivateRestApiArgs)) map[string]any {
		return deployApi(t, func(args *PrivateRestApiArgs) {
			withDocument(t, document)(args)
			change(args)
		}).Inputs(t, "api-deployment")["triggers"].(map[string]any)
	}
	before := triggers(unchanged)
	other := triggers(withDocument(t, strings.ReplaceAll(document, "/orders", "/items")))
	assert.NotEqual(t, before["document"], other["document"])
	signed := triggers(withIam)
	assert.NotEqual(t, before["policy"], signed["policy"])
	assert.Contains(t, before, "endpoint")
}

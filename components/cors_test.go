package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// withCors has the API of the tests admit pages of two other origins. Callers of one
// route sign.
func withCors(args *PrivateRestApiArgs) {
	withRoutes(args)
	args.Cors = &Cors{
		Origins: []string{"https://a.example", "https://b.example"}, Headers: []string{"Content-Type", "X-Api-Key"},
		MaxAgeSeconds: 600,
	}
}

func TestApiGatewayAnswersABrowserOnThePathOfEveryRoute(t *testing.T) {
	stack := deployApi(t, withCors)
	for _, path := range []string{"hello", "orders", "orders/{id}"} {
		method := stack.Inputs(t, "api-method/OPTIONS/"+path)
		assert.Equal(t, []any{"OPTIONS", "NONE", false}, pick(method, "httpMethod", "authorization", "apiKeyRequired"))
		integration := stack.Inputs(t, "api-integration/OPTIONS/"+path)
		assert.Equal(t, []any{"MOCK", map[string]any{"application/json": `{"statusCode": 204}`}},
			pick(integration, "type", "requestTemplates"))
		declared := stack.Inputs(t, "api-method-response/OPTIONS/"+path)["responseParameters"].(map[string]any)
		given := stack.Inputs(t, "api-integration-response/OPTIONS/"+path)["responseParameters"].(map[string]any)
		for header := range given {
			assert.Equal(t, true, declared[header], "AWS refuses a header that the method does not declare")
		}
		assert.Equal(t, "'https://a.example'", given["method.response.header.Access-Control-Allow-Origin"])
	}
	methods := func(path string) any {
		headers := stack.Inputs(t, "api-integration-response/OPTIONS/"+path)["responseParameters"].(map[string]any)
		return headers["method.response.header.Access-Control-Allow-Methods"]
	}
	assert.Equal(t, "'GET,OPTIONS'", methods("orders"))
	assert.Equal(t, "'DELETE,GET,HEAD,PATCH,POST,PUT,OPTIONS'", methods("orders/{id}"))
}

func TestTheAnswerNamesThePagesOwnOriginIfThereAreSeveral(t *testing.T) {
	const name = "api-integration-response/OPTIONS/hello"
	template := deployApi(t, withCors).Inputs(t, name)["responseTemplates"].(map[string]any)["application/json"]
	assert.Contains(t, template, `$origin == "https://a.example" || $origin == "https://b.example"`)
	one := deployApi(t, func(args *PrivateRestApiArgs) {
		withCors(args)
		args.Cors.Origins = args.Cors.Origins[:1]
	})
	assert.NotContains(t, one.Inputs(t, name), "responseTemplates")
	const header = "gatewayresponse.header.Access-Control-Allow-Origin"
	assert.Equal(t, map[string]any{header: "'https://a.example'"}, one.Inputs(t, "api-cors-5xx")["responseParameters"])
}

func TestEveryoneMayAskAndOnlyCallersMayCall(t *testing.T) {
	policy := deployApi(t, withCors).Inputs(t, "api-policy")["policy"].(string)
	assert.Contains(t, policy, `"api-api.executionArn/*/GET/orders","api-api.executionArn/*/OPTIONS/*"]`)
	assert.Contains(t, policy, `"api-api.executionArn/*/DELETE/orders/*"`)
	assert.NotContains(t, policy, `executionArn/*/*/orders/*`, "it covers OPTIONS")
}

func TestADeploymentFollowsCors(t *testing.T) {
	triggers := func(change func(*Cors)) any {
		return deployApi(t, func(args *PrivateRestApiArgs) {
			withCors(args)
			change(args.Cors)
		}).Inputs(t, "api-deployment")["triggers"].(map[string]any)["cors"]
	}
	before := triggers(func(*Cors) {})
	assert.NotEmpty(t, before)
	for _, change := range []func(*Cors){
		func(c *Cors) { c.Origins = c.Origins[:1] },
		func(c *Cors) { c.Headers = nil },
		func(c *Cors) { c.MaxAgeSeconds = 0 },
	} {
		assert.NotEqual(t, before, triggers(change))
	}
	assert.NotContains(t, deployApi(t, unchanged).Inputs(t, "api-deployment")["triggers"], "cors",
		"an API without it keeps its deployment")
}

func TestADeploymentWaitsForTheAnswers(t *testing.T) {
	assert.Subset(t, deployApi(t, withCors).Dependencies(t, "api-deployment"), []string{
		"api-integration-response/OPTIONS/hello", "api-method-response/OPTIONS/orders/{id}", "api-cors-4xx",
	})
}

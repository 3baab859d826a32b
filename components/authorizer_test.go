package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// withTokens has the API of the tests ask a function about tokens.
func withTokens(args *PrivateRestApiArgs) {
	args.Routes[0].Authorization = AuthorizationToken
	args.Authorizer = &AuthorizerArgs{
		Function: &ExistingFunction{environment, "arn:aws:lambda:us-east-1:123456789012:function:tokens:live"},
		Header:   "X-Token",
	}
}

func TestAnAuthorizerDecidesForTheRoutesThatWantTokens(t *testing.T) {
	stack := deployApi(t, func(args *PrivateRestApiArgs) {
		withRoutes(args)
		withTokens(args)
	})
	assert.Equal(t, []any{"CUSTOM", "api-authorizer.id"},
		pick(stack.Inputs(t, "api-method"), "authorization", "authorizerId"))
	assert.Equal(t, []any{"NONE", nil}, pick(stack.Inputs(t, "api-method/GET/orders"), "authorization", "authorizerId"))
	assert.Equal(t, []any{"tokens", "live", "api-api.executionArn/authorizers/api-authorizer.id"},
		pick(stack.Inputs(t, "api-authorizer-permission"), "function", "qualifier", "sourceArn"))
	assert.Subset(t, stack.Dependencies(t, "api-deployment"), []string{"api-authorizer", "api-authorizer-permission"})
}

func TestADeploymentFollowsTheAuthorizer(t *testing.T) {
	triggers := func(change func(*AuthorizerArgs)) any {
		return deployApi(t, func(args *PrivateRestApiArgs) {
			withTokens(args)
			change(args.Authorizer)
		}).Inputs(t, "api-deployment")["triggers"].(map[string]any)["authorizer"]
	}
	before := triggers(func(*AuthorizerArgs) {})
	assert.NotEmpty(t, before)
	for _, change := range []func(*AuthorizerArgs){
		func(a *AuthorizerArgs) { a.CacheSeconds = 60 },
		func(a *AuthorizerArgs) { a.Header = "Authorization" },
		func(a *AuthorizerArgs) { a.Function = nil },
	} {
		assert.NotEqual(t, before, triggers(change))
	}
}

package components

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTriggersDoNotDependOnResourcesThatAreDeletedFirst(t *testing.T) {
	stack := deployApi(t, unchanged)
	urns := stack.Request(t, "api-deployment").PropertyDependencies["triggers"].GetUrns()
	assert.NotEmpty(t, urns)
	for _, urn := range urns {
		assert.NotRegexp(t, "Method|Integration", urn,
			"the deployment would be deleted with it, which AWS refuses while a stage uses the deployment")
	}
	assert.True(t, stack.Request(t, "api-method").DeleteBeforeReplace)
}

func TestRouteKeepsItsTextInTriggers(t *testing.T) {
	route := Route{Path: "hello", HttpMethod: "GET", Authorization: AuthorizationNone}
	assert.Equal(t, "{Path:hello HttpMethod:GET Authorization:NONE ApiKeyRequired:false}", fmt.Sprintf("%+v", route),
		"with another text, every deployed stack would cut a new deployment")
}

// withRoutes adds two routes to the API of the tests: one on a path below that of
// the other, and signed.
func withRoutes(args *PrivateRestApiArgs) {
	orders := &ExistingFunction{environment, "arn:aws:lambda:us-east-1:123456789012:function:orders:live"}
	args.Routes = append(args.Routes,
		ServedRoute{Route{"orders", "GET", AuthorizationNone, false}, orders, "-fn-orders"},
		ServedRoute{Route{"orders/{id}", "ANY", AuthorizationIam, false}, orders, "-fn-orders"},
	)
}

func TestFurtherRoutesShareResourcesAndLeaveTheFirstAlone(t *testing.T) {
	stack := deployApi(t, withRoutes)
	assert.Equal(t, "hello", stack.Inputs(t, "api-resource")["pathPart"])
	assert.Equal(t, []any{"api-resource/orders.id", "{id}"},
		pick(stack.Inputs(t, "api-resource/orders/{id}"), "parentId", "pathPart"))
	assert.Equal(t, []any{"api-resource/orders.id", "GET", "NONE"},
		pick(stack.Inputs(t, "api-method/GET/orders"), "resourceId", "httpMethod", "authorization"))
	assert.Equal(t, "AWS_IAM", stack.Inputs(t, "api-method/ANY/orders/{id}")["authorization"])
	assert.Equal(t, []any{"orders", "live"}, pick(stack.Inputs(t, "api-fn-orders-permission"), "function", "qualifier"))
	before := deployApi(t, unchanged).Inputs(t, "api-deployment")["triggers"].(map[string]any)
	after := stack.Inputs(t, "api-deployment")["triggers"].(map[string]any)
	assert.Equal(t, before["route"], after["route"], "the first route is as it was")
	assert.Contains(t, after, "moreRoutes")
	assert.NotContains(t, before, "moreRoutes", "an API with one route keeps its deployment")
}

func TestADeploymentWaitsForEveryRoute(t *testing.T) {
	stack := deployApi(t, withRoutes)
	dependencies := fmt.Sprint(stack.Request(t, "api-deployment").Dependencies)
	for _, name := range []string{
		"api-integration/ANY/orders/{id}", "api-method/GET/orders", "api-resource/orders", "api-fn-orders-permission",
	} {
		assert.Contains(t, dependencies, "::"+name)
	}
}

func TestAResourcePolicyTellsSignedRoutesFromOpenOnes(t *testing.T) {
	policy := deployApi(t, withRoutes).Inputs(t, "api-policy")["policy"]
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "api-api.executionArn/*",
			"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}},
		{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
			"Resource": ["api-api.executionArn/*/GET/hello", "api-api.executionArn/*/GET/orders"]},
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "execute-api:Invoke",
			"Resource": ["api-api.executionArn/*/*/orders/*"]}
	]}`, policy.(string))
}

func TestTheOwnerOfAFunctionElsewhereGivesThePermission(t *testing.T) {
	foreign := &ExistingFunction{environment, "arn:aws:lambda:us-east-1:111122223333:function:orders"}
	stack := deployApi(t, func(args *PrivateRestApiArgs) { args.Routes[0].Backend = foreign })
	assert.NotContains(t, stack.Resources(), "api-permission")
	assert.Equal(t, "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"+foreign.Arn+"/invocations",
		stack.Inputs(t, "api-integration")["uri"])
}

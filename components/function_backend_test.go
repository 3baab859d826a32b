package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOnlyItsOwnApiMayInvokeTheFunction(t *testing.T) {
	stack := deployApi(t, unchanged)
	assert.Equal(t, "api-api.executionArn/*/*", stack.Inputs(t, "api-permission")["sourceArn"],
		"otherwise every API of every account may invoke it")
	assert.Equal(t, []any{"AWS_PROXY", "POST", "GET", "hello-function.invokeArn"},
		pick(stack.Inputs(t, "api-integration"), "type", "integrationHttpMethod", "httpMethod", "uri"))
}

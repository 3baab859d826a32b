package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAccountLogsWithARoleOfApiGateway(t *testing.T) {
	stack := deployApi(t, unchanged)
	assert.Contains(t, stack.Inputs(t, "account-role")["assumeRolePolicy"], "apigateway.amazonaws.com")
	assert.Contains(t, stack.Dependencies(t, "account-account"), "account-policy",
		"AWS checks that the role can write logs")
}

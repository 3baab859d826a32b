package components

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestApiKeyGivesAccessToTheStage(t *testing.T) {
	stack := deployApi(t, unchanged)
	assert.Equal(t, []any{map[string]any{"apiId": "api-api.id", "stage": "prod"}},
		stack.Inputs(t, "key-plan")["apiStages"])
	assert.Equal(t, map[string]any{"keyId": "key-key.id", "keyType": "API_KEY", "usagePlanId": "key-plan.id"},
		stack.Inputs(t, "key-plan-key"))
}

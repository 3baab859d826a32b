package catalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTwoFunctionsMayHaveTheSameStatementID(t *testing.T) {
	w := newWorld(t)
	w.id("permission")
	other := props{"function": w.arn("second function")}
	id, err := w.create("permission", w.changed("permission", other))
	require.NoError(t, err, "a statement ID is unique in the policy of one function")
	assert.NotEqual(t, w.id("permission"), id)
	_, err = w.create("permission", w.changed("permission", props{"function": "bye"}))
	assert.ErrorContains(t, err, "The statement id (bye/one) provided already exists")
}

func TestFunctionShowsTheVPCOfItsSubnets(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, w.id("vpc"), w.object("vpc function").Outputs().Object("vpcConfig").String("vpcId"))
	require.NoError(t, w.update("vpc function", w.changed("vpc function", props{"vpcConfig": nil})))
	assert.NotContains(t, w.object("vpc function").Outputs(), "vpcConfig")
}

func TestInlinePolicyAllowsAFunctionInAVPC(t *testing.T) {
	w := newWorld(t)
	inputs := w.changed("vpc function", nil)
	require.NoError(t, w.delete("vpc access"))
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:CreateNetwork*","Resource":"*"}]}`
	inline := props{"inlinePolicies": []any{map[string]any{"name": "eni", "policy": policy}}}
	require.NoError(t, w.update("role", w.changed("role", inline)))
	_, err := w.create("vpc function", inputs)
	assert.NoError(t, err)
}

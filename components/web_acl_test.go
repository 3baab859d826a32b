package components

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestStageIsProtectedByItsWebAclOnly(t *testing.T) {
	const arn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/apis/a1b2c3d4-5678-90ab-cdef-1234567890ab"
	stack := deployApi(t, func(args *PrivateRestApiArgs) { args.Stage.WebAclArn = arn })
	assert.Equal(t, map[string]any{"webAclArn": arn, "resourceArn": "api-stage.arn"}, stack.Inputs(t, "api-web-acl"))
	assert.Equal(t, stack.Request(t, "api-stage").GetVersion(), stack.Request(t, "api-web-acl").GetVersion(),
		"with another version, the engine would start another provider")
	assert.NotContains(t, deployApi(t, unchanged).Resources(), "api-web-acl")
}

func TestTheVersionOfTheProviderIsThatOfItsSdk(t *testing.T) {
	module, err := os.ReadFile("../go.mod")
	require.NoError(t, err)
	assert.Contains(t, string(module), "github.com/pulumi/pulumi-aws/sdk/v6 v"+awsVersion+"\n")
}

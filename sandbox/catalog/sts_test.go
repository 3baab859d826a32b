package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func TestCallerIsAUserOrAnAssumedRole(t *testing.T) {
	account, _ := open(t)
	const roles = "arn:aws:iam::210987654321:role/"
	const session = "arn:aws:sts::210987654321:assumed-role/consumer/"
	for _, test := range []struct {
		caller cloud.Caller
		want   string
	}{
		{cloud.Caller{}, "arn:aws:iam::123456789012:user/sandbox"},
		{cloud.Caller{Role: roles + "consumer"}, session + "sandbox"},
		{cloud.Caller{Role: roles + "path/consumer", Session: "ci-17"}, session + "ci-17"},
	} {
		out, err := account.Invoke(test.caller, "aws:index/getCallerIdentity:getCallerIdentity", nil)
		require.NoError(t, err)
		assert.Equal(t, test.want, out["arn"].StringValue())
		assert.Equal(t, strings.Split(test.want, ":")[4], out["accountId"].StringValue())
	}
}

package catalog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func TestPartitionIsThatOfTheRegion(t *testing.T) {
	account, _ := open(t)
	for region, want := range map[string]string{
		"cn-north-1": "aws-cn cn.com.amazonaws", "us-gov-west-1": "aws-us-gov com.amazonaws",
		"eu-west-1": "aws com.amazonaws",
	} {
		out, err := account.Invoke(cloud.Caller{Region: region}, "aws:index/getPartition:getPartition", nil)
		require.NoError(t, err)
		assert.Equal(t, want, out["partition"].StringValue()+" "+out["reverseDnsPrefix"].StringValue(), region)
	}
}

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

package catalog

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func TestAccountSurvivesBetweenCommands(t *testing.T) {
	account, path := open(t)
	id, outputs, err := account.Create("us-east-1", urn("a"), elasticIPType, resource.PropertyMap{})
	require.NoError(t, err)

	again, err := cloud.Open(path, New())
	require.NoError(t, err)
	_, read, ok := again.Read("us-east-1", elasticIPType, id)
	require.True(t, ok)
	assert.Equal(t, outputs, read)
}

// TestLogRoleOfApiGatewayOutlivesItsResource: the setting is the account's, and
// two stacks that make it make the same one.
func TestLogRoleOfApiGatewayOutlivesItsResource(t *testing.T) {
	w := newWorld(t)
	first := w.id("account")
	second, err := w.create("account", w.changed("account", nil))
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.NoError(t, w.delete("account"), "the first stack goes")
	_, _, ok := w.account.Read("us-east-1", gatewayAccountType, second)
	assert.True(t, ok, "the second stack still has it")
	require.NoError(t, w.delete("account"))
	_, err = w.create("stage", w.changed("stage", logs("$context.requestId")))
	assert.NoError(t, err, "logging goes on")
}

func TestLogRoleOfApiGatewayIsTakenAwayOnRequest(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("account", w.changed("account", props{"resetOnDelete": true}))
	require.NoError(t, err)
	w.ids["account"] = id
	require.NoError(t, w.delete("account"))
	_, err = w.create("stage", w.changed("stage", logs("$context.requestId")))
	assert.ErrorContains(t, err, "CloudWatch Logs role ARN must be set")
	_, outputs, ok := w.account.Read("us-east-1", gatewayAccountType, id)
	assert.True(t, ok, "every account has its settings")
	assert.Equal(t, "", outputs["cloudwatchRoleArn"].StringValue())
}

func TestInterruptedCommandLeavesTheLogRole(t *testing.T) {
	w := newWorld(t)
	w.id("account")
	_, err := w.account.Retain("dev", map[string][]string{})
	require.NoError(t, err)
	assert.NotEmpty(t, w.out("account", "cloudwatchRoleArn"))
}

// TestSettingsOfTwoRegionsAreTwo: ids made of names repeat in every region.
func TestSettingsOfTwoRegionsAreTwo(t *testing.T) {
	account, _ := open(t)
	ids := map[string]string{}
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		id, _, err := account.Create(region, urn(region), logGroupType,
			engine(props{"name": "/api", "retentionInDays": 1.0}))
		require.NoError(t, err)
		ids[region] = id
	}
	out, err := account.Update("eu-west-1", logGroupType, ids["eu-west-1"],
		engine(props{"name": "/api", "retentionInDays": 30.0}))
	require.NoError(t, err)
	assert.Contains(t, out["arn"].StringValue(), "eu-west-1")
	_, read, _ := account.Read("us-east-1", logGroupType, ids["us-east-1"])
	assert.EqualValues(t, 1, read["retentionInDays"].NumberValue(), "the other region's is as it was")

	require.NoError(t, account.Delete("eu-west-1", logGroupType, ids["eu-west-1"]))
	_, _, ok := account.Read("us-east-1", logGroupType, ids["us-east-1"])
	assert.True(t, ok)
	_, _, ok = account.Read("eu-west-1", logGroupType, ids["eu-west-1"])
	assert.False(t, ok)
}

func TestRetainForgetsOnlyWhatTheStackDoesNotKnow(t *testing.T) {
	account, _ := open(t)
	known, _, err := account.Create("us-east-1", urn("known"), elasticIPType, resource.PropertyMap{})
	require.NoError(t, err)
	lost, _, err := account.Create("us-east-1", urn("lost"), elasticIPType, resource.PropertyMap{})
	require.NoError(t, err)
	other, _, err := account.Create("us-east-1", "urn:pulumi:prod::p::aws:ec2/eip:Eip::x", elasticIPType,
		resource.PropertyMap{})
	require.NoError(t, err)

	removed, err := account.Retain("dev", map[string][]string{urn("known"): {known}})
	require.NoError(t, err)
	assert.Equal(t, []string{elasticIPType + " " + lost}, removed)
	for _, id := range []string{known, other} {
		_, _, ok := account.Read("us-east-1", elasticIPType, id)
		assert.True(t, ok, "%s was made by another stack or is known", id)
	}
}

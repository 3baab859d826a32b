package catalog

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

// TestTheSameIDInTwoRegionsNamesTwoObjects has a log group, whose name is its ID.
func TestTheSameIDInTwoRegionsNamesTwoObjects(t *testing.T) {
	account, _ := open(t)
	ids := map[string]string{}
	for _, region := range []string{"us-east-1", "eu-west-1"} {
		id, _, err := account.Create(region, urn(region), logGroupType,
			engine(props{"name": "/api", "retentionInDays": 1.0}))
		require.NoError(t, err)
		ids[region] = id
	}
	out, err := account.Update("eu-west-1", logGroupType, ids["eu-west-1"],
		engine(props{"name": "/api", "retentionInDays": 30.0}), cloud.Secrets{})
	require.NoError(t, err)
	assert.Contains(t, out["arn"].StringValue(), "eu-west-1")
	_, read, _ := account.Read("us-east-1", logGroupType, ids["us-east-1"])
	assert.EqualValues(t, 1, read["retentionInDays"].NumberValue(), "the other region is unchanged")

	require.NoError(t, account.Delete("eu-west-1", logGroupType, ids["eu-west-1"]))
	_, _, ok := account.Read("us-east-1", logGroupType, ids["us-east-1"])
	assert.True(t, ok)
	_, _, ok = account.Read("eu-west-1", logGroupType, ids["eu-west-1"])
	assert.False(t, ok)
}

func TestRetainRemovesOnlyWhatTheStateDoesNotKnow(t *testing.T) {
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

func TestExistingObjectsAreTheSameInEveryAccount(t *testing.T) {
	one, _ := open(t)
	two, _ := open(t)
	for i, obj := range one.Objects() {
		assert.Equal(t, obj.Outputs(), two.Objects()[i].Outputs(), obj.ID)
	}
}

func TestSavingLeavesOneCompleteFile(t *testing.T) {
	account, path := open(t)
	for range 3 {
		_, _, err := account.Create("us-east-1", urn("a"), elasticIPType, resource.PropertyMap{})
		require.NoError(t, err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, files, 1, "no temporary files stay behind")
}

func TestDamagedFileIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "account.json")
	require.NoError(t, os.WriteFile(path, []byte(`[{"type":`), 0o600))
	_, err := cloud.Open(path, New())
	assert.ErrorContains(t, err, path)
}

// TestAccountOfAnOlderVersionGetsTheExistingObjects edits the account's file: what
// exists already is missing there, or has other inputs.
func TestAccountOfAnOlderVersionGetsTheExistingObjects(t *testing.T) {
	const shared, service = "vpc-0e1f2a3b4c5d6e7f8", "vpce-svc-0c0c0c0c0c0c0c0c0"
	account, path := open(t)
	now := find(account, vpcType, shared).Outputs()
	id, _, err := account.Create("us-east-1", urn("a"), elasticIPType, nil) // Writes the file.
	require.NoError(t, err)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var objects []*cloud.Object
	require.NoError(t, json.Unmarshal(data, &objects))
	objects = slices.DeleteFunc(objects, func(o *cloud.Object) bool { return o.ID == service })
	for _, o := range objects {
		if o.ID == shared {
			delete(o.Inputs, "assignGeneratedIpv6CidrBlock")
			delete(o.Computed, "ipv6CidrBlock")
		}
	}
	data, err = json.Marshal(objects)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, data, 0o600))

	again, err := cloud.Open(path, New())
	require.NoError(t, err)
	assert.Equal(t, now, find(again, vpcType, shared).Outputs())
	assert.NotNil(t, find(again, endpointServiceType, service))
	assert.NotNil(t, find(again, elasticIPType, id), "objects of a stack stay")
}

func TestIDsLookLikeThoseOfAWS(t *testing.T) {
	w := newWorld(t)
	for thing, pattern := range map[string]string{
		"vpc":      `vpc-[0-9a-f]{17}`,
		"endpoint": `vpce-[0-9a-f]{17}`,
		"eip":      `eipalloc-[0-9a-f]{17}`,
		"api":      `[a-z0-9]{10}`,
		"zone":     `Z[0-9A-F]{20}`,
		"stage":    `ags-[a-z0-9]{10}-v1`,
		"record":   `Z0123456789EXAMPLE01_a\.example\.com_A`,
	} {
		assert.Regexp(t, "^"+pattern+"$", w.id(thing))
	}
	assert.True(t, strings.HasPrefix(w.arn("certificate"), "arn:aws:acm:us-east-1:123456789012:certificate/"))
}

// TestRemovedInputsStayIfAWSWouldDecideThem removes inputs in an update, and gives
// empty ones.
func TestRemovedInputsStayIfAWSWouldDecideThem(t *testing.T) {
	for _, row := range []struct {
		object string
		change props
		output string
		want   any
	}{
		{"endpoint", props{"securityGroupIds": nil}, "securityGroupIds", []any{"${group}"}},
		{"nlb with group", props{"securityGroups": nil}, "securityGroups", []any{"${group}"}},
		{"nlb with logs", props{"accessLogs": nil}, "accessLogs",
			map[string]any{"bucket": "${bucket}", "enabled": true}},
		{"nlb", props{"internal": nil}, "internal", true},
		{"listener", props{"sslPolicy": nil}, "sslPolicy", "ELBSecurityPolicy-2016-08"},
	} {
		t.Run(row.object, func(t *testing.T) {
			w := newWorld(t)
			w.id(row.object)
			require.NoError(t, w.update(row.object, w.changed(row.object, row.change)))
			assert.Equal(t, w.fill(row.want), w.object(row.object).Outputs()[row.output])
		})
	}
}

func TestASettingOfTheAccountExistsBeforeAnybodySetsIt(t *testing.T) {
	account, _ := open(t)
	_, read, ok := account.Read("eu-west-1", gatewayAccountType, "api-gateway-account")
	require.True(t, ok)
	assert.Empty(t, read["cloudwatchRoleArn"].StringValue())
	_, _, ok = account.Read("eu-west-1", roleType, "nobody")
	assert.False(t, ok)
}

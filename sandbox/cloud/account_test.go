package cloud

import (
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func urn(name string) string {
	return "urn:pulumi:dev::private-api-blueprints::aws:ec2/eip:Eip::" + name
}

func open(t *testing.T) (*Account, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "account.json")
	account, err := Open(path)
	require.NoError(t, err)
	return account, path
}

func TestAccountSurvivesBetweenCommands(t *testing.T) {
	account, path := open(t)
	id, outputs, err := account.Create("us-east-1", urn("a"), eipType, resource.PropertyMap{})
	require.NoError(t, err)

	again, err := Open(path)
	require.NoError(t, err)
	_, read, ok := again.Read(eipType, id)
	require.True(t, ok)
	assert.Equal(t, outputs, read)
}

func TestRetainForgetsOnlyWhatTheStackDoesNotKnow(t *testing.T) {
	account, _ := open(t)
	known, _, err := account.Create("us-east-1", urn("known"), eipType, resource.PropertyMap{})
	require.NoError(t, err)
	lost, _, err := account.Create("us-east-1", urn("lost"), eipType, resource.PropertyMap{})
	require.NoError(t, err)
	other, _, err := account.Create("us-east-1", "urn:pulumi:prod::p::aws:ec2/eip:Eip::x", eipType, resource.PropertyMap{})
	require.NoError(t, err)

	removed, err := account.Retain("dev", map[string][]string{urn("known"): {known}})
	require.NoError(t, err)
	assert.Equal(t, []string{eipType + " " + lost}, removed)
	for _, id := range []string{known, other} {
		_, _, ok := account.Read(eipType, id)
		assert.True(t, ok, "%s was made by another stack or is known", id)
	}
}

package recorded

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTwoRecordingsOfOneStackAreEqual(t *testing.T) {
	one, err := Normalize([]byte(`{"resources": [
		{"urn": "b", "properties": {"at": "2026-11-28 04:01:48.931 +0000 UTC"},
			"propertyDependencies": {"x": {"urns": ["d", "c"]}}},
		{"urn": "a", "dependencies": ["c", "b"], "properties": {"path": "/home/one/bin/hello.zip"}},
		{"urn": "urn:pulumi:dev::one::pulumi:pulumi:Stack::one-dev"},
		{"urn": "urn:pulumi:dev::one::aws:ec2/vpc:Vpc::vpc"}]}`))
	require.NoError(t, err)
	other, err := Normalize([]byte(`{"resources":[
		{"urn": "a", "dependencies": ["b", "c"], "properties": {"path": "/home/other/bin/hello.zip"}},
		{"urn": "urn:pulumi:dev::other::pulumi:pulumi:Stack::other-dev"},
		{"urn": "urn:pulumi:dev::other::aws:ec2/vpc:Vpc::vpc"},
		{"urn": "b", "properties": {"at": "2027-01-02 03:04:05 +0000 UTC"},
			"propertyDependencies": {"x": {"urns": ["c", "d"]}}}]}`))
	require.NoError(t, err)
	assert.Equal(t, string(one), string(other))
	third, err := Normalize([]byte(`{"resources": [{"urn": "a"}]}`))
	require.NoError(t, err)
	assert.NotEqual(t, string(one), string(third))
}

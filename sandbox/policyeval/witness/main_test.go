package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEachPolicyGetsALine(t *testing.T) {
	const policy = `{\"Statement\": ` +
		`{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}}`
	const request = `{"Action": "a:B", "Resource": "arn:aws:s3:::c"}`
	in := `{"Policy": "` + policy + `", "Request": ` + request + "}\n" + `{"Policy": "[]", "Request": ` + request + `}`
	var out strings.Builder
	require.NoError(t, run(strings.NewReader(in), &out))
	lines := strings.Split(out.String(), "\n")
	assert.Equal(t, "Deny", lines[0])
	assert.Contains(t, lines[1], "the policy is not JSON")
	assert.Error(t, run(strings.NewReader("{"), &out))
}

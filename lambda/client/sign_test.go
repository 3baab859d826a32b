package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSignedRequestNamesTheHostThatItSendsAndTheSession(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token",
		"AWS_REGION": "eu-west-1", "IP_VERSION": "4",
		"REQUESTS": `[{"url": "https://example.com/prod/hello", "host": "` + apiName + `", "sign": true}]`,
	} {
		t.Setenv(name, value)
	}
	var got *http.Request
	site := serve(t, true, func(_ http.ResponseWriter, r *http.Request) { got = r })
	_, err := clientOf(site).Invoke(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, []string{apiName, "token"}, []string{got.Host, got.Header.Get("X-Amz-Security-Token")})
	assert.Contains(t, got.Header.Get("Authorization"), "/eu-west-1/execute-api/aws4_request, "+
		"SignedHeaders=host;x-amz-date;x-amz-security-token, ")
}

package main

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The test suite of AWS for Signature Version 4 has this request as get-vanilla.
// https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html
func TestSignatureIsThatOfAWSsTestSuite(t *testing.T) {
	req, err := http.NewRequest(http.MethodGet, "https://example.amazonaws.com/", nil)
	require.NoError(t, err)
	signer{
		accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
		region: "us-east-1", service: "service",
	}.sign(req, time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC))
	assert.Equal(t, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "+
		"SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
		req.Header.Get("Authorization"))
}

func TestPathIsEncodedOnceMoreThanItIsSent(t *testing.T) {
	for path, want := range map[string]string{
		"": "/", "/prod/hello": "/prod/hello", "/prod/a b": "/prod/a%2520b", "/prod/a:b~c": "/prod/a%3Ab~c",
	} {
		assert.Equal(t, want, canonicalPath(&url.URL{Path: path}), path)
	}
}

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

package sigv4

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
	Signer{
		AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
		Region: "us-east-1", Service: "service",
	}.Sign(req, nil, time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC))
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

func TestQueryAndBodyAreSigned(t *testing.T) {
	signature := func(url, body string) string {
		req, err := http.NewRequest(http.MethodPost, url, nil)
		require.NoError(t, err)
		Signer{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret", Region: "us-east-1", Service: "service"}.
			Sign(req, []byte(body), time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC))
		return req.Header.Get("Authorization")
	}
	const url = "https://example.amazonaws.com/"
	assert.Equal(t, signature(url+"?b=2&a=1", ""), signature(url+"?a=1&b=2", ""), "parameters are sorted")
	assert.NotEqual(t, signature(url+"?a=1", ""), signature(url+"?a=2", ""))
	assert.NotEqual(t, signature(url, "one"), signature(url, "two"))
}

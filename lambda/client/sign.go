package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// signer signs requests with Signature Version 4.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type signer struct {
	accessKeyID, secretAccessKey, sessionToken string
	region, service                            string
}

// signerFromEnv returns a signer for API Gateway with the credentials of the
// function's role, which Lambda puts into the environment.
func signerFromEnv() signer {
	return signer{
		os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN"),
		os.Getenv("AWS_REGION"), "execute-api",
	}
}

// sign adds the headers that sign a request without a query and without a body.
func (s signer) sign(req *http.Request, at time.Time) {
	stamp := at.UTC().Format("20060102T150405Z")
	scope := strings.Join([]string{stamp[:8], s.region, s.service, "aws4_request"}, "/")
	req.Header.Set("X-Amz-Date", stamp)
	headers, names := "host:"+req.Host+"\nx-amz-date:"+stamp+"\n", "host;x-amz-date"
	if s.sessionToken != "" {
		req.Header.Set("X-Amz-Security-Token", s.sessionToken)
		headers, names = headers+"x-amz-security-token:"+s.sessionToken+"\n", names+";x-amz-security-token"
	}
	request := strings.Join([]string{req.Method, canonicalPath(req.URL), "", headers, names, hash("")}, "\n")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, hash(request)}, "\n")
	key := []byte("AWS4" + s.secretAccessKey)
	for _, part := range strings.Split(scope, "/") {
		key = mac(key, part)
	}
	req.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x",
		s.accessKeyID, scope, names, mac(key, text)))
}

// canonicalPath returns the path of a URL as it is signed: encoded once more than
// it is sent.
func canonicalPath(u *url.URL) string {
	if u.Path == "" {
		return "/"
	}
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range segments {
		segments[i] = strings.ReplaceAll(url.QueryEscape(segment), "+", "%20")
	}
	return strings.Join(segments, "/")
}

// hash returns the SHA-256 of a text in hexadecimal.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// mac returns the HMAC of a text by SHA-256.
func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

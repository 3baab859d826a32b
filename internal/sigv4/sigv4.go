// Package sigv4 signs requests to AWS with Signature Version 4.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Signer signs requests to a service in a region.
type Signer struct {
	AccessKeyID, SecretAccessKey string
	SessionToken                 string // Empty for a user's access key.
	Region, Service              string
}

// Sign adds the headers that sign a request with a body. The body may be empty.
func (s Signer) Sign(req *http.Request, body []byte, at time.Time) {
	stamp := at.UTC().Format("20060102T150405Z")
	scope := strings.Join([]string{stamp[:8], s.Region, s.Service, "aws4_request"}, "/")
	req.Header.Set("X-Amz-Date", stamp)
	headers, names := "host:"+req.Host+"\nx-amz-date:"+stamp+"\n", "host;x-amz-date"
	if s.SessionToken != "" {
		req.Header.Set("X-Amz-Security-Token", s.SessionToken)
		headers, names = headers+"x-amz-security-token:"+s.SessionToken+"\n", names+";x-amz-security-token"
	}
	query := strings.ReplaceAll(req.URL.Query().Encode(), "+", "%20")
	request := strings.Join(
		[]string{req.Method, canonicalPath(req.URL), query, headers, names, hash(string(body))}, "\n")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", stamp, scope, hash(request)}, "\n")
	key := []byte("AWS4" + s.SecretAccessKey)
	for _, part := range strings.Split(scope, "/") {
		key = mac(key, part)
	}
	req.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x",
		s.AccessKeyID, scope, names, mac(key, text)))
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

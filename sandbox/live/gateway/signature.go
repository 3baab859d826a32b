package gateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"private-api-blueprints/sandbox/live/identity"
)

// algorithm is the only way of signing that API Gateway verifies.
const algorithm = "AWS4-HMAC-SHA256"

// clockSkew is how much the clocks of client and API Gateway may differ.
const clockSkew = 5 * time.Minute

// signature is the signature of a request, from its headers or its query.
type signature struct {
	keyID, date, region, service string
	signed                       []string // Header names.
	value, token, stamp          string
	expires                      time.Duration // Of a signature in the query.
	inQuery                      bool
}

// refusal returns the failure of a request whose signature is not accepted.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
func refusal(kind, code, message string) *failure {
	return &failure{kind: kind, status: http.StatusForbidden, code: code, message: message, reason: message}
}

// verify returns the caller who has signed the request.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func (x *exchange) verify() (*identity.Caller, *failure) {
	s, f := x.readSignature()
	if f != nil {
		return nil, f
	}
	caller, secret := identity.Find(x.g.inv, s.keyID, x.served.String("policy"))
	if caller == nil || s.token != secret.SessionToken {
		return nil, refusal("DEFAULT_4XX", "UnrecognizedClientException",
			"The security token included in the request is invalid.")
	}
	invalid := func(format string, args ...any) *failure {
		return refusal("INVALID_SIGNATURE", "InvalidSignatureException", fmt.Sprintf(format, args...))
	}
	at, err := time.Parse("20060102T150405Z", s.stamp)
	age := x.begun.Sub(at)
	switch {
	case err != nil || !strings.HasPrefix(s.stamp, s.date):
		return nil, invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "+
			"HTTP: "+
			"'%s' != '%s', from '%s'.", s.date, first(s.stamp, 8), s.stamp)
	case s.region != x.arrival.Region:
		return nil, invalid("Credential should be scoped to a valid region, not '%s'. ", s.region)
	case s.service != "execute-api":
		return nil, invalid("Credential should be scoped to correct service: 'execute-api'. ")
	case age > max(clockSkew, s.expires):
		return nil, invalid("Signature expired: %s is now earlier than %s (%s - 5 min.)", s.stamp,
			x.begun.Add(-clockSkew).UTC().Format("20060102T150405Z"), x.begun.UTC().Format("20060102T150405Z"))
	case age < -clockSkew:
		return nil, invalid("Signature not yet current: %s is still later than %s (%s + 5 min.)", s.stamp,
			x.begun.Add(clockSkew).UTC().Format("20060102T150405Z"), x.begun.UTC().Format("20060102T150405Z"))
	case !slices.Contains(s.signed, "host"):
		return nil, invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	want := s.sign(x.canonicalRequest(s), secret.SecretAccessKey)
	if !hmac.Equal([]byte(want), []byte(s.value)) {
		return nil, invalid("The request signature we calculated does not match the signature you provided. Check " +
			"your " +
			"AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	return caller, nil
}

// first returns the first characters of a text.
func first(s string, n int) string { return s[:min(n, len(s))] }

// readSignature returns the signature of the request.
func (x *exchange) readSignature() (signature, *failure) {
	query, header := x.r.URL.Query(), x.r.Header.Get("Authorization")
	if query.Get("X-Amz-Algorithm") == algorithm {
		seconds, _ := strconv.Atoi(query.Get("X-Amz-Expires")) // None is 0: it has expired soon.
		s := signature{value: query.Get("X-Amz-Signature"), token: query.Get("X-Amz-Security-Token"),
			stamp: query.Get("X-Amz-Date"), expires: time.Duration(seconds) * time.Second, inQuery: true,
			signed: strings.Split(query.Get("X-Amz-SignedHeaders"), ";")}
		return s.scoped(query.Get("X-Amz-Credential"))
	}
	if header == "" {
		return signature{}, refusal("MISSING_AUTHENTICATION_TOKEN", "MissingAuthenticationTokenException",
			"Missing Authentication Token")
	}
	parameters, isSignature := strings.CutPrefix(header, algorithm)
	fields := map[string]string{}
	for _, part := range strings.FieldsFunc(parameters, func(r rune) bool { return r == ',' || r == ' ' }) {
		key, value, found := strings.Cut(part, "=")
		if !found {
			sum := sha256.Sum256([]byte(part))
			return signature{}, refusal("DEFAULT_4XX", "IncompleteSignatureException", fmt.Sprintf(
				"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded "+
					"with Base64): '%s'.", base64.StdEncoding.EncodeToString(sum[:])))
		}
		fields[key] = value
	}
	s := signature{value: fields["Signature"], signed: strings.Split(fields["SignedHeaders"], ";"),
		stamp: x.r.Header.Get("X-Amz-Date"), token: x.r.Header.Get("X-Amz-Security-Token")}
	var missing []string
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if fields[name] == "" || !isSignature {
			missing = append(missing, "Authorization header requires '"+name+"' parameter.")
		}
	}
	if s.stamp == "" {
		missing = append(missing, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' "+
			"header.")
	}
	if missing != nil {
		return s, refusal("DEFAULT_4XX", "IncompleteSignatureException", strings.Join(missing, " "))
	}
	return s.scoped(fields["Credential"])
}

// scoped returns the signature with the parts of its credential.
func (s signature) scoped(credential string) (signature, *failure) {
	parts := strings.Split(credential, "/")
	if len(parts) != 5 || parts[4] != "aws4_request" {
		return s, refusal("DEFAULT_4XX", "IncompleteSignatureException",
			"Credential must have exactly 5 slash-delimited "+
				"elements, e.g. keyid/date/region/service/term, got '"+credential+"'")
	}
	s.keyID, s.date, s.region, s.service = parts[0], parts[1], parts[2], parts[3]
	return s, nil
}

// canonicalRequest returns the request as it is signed.
func (x *exchange) canonicalRequest(s signature) string {
	segments := strings.Split(x.r.URL.EscapedPath(), "/")
	for i, segment := range segments {
		segments[i] = escape(segment)
	}
	query := x.r.URL.Query()
	if s.inQuery {
		query.Del("X-Amz-Signature")
	}
	var pairs []string
	for key, values := range query {
		for _, value := range values {
			pairs = append(pairs, escape(key)+"="+escape(value))
		}
	}
	slices.Sort(pairs)
	var headers strings.Builder
	for _, name := range s.signed {
		values := x.r.Header.Values(name)
		switch name {
		case "host":
			values = []string{x.r.Host}
		case "content-length":
			values = []string{strconv.FormatInt(x.r.ContentLength, 10)}
		}
		joined := strings.Join(strings.Fields(strings.Join(values, ",")), " ")
		headers.WriteString(name + ":" + joined + "\n")
	}
	payload := x.r.Header.Get("X-Amz-Content-Sha256")
	if payload == "" || payload != "UNSIGNED-PAYLOAD" {
		payload = hash(x.body)
	}
	return strings.Join([]string{x.r.Method, or(strings.Join(segments, "/"), "/"), strings.Join(pairs, "&"),
		headers.String(), strings.Join(s.signed, ";"), payload}, "\n")
}

// sign returns the signature of a canonical request by a secret key.
func (s signature) sign(canonical, secret string) string {
	scope := []string{s.date, s.region, s.service, "aws4_request"}
	text := strings.Join([]string{algorithm, s.stamp, strings.Join(scope, "/"), hash([]byte(canonical))}, "\n")
	key := []byte("AWS4" + secret)
	for _, part := range append(scope, text) {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(part))
		key = m.Sum(nil)
	}
	return hex.EncodeToString(key)
}

// hash returns the SHA-256 of data in hexadecimal.
func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// escape returns a text as it is encoded in a canonical request.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

package gateway

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/function"
	"private-api-blueprints/sandbox/live/identity"
)

// policyOf returns a policy with statements in short: an effect, and a condition or none.
func policyOf(statements ...string) string {
	var all []string
	for i := 0; i < len(statements); i += 2 {
		condition := ""
		if statements[i+1] != "" {
			condition = `,"Condition":{` + statements[i+1] + `}`
		}
		all = append(all, `{"Effect":"`+statements[i]+`","Principal":"*","Action":"execute-api:Invoke",`+
			`"Resource":"execute-api:/*"`+condition+`}`)
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(all, ",") + `]}`
}

func TestTheResourcePolicyDecides(t *testing.T) {
	const denied = `{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: ` +
		`arn:aws:execute-api:us-east-1:********9012:api0000001/v1/GET/hello`
	for _, row := range []struct {
		kind, policy, body, why string
		a                       arrivalOf
	}{
		{"PRIVATE", everyone, "", "everybody is allowed", endpoint},
		{"PRIVATE", onlyVPC, "", "the VPC is the right one", endpoint},
		{
			"PRIVATE", policyOf("Deny", `"StringNotEquals":{"aws:SourceVpc":"vpce-0a1b2c3d4e5f60718"}`, "Allow", ""),
			denied + ` with an explicit deny"}`, "an endpoint's ID under aws:SourceVpc locks everybody out",
			endpoint,
		},
		{
			"PRIVATE", policyOf("Allow", `"StringEquals":{"aws:SourceVpce":"vpce-0a1b2c3d4e5f60718"}`), "",
			"the endpoint",
			endpoint,
		},
		{
			"PRIVATE", policyOf("Allow", `"StringEquals":{"aws:SourceVpce":"vpce-0fffffffffffffff0"}`), denied + `"}`,
			"another endpoint: an implicit deny", endpoint,
		},
		{
			"PRIVATE", policyOf("Allow", `"IpAddress":{"aws:VpcSourceIp":"172.20.10.0/24"}`), "",
			"the client's address behind an endpoint is aws:VpcSourceIp", endpoint,
		},
		{
			"PRIVATE", policyOf("Allow", `"IpAddress":{"aws:SourceIp":"172.20.10.0/24"}`), denied + `"}`,
			"the client's address behind an endpoint is not aws:SourceIp", endpoint,
		},
		{"REGIONAL", "", "", "a public API needs no policy", internet},
		{
			"REGIONAL", policyOf("Allow", `"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}`), "", "the client's address",
			internet,
		},
		{
			"REGIONAL", policyOf("Deny", `"StringNotEquals":{"aws:SourceVpc":"vpc-1"}`, "Allow", ""),
			denied + ` with an explicit deny"}`, "a negated operator matches if there is no key", internet,
		},
		{
			"REGIONAL", strings.Replace(everyone, `"Principal":"*"`, `"Principal":{"AWS":"123456789012"}`, 1), denied +
				`"}`,
			"a principal does not match an anonymous caller", internet,
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t, role+shared+api("api0000001", row.kind, helloPath, row.policy), nil)
			got := w.get(row.a, base("api0000001")+"/v1/hello")
			if row.body == "" {
				assert.Equal(t, 200, got.status, got.body)
				return
			}
			assert.Equal(t, 403, got.status)
			assert.Equal(t, row.body, got.body)
			assert.Equal(t, "AccessDeniedException", got.header.Get("x-amzn-ErrorType"))
		})
	}
}

func TestTheDeploymentHasThePolicyThatHolds(t *testing.T) {
	w := newWorld(t, role+shared+api("api0000001", "PRIVATE", helloPath, everyone), nil)
	w.gateway.inv.Find(restAPIType, "api0000001").Out["policy"] = policyOf("Deny", "")
	assert.Equal(t, 200, w.get(endpoint, base("api0000001")+"/v1/hello").status, "a change needs a deployment")
}

func TestTheEndpointPolicyIsASecondGate(t *testing.T) {
	for _, row := range []struct {
		policy string
		want   int
		why    string
	}{
		{"", 200, "without a policy, the endpoint allows everything"},
		{endpointPolicy("arn:aws:execute-api:us-east-1:123456789012:private001/*"), 200, "it allows the API"},
		{endpointPolicy("arn:aws:execute-api:us-east-1:123456789012:other00001/*"), 403, "it allows another API"},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t, role+shared+row.policy+api("private001", "PRIVATE", helloPath, everyone), nil)
			assert.Equal(t, row.want, w.get(endpoint, base("private001")+"/v1/hello").status)
		})
	}
}

func endpointPolicy(resource string) string {
	return `
- type: aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy
  id: vpce-0a1b2c3d4e5f60718
  inputs:
    vpcEndpointId: vpce-0a1b2c3d4e5f60718
    policy: '` + strings.Replace(everyone, "execute-api:/*", resource, 1) + "'\n"
}

func TestAPrivateDomainNeedsAPolicyThatAllows(t *testing.T) {
	for _, row := range []struct {
		policy string
		want   int
		why    string
	}{
		{onlyVPC, 200, "it allows the VPC"},
		{"", 403, "without one, a private domain denies everything"},
		{policyOf("Allow", `"StringEquals":{"aws:SourceVpce":"vpce-0fffffffffffffff0"}`), 403,
			"it allows another endpoint"},
	} {
		w := newWorld(t, role+shared+domains, nil)
		for _, domain := range w.gateway.inv.Where(domainType, "domainName", "inside.example.com") {
			domain.Out["policy"] = row.policy
		}
		assert.Equal(t, row.want, w.get(endpoint, "https://inside.example.com/hello").status, row.why)
	}
}

// iamPath is a method that wants a signature.
const iamPath = `{"/hello":{"get":{"x-amazon-apigateway-auth":{"type":"AWS_IAM"},` +
	`"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST","uri":"` + hello + `"}}}}`

// signer signs requests as a client does. It is written from the description of the
// signature, apart from the code that verifies it.
type signer struct {
	identity.Credentials
	at              time.Time
	region, service string
}

func newSigner() signer {
	return signer{identity.User(), time.Now(), "us-east-1", "execute-api"}
}

// sign adds the headers of a signature to a request without a body.
func (s signer) sign(r *http.Request) {
	stamp := s.at.UTC().Format("20060102T150405Z")
	scope := stamp[:8] + "/" + s.region + "/" + s.service + "/aws4_request"
	r.Header.Set("X-Amz-Date", stamp)
	headers, names := "host:"+r.Host+"\nx-amz-date:"+stamp+"\n", "host;x-amz-date"
	if s.SessionToken != "" {
		r.Header.Set("X-Amz-Security-Token", s.SessionToken)
		headers, names = headers+"x-amz-security-token:"+s.SessionToken+"\n", names+";x-amz-security-token"
	}
	path := strings.ReplaceAll(r.URL.EscapedPath(), "%", "%25")
	query := strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")
	text := strings.Join([]string{r.Method, path, query, headers, names, hash(nil)}, "\n")
	text = "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + hash([]byte(text))
	key := []byte("AWS4" + s.SecretAccessKey)
	for _, part := range []string{stamp[:8], s.region, s.service, "aws4_request", text} {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(part))
		key = m.Sum(nil)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+s.AccessKeyID+"/"+scope+", SignedHeaders="+names+
		", Signature="+hex.EncodeToString(key))
}

// lambdaRole is the role of a function, without a policy.
const lambdaRole = "arn:aws:iam::123456789012:role/orders"

// signatures are signatures, right and wrong ones. A change is made before the request is signed.
var signatures = []struct {
	change func(s *signer, r *http.Request)
	after  func(r *http.Request)
	want   string // The type of the error, or nothing.
	body   string
	why    string
}{
	{nil, nil, "", "", "the user's signature"},
	{nil, func(r *http.Request) { r.Header.Del("Authorization") }, "MissingAuthenticationTokenException",
		`{"message":"Missing Authentication Token"}`, "no signature"},
	{nil, func(r *http.Request) { r.Header.Set("Authorization", "Bearer abc") }, "IncompleteSignatureException",
		"Invalid key=value pair (missing equal-sign) in Authorization header", "another sort of token"},
	{nil, func(r *http.Request) { r.Header.Set("Authorization", "a=b") }, "IncompleteSignatureException",
		"Authorization header requires 'Credential' parameter.", "no parameters of a signature"},
	{nil, func(r *http.Request) { r.Header.Del("X-Amz-Date") }, "IncompleteSignatureException",
		"existence of either a 'X-Amz-Date' or a 'Date' header", "no date"},
	{nil, func(r *http.Request) {
		r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "=host;", "=", 1))
	}, "InvalidSignatureException", "'Host' or ':authority' must be a 'SignedHeader'", "the host is not signed"},
	{nil, func(r *http.Request) { r.URL.RawQuery = "a=c" }, "InvalidSignatureException",
		"The request signature we calculated does not match", "another query than the signed one"},
	{func(s *signer, _ *http.Request) { s.SecretAccessKey = "wrong" }, nil, "InvalidSignatureException",
		"The request signature we calculated does not match", "a wrong secret key"},
	{func(s *signer, _ *http.Request) { s.AccessKeyID = "AKIAEXAMPLEOFNOBODY1" }, nil,
		"UnrecognizedClientException",
		`{"message":"The security token included in the request is invalid."}`, "a key of nobody"},
	{func(s *signer, _ *http.Request) { s.region = "eu-west-1" }, nil, "InvalidSignatureException",
		"Credential should be scoped to a valid region, not 'eu-west-1'.", "another region"},
	{func(s *signer, _ *http.Request) { s.service = "lambda" }, nil, "InvalidSignatureException",
		"Credential should be scoped to correct service: 'execute-api'.", "another service"},
	{func(s *signer, _ *http.Request) { s.at = s.at.Add(-10 * time.Minute) }, nil, "InvalidSignatureException",
		"Signature expired: ", "an old signature"},
	{func(s *signer, _ *http.Request) { s.at = s.at.Add(10 * time.Minute) }, nil, "InvalidSignatureException",
		"Signature not yet current: ", "a clock that is fast"},
	{func(s *signer, _ *http.Request) { s.Credentials = identity.Role(lambdaRole) }, nil, "AccessDeniedException",
		"User: arn:aws:sts::123456789012:assumed-role/orders/sandbox is not authorized to perform: " +
			"execute-api:Invoke",
		"a role without a policy"},
	{func(s *signer, _ *http.Request) {
		s.Credentials = identity.Role(lambdaRole)
		s.SessionToken = ""
	}, nil, "UnrecognizedClientException", "security token", "a role's key without its token"},
}

func TestASignatureIsVerified(t *testing.T) {
	w := newWorld(t, role+api("signed0001", "REGIONAL", strings.Replace(iamPath, "/hello", "/{name}", 1), ""), nil)
	for _, row := range signatures {
		t.Run(row.why, func(t *testing.T) {
			r := request(t, "GET", base("signed0001")+"/v1/hello%20you?b=1+2&a=%2F", "")
			s := newSigner()
			if row.change != nil {
				row.change(&s, r)
			}
			s.sign(r)
			if row.after != nil {
				row.after(r)
			}
			got := w.do(internet, r)
			assert.Equal(t, row.want, got.header.Get("x-amzn-ErrorType"), got.body)
			assert.Contains(t, got.body, row.body)
			want := 403
			if row.want == "" {
				want = 200
			}
			assert.Equal(t, want, got.status)
		})
	}
}

// The example of AWS's documentation, which no code of this repository has made.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
func TestTheSigningKeyIsThatOfTheDocumentation(t *testing.T) {
	s := signature{stamp: "20150830T123600Z", date: "20150830", region: "us-east-1", service: "iam"}
	canonical := strings.Join([]string{"GET", "/", "Action=ListUsers&Version=2010-05-08",
		"content-type:application/x-www-form-urlencoded; charset=utf-8", "host:iam.amazonaws.com",
		"x-amz-date:20150830T123600Z", "", "content-type;host;x-amz-date",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, "\n")
	assert.Equal(t, "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
		s.sign(canonical, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"))
}

func TestASignatureInTheQueryIsVerified(t *testing.T) {
	w := newWorld(t, role+api("signed0001", "REGIONAL", iamPath, ""), nil)
	user, stamp := identity.User(), time.Now().Add(-10*time.Minute).UTC().Format("20060102T150405Z")
	for expires, want := range map[string]int{"900": 200, "60": 403} {
		query := "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + user.AccessKeyID + "%2F" + stamp[:8] +
			"%2Fus-east-1%2Fexecute-api%2Faws4_request&X-Amz-Date=" + stamp + "&X-Amz-Expires=" + expires +
			"&X-Amz-SignedHeaders=host"
		host := "signed0001.execute-api.us-east-1.amazonaws.com"
		canonical := "GET\n/v1/hello\n" + query + "\nhost:" + host + "\n\nhost\n" + hash(nil)
		s := signature{stamp: stamp, date: stamp[:8], region: "us-east-1", service: "execute-api"}
		got := w.get(internet, "https://"+host+"/v1/hello?"+query+"&X-Amz-Signature="+s.sign(canonical,
			user.SecretAccessKey))
		assert.Equal(t, want, got.status, got.body)
	}
}

// AWS's table A, for a caller and an API of one account.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func TestTheCallersPoliciesAndTheResourcePolicyAreCombined(t *testing.T) {
	allow, deny, silent := policyOf("Allow", ""), policyOf("Deny", ""), policyOf("Allow",
		`"Bool":{"aws:SecureTransport":"false"}`)
	for _, row := range []struct {
		own, policy string
		want        int
	}{
		{allow, allow, 200}, {allow, silent, 200}, {allow, deny, 403},
		{silent, allow, 200}, {silent, silent, 403}, {silent, deny, 403},
		{deny, allow, 403}, {deny, silent, 403}, {deny, deny, 403},
	} {
		own := strings.ReplaceAll(strings.ReplaceAll(row.own, `"Principal":"*",`, ""), "execute-api:/*", "*")
		w := newWorld(t, role+`
- type: aws:iam/rolePolicy:RolePolicy
  id: orders:calls
  inputs: {name: calls, role: orders, policy: '`+own+`'}
`+api("signed0001", "REGIONAL", iamPath, row.policy), nil)
		s := newSigner()
		s.Credentials = identity.Role("arn:aws:iam::123456789012:role/orders")
		r := request(t, "GET", base("signed0001")+"/v1/hello", "")
		s.sign(r)
		assert.Equal(t, row.want, w.do(internet, r).status, "own %s, resource %s", row.own, row.policy)
	}
}

// The table is AWS's, for a caller of another account, who is an administrator there.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func TestACallerOfAnotherAccountNeedsTheResourcePolicyToo(t *testing.T) {
	const named = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},` +
		`"Action":"execute-api:Invoke","Resource":"execute-api:/*"}]}`
	for _, row := range []struct {
		policy string
		want   int
		why    string
	}{
		{"", 403, "no resource policy"},
		{named, 200, "the resource policy allows the account"},
		{
			strings.Replace(named, "111122223333", "123456789012", 1), 403,
			"the resource policy allows the API's own account",
		},
		{strings.Replace(named, "Allow", "Deny", 1), 403, "the resource policy denies"},
	} {
		w := newWorld(t, role+api("signed0001", "REGIONAL", iamPath, row.policy), nil)
		s := newSigner()
		s.Credentials = identity.Stranger()
		r := request(t, "GET", base("signed0001")+"/v1/hello", "")
		s.sign(r)
		assert.Equal(t, row.want, w.do(internet, r).status, row.why)
	}
}

// An endpoint leads to the APIs of all accounts, so its policy judges a request for an API that is not in this one.
func TestTheEndpointsPolicyJudgesRequestsForOtherAccounts(t *testing.T) {
	own := endpointPolicy("arn:aws:execute-api:us-east-1:123456789012:private001/*")
	w := newWorld(t, role+shared+own+api("private001", "PRIVATE", helloPath, everyone), nil)
	kind := func() string { return w.get(endpoint, base("otherapi00")+"/v1/hello").header.Get("x-amzn-ErrorType") }
	assert.Equal(t, "AccessDeniedException", kind())
	w = newWorld(t, role+shared+api("private001", "PRIVATE", helloPath, everyone), nil)
	assert.Equal(t, "ForbiddenException", kind(),
		"without a policy, the endpoint leads there, and nobody knows the API")
}

// authorizerAPI is an API with a Lambda authorizer.
func authorizerAPI(policy string) string {
	const schemes = `,"components":{"securitySchemes":{"token":{"type":"apiKey","in":"header","name":"Authorization",` +
		`"x-amazon-apigateway-authtype":"custom","x-amazon-apigateway-authorizer":{"type":"token","authorizerUri":"` +
		hello + `","identityValidationExpression":"t-.*"}}}}`
	paths := strings.Replace(helloPath, `"get":{`, `"get":{"security":[{"token":[]}],`, 1)
	return strings.Replace(api("guarded001", "REGIONAL", paths, policy), "}}}}}'\n", "}}}}"+schemes+"}'\n", 1)
}

// authorizing returns a change that gives an authorizer an answer, and makes the function
// answer with the color in the authorizer's context. It counts how often the authorizer
// is asked.
func authorizing(t *testing.T, asked *int, answer function.Result) func(*Options) {
	const question = `{"type":"TOKEN","authorizationToken":"t-1","methodArn":` +
		`"arn:aws:execute-api:us-east-1:123456789012:guarded001/v1/GET/hello"}`
	return func(o *Options) {
		o.Functions = functions(func(_ context.Context, call function.Call) (function.Result, error) {
			if strings.HasSuffix(call.Source, "/authorizers/token") {
				*asked++
				assert.JSONEq(t, question, string(call.Event))
				return answer, nil
			}
			var event struct {
				RequestContext struct{ Authorizer map[string]string }
			}
			require.NoError(t, json.Unmarshal(call.Event, &event))
			return function.Result{Payload: []byte(`{"statusCode":200,"body":"` +
				event.RequestContext.Authorizer["color"] + `"}`)}, nil
		})
	}
}

func TestALambdaAuthorizerDecides(t *testing.T) {
	allow, deny := policyOf("Allow", ""), policyOf("Deny", "")
	authorizer := func(policy string) string {
		return `{"principalId":"me","policyDocument":` + strings.ReplaceAll(policy, "execute-api:/*", "*") +
			`,"context":{"color":"red"}}`
	}
	for _, row := range []struct {
		token, payload string
		failed         bool
		policy         string
		status         int
		body, why      string
	}{
		{"t-1", authorizer(allow), false, "", 200, "red", "it allows, and its context reaches the function"},
		{
			"t-1", authorizer(deny), false, "", 403,
			`{"Message":"User is not authorized to access this resource with an explicit deny"}`, "it denies",
		},
		{
			"t-1", authorizer(policyOf("Allow", `"Bool":{"aws:SecureTransport":"false"}`)), false, "", 403,
			`{"Message":"User is not authorized to access this resource"}`, "it says nothing",
		},
		{"", authorizer(allow), false, "", 401, `{"message":"Unauthorized"}`, "no token"},
		{"x-1", authorizer(allow), false, "", 401, `{"message":"Unauthorized"}`, "a token of another form"},
		{"t-1", `{"errorMessage":"Unauthorized"}`, true, "", 401, `{"message":"Unauthorized"}`,
			"it raises Unauthorized"},
		{"t-1", `{"errorMessage":"oops"}`, true, "", 500, `{"message":"Internal server error"}`, "it fails"},
		{"t-1", `{}`, false, "", 500, `{"message":"Internal server error"}`, "it answers nothing of use"},
		{"t-1", authorizer(allow), false, deny, 403, "with an explicit deny",
			"the resource policy denies before it is asked"},
	} {
		t.Run(row.why, func(t *testing.T) {
			asked := 0
			answer := function.Result{Payload: []byte(row.payload), Failed: row.failed}
			w := newWorld(t, role+authorizerAPI(row.policy), authorizing(t, &asked, answer))
			r := request(t, "GET", base("guarded001")+"/v1/hello", "")
			if row.token != "" {
				r.Header.Set("Authorization", row.token)
			}
			got := w.do(internet, r)
			assert.Equal(t, row.status, got.status, got.body)
			assert.Contains(t, got.body, row.body)
			if row.policy != "" || row.status == 401 && !row.failed {
				assert.Zero(t, asked)
			}
		})
	}
}

func TestATokenOfAUserPoolIsNotVerified(t *testing.T) {
	w := newWorld(t, role+strings.Replace(authorizerAPI(""), `"type":"token"`, `"type":"cognito_user_pools"`, 1), nil)
	got := w.get(internet, base("guarded001")+"/v1/hello", "Authorization", "t-1")
	assert.Equal(t, 401, got.status)
	assert.Contains(t, w.told(), "the sandbox has no user pools")
}

func TestAResourcePolicyMayNameTheCaller(t *testing.T) {
	for principal, want := range map[string]int{
		"arn:aws:iam::123456789012:role/orders": 200, "123456789012": 200,
		"arn:aws:iam::123456789012:role/gateway": 403,
	} {
		policy := strings.Replace(everyone, `"Principal":"*"`, `"Principal":{"AWS":"`+principal+`"}`, 1)
		w := newWorld(t, role+api("signed0001", "REGIONAL", iamPath, policy), nil)
		s := newSigner()
		s.Credentials = identity.Role("arn:aws:iam::123456789012:role/orders")
		r := request(t, "GET", base("signed0001")+"/v1/hello", "")
		s.sign(r)
		assert.Equal(t, want, w.do(internet, r).status, principal)
	}
}

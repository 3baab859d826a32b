package policyeval

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// get is a request for GET /orders through an endpoint.
var get = Request{
	Action:   "execute-api:Invoke",
	Resource: "arn:aws:execute-api:us-east-1:111122223333:a1b2c3/v1/GET/orders",
	Context: map[string][]string{
		"aws:sourcevpc": {"vpc-1"}, "aws:vpcsourceip": {"10.0.1.7"}, "aws:tagkeys": {"team", "cost"},
		"aws:username": {"a*"}, "aws:sourcearn": {"arn:aws:sns:us-east-1:111122223333:topic"},
	},
}

// everyone begins a statement about every call.
const everyone = `"Principal": "*", "Action": "execute-api:*", "Resource": "execute-api:/*"`

// allowIf returns a policy with one condition.
func allowIf(operator, key, value string) string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", %s, "Condition": {%q: {%q: %s}}}}`,
		everyone, operator, key, value)
}

func TestStatementsDecide(t *testing.T) {
	for _, c := range []struct {
		why, statements string
		want            Verdict
	}{
		{"an allow", `{"Effect": "Allow", ` + everyone + `}`, Allow},
		{"a deny wins", `{"Effect": "Allow", ` + everyone + `}, {"Effect": "Deny", ` + everyone + `}`, Deny},
		{"no statement", ``, ImplicitDeny},
		{
			"another method",
			`{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "execute-api:/*/POST/*"}`, ImplicitDeny,
		},
		{
			"all resources except one",
			`{"Effect": "Allow", "Principal": "*", "Action": "*", "NotResource": "arn:aws:execute-api:*:*:zzz/*"}`,
			Allow,
		},
		{
			"an account does not include anonymous callers",
			`{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}`, ImplicitDeny,
		},
		{
			"everyone except an account",
			`{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "*", "Resource": "*"}`, Deny,
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			verdict, err := Evaluate([]byte(`{"Version": "2012-10-17", "Statement": [`+c.statements+`]}`), get)
			assert.NoError(t, err)
			assert.Equal(t, c.want, verdict)
		})
	}
}

func TestConditionsDecide(t *testing.T) {
	for _, c := range []struct {
		why, operator, key, value string
		want                      Verdict
	}{
		{"equal", "StringEquals", "aws:SourceVpc", `["vpc-2", "vpc-1"]`, Allow},
		{"a key's case does not matter, a value's does", "StringEquals", "AWS:sourcevpc", `"VPC-1"`, ImplicitDeny},
		{"equal without case", "StringEqualsIgnoreCase", "aws:SourceVpc", `"VPC-1"`, Allow},
		{"no key", "StringEquals", "aws:SourceVpce", `"vpce-1"`, ImplicitDeny},
		{"no key, negated", "StringNotEquals", "aws:SourceVpce", `"vpce-1"`, Allow},
		{"no key, IfExists", "StringLikeIfExists", "aws:SourceVpce", `"vpce-1"`, Allow},
		{"no key, Null", "Null", "aws:SourceVpce", `true`, Allow},
		{"no key, any value", "ForAnyValue:StringNotEquals", "aws:SourceVpce", `"vpce-1"`, ImplicitDeny},
		{"in a range", "IpAddress", "aws:VpcSourceIp", `"10.0.0.0/16"`, Allow},
		{"outside a range", "NotIpAddress", "aws:VpcSourceIp", `"10.0.0.0/16"`, ImplicitDeny},
		{"each value", "ForAllValues:StringLike", "aws:TagKeys", `["t*", "cost"]`, Allow},
		{"not each value", "ForAllValues:StringLike", "aws:TagKeys", `"t*"`, ImplicitDeny},
		{"some value", "ForAnyValue:StringLike", "aws:TagKeys", `"t*"`, Allow},
		{"a variable's wildcard is literal", "StringLike", "aws:SourceVpc", `"${aws:username}"`, ImplicitDeny},
		{"the parts of an ARN", "ArnLike", "aws:SourceArn", `"arn:aws:sns:*:topic"`, ""},
		{"a pattern for an ARN", "ArnLike", "aws:SourceArn", `"arn:aws:sns:*:*:top*"`, Allow},
		{"several values", "StringEquals", "aws:TagKeys", `"team"`, ""},
		{"no operator of IAM", "StringIs", "aws:SourceVpc", `"vpc-1"`, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			verdict, err := Evaluate([]byte(allowIf(c.operator, c.key, c.value)), get)
			assert.Equal(t, c.want == "", err != nil, "%v", err)
			assert.Equal(t, c.want, verdict)
		})
	}
}

func TestAPolicyThatIsKeptRemembersNoRequest(t *testing.T) {
	const own = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*",
		"Resource": "arn:aws:s3:::bucket/${aws:username}/*"}}`
	const api = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", ` + everyone + `}}`
	var policies Policies
	for range 2 {
		for _, c := range []struct {
			why, policy, user, resource string
			want                        Verdict
		}{
			{"her folder", own, "ana", "arn:aws:s3:::bucket/ana/a", Allow},
			{"his folder", own, "bob", "arn:aws:s3:::bucket/bob/b", Allow},
			{"the folder of another user", own, "bob", "arn:aws:s3:::bucket/ana/a", ImplicitDeny},
			{"a wildcard in a name", own, "*", "arn:aws:s3:::bucket/ana/a", ImplicitDeny},
			{"a name that is no UTF-8", own, "\xff", "arn:aws:s3:::bucket/ana/a", ImplicitDeny},
			{"an API", api, "", "arn:aws:execute-api:us-east-1:111122223333:a1b2c3/v1/GET/orders", Allow},
			{"another API", api, "", "arn:aws:execute-api:us-east-1:111122223333:d4e5f6/v1/GET/orders", Allow},
			{"no API", api, "", "*", ImplicitDeny},
		} {
			who := map[string][]string{"aws:username": {c.user}}
			r := Request{Action: "s3:GetObject", Resource: c.resource, Context: who}
			if c.policy == api {
				r.Action = "execute-api:Invoke"
			}
			verdict, err := policies.Evaluate(c.policy, r)
			assert.NoError(t, err, c.why)
			assert.Equal(t, c.want, verdict, c.why)
		}
	}
}

func TestTextsThatAreNoPolicyAreErrors(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                                  "the policy is not JSON: unexpected end of JSON input",
		`{"Statement": "Allow"}`:             "statement 0 is not an object",
		`{"Statement": {"Effect": "Allow"}}`: "statement 0: want either Principal or NotPrincipal",
		`{"Statement": {"Effect": "allow", ` + everyone + `}}`: `statement 0: Effect = "allow": want Allow or Deny`,
	} {
		_, err := Evaluate([]byte(text), get)
		assert.EqualError(t, err, want)
	}
}

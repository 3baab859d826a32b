package iam_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
)

// api is the ARN of GET /hello in stage v1 of an API that exists.
var api = iam.APICall(
	iam.Place{Region: model.Of("us-east-1"), Account: model.Of("123456789012")},
	model.Of("a1b2c3d4e5"), model.Of("v1"), "GET", "/hello",
)

// newAPI is the ARN of GET /hello before the first deployment.
var newAPI = iam.APICall(
	iam.Place{Region: model.Of("us-east-1")}, model.Unknown[string](), model.Of("v1"), "GET", "/hello",
)

// throughEndpoint is a call through an endpoint that exists.
var throughEndpoint = iam.Source{
	VPC: model.Of("vpc-0a1"), Endpoint: model.Of("vpce-0b2"), Address: iam.Texts("10.0.1.7"),
}

// throughNewEndpoint is a call through an endpoint before the first deployment.
var throughNewEndpoint = iam.Source{
	VPC: model.Unknown[string](), Endpoint: model.Unknown[string](),
	Address: iam.SomeAddress(netip.MustParsePrefix("10.0.1.0/24")),
}

// allow returns a statement that allows everyone to call everything.
func allow(conditions ...model.Condition) model.Statement {
	return statement(model.Allow, conditions...)
}

// deny returns a statement that denies every call.
func deny(conditions ...model.Condition) model.Statement { return statement(model.Deny, conditions...) }

func statement(effect model.Effect, conditions ...model.Condition) model.Statement {
	return model.Statement{
		Effect: effect, Principals: model.Principals{Values: []model.Principal{{ID: "*"}}},
		Actions:    model.Patterns{Values: []string{model.ActionInvoke}},
		Resources:  model.Patterns{Values: []string{"execute-api:/*"}},
		Conditions: conditions,
	}
}

// when returns a condition.
func when(operator, key string, values ...string) model.Condition {
	return model.Condition{Operator: operator, Key: key, Values: values}
}

// on returns a statement with other resources.
func on(s model.Statement, resources ...string) model.Statement {
	s.Resources = model.Patterns{Values: resources}
	return s
}

func document(statements ...model.Statement) *model.PolicyDocument {
	return &model.PolicyDocument{Version: "2012-10-17", Statements: statements}
}

func TestResourcePoliciesOfTheArticlesDecideAsAWSDoes(t *testing.T) {
	for _, c := range []struct {
		why        string
		policy     *model.PolicyDocument
		from       iam.Source
		resource   iam.ARN
		want       iam.Outcome
		statement  int
		part, says string
	}{
		{
			"an endpoint's ID under aws:SourceVpc denies everyone",
			document(allow(), deny(when("StringNotEquals", "aws:sourceVpc", "vpce-0b2"))),
			throughEndpoint, api, iam.Denied, 1, "Condition StringNotEquals aws:sourceVpc",
			`statement 1 (Deny) applies: Condition StringNotEquals aws:sourceVpc "vpce-0b2" and the call has "vpc-0a1"`,
		},
		{
			"an endpoint's ID under aws:SourceVpc denies everyone before the VPC exists",
			document(allow(), deny(when("StringNotEquals", "aws:SourceVpc", "vpce-0b2"))),
			throughNewEndpoint, newAPI, iam.Denied, 1, "Condition StringNotEquals aws:SourceVpc",
			`statement 1 (Deny) applies: Condition StringNotEquals aws:SourceVpc "vpce-0b2" and the call has ` +
				`a value that is not known yet`,
		},
		{
			"a policy denies everyone", document(deny()), throughEndpoint, newAPI, iam.Denied, 0, "",
			"statement 0 (Deny) applies",
		},
		{
			"a deny wins over an allow", document(allow(), deny()), throughEndpoint, api, iam.Denied, 1, "",
			"statement 1 (Deny) applies",
		},
		{
			"a policy allows POST only", document(on(allow(), "execute-api:/*/POST/*")),
			throughEndpoint, newAPI, iam.NotAllowed, 0, "Resource",
			`no statement allows it: statement 0 allows only Resource "execute-api:/*/POST/*"`,
		},
		{
			"a policy with a full ARN allows POST only",
			document(on(allow(), "arn:aws:execute-api:us-east-1:*:*/*/POST/*")),
			throughEndpoint, newAPI, iam.NotAllowed, 0, "Resource",
			`no statement allows it: statement 0 allows only Resource "arn:aws:execute-api:us-east-1:*:*/*/POST/*"`,
		},
		{
			"another VPC's ID under aws:SourceVpc denies this VPC",
			document(allow(), deny(when("StringNotEquals", "aws:SourceVpc", "vpc-0f9"))),
			throughEndpoint, api, iam.Denied, 1, "Condition StringNotEquals aws:SourceVpc",
			`statement 1 (Deny) applies: Condition StringNotEquals aws:SourceVpc "vpc-0f9" and the call has "vpc-0a1"`,
		},
		{
			"a VPC's ID may be that of a VPC that does not exist yet",
			document(allow(), deny(when("StringNotEquals", "aws:SourceVpc", "vpc-0f9"))),
			throughNewEndpoint, newAPI, iam.Undecided, 1, "Condition StringNotEquals aws:SourceVpc",
			`whether statement 1 (Deny) applies is not known: Condition StringNotEquals aws:SourceVpc "vpc-0f9" and ` +
				`the call has a value that is not known yet`,
		},
		{
			"the right ID under aws:SourceVpce passes",
			document(allow(), deny(when("StringNotEquals", "aws:SourceVpce", "vpce-0b2"))),
			throughEndpoint, api, iam.Allowed, 0, "", "statement 0 (Allow) applies",
		},
		{
			"an allow with the right ID under aws:SourceVpce passes",
			document(allow(when("StringEquals", "aws:SourceVpce", "vpce-0b2"))), throughEndpoint, api, iam.Allowed, 0,
			"Condition StringEquals aws:SourceVpce",
			`statement 0 (Allow) applies: Condition StringEquals aws:SourceVpce "vpce-0b2" and the call has "vpce-0b2"`,
		},
		{
			"the client's address is aws:VpcSourceIp",
			document(allow(when("IpAddress", "aws:VpcSourceIp", "10.0.0.0/16"))), throughNewEndpoint, newAPI,
			iam.Allowed,
			0, "Condition IpAddress aws:VpcSourceIp",
			`statement 0 (Allow) applies: Condition IpAddress aws:VpcSourceIp "10.0.0.0/16" and the call has an ` +
				`address in 10.0.1.0/24`,
		},
		{
			"a call through an endpoint has no aws:SourceIp",
			document(allow(), deny(when("NotIpAddress", "aws:SourceIp", "10.0.0.0/16"))), throughEndpoint, api,
			iam.Denied,
			1, "Condition NotIpAddress aws:SourceIp",
			`statement 1 (Deny) applies: Condition NotIpAddress aws:SourceIp "10.0.0.0/16" and the call has none`,
		},
	} {
		t.Run(c.why, func(t *testing.T) {
			got := iam.ResourcePolicy(c.policy, iam.InvokeFrom(c.from, iam.Principal{}, c.resource))
			assert.Equal(t, c.want, got.Outcome)
			assert.Equal(t, c.statement, got.Statement)
			assert.Equal(t, c.part, got.Part)
			assert.Equal(t, c.says, got.Why)
		})
	}
}

func TestADecisionNamesTheStatementThatMatters(t *testing.T) {
	here, elsewhere := "vpc-0a1", "vpc-0f9"
	post := on(allow(), "execute-api:/*/POST/*")
	byVPC := allow(when("StringEquals", "aws:SourceVpc", elsewhere))
	call := iam.InvokeFrom(throughEndpoint, iam.Principal{}, api)
	assert.Equal(t, 1, iam.ResourcePolicy(document(post, byVPC), call).Statement, "it fails at its condition only")
	assert.Equal(t, 0, iam.ResourcePolicy(document(byVPC, post), call).Statement, "it fails at its condition only")

	call = iam.InvokeFrom(throughNewEndpoint, iam.Principal{}, newAPI)
	maybe := allow(when("StringEquals", "aws:SourceVpc", here))
	others := deny(when("StringNotEquals", "aws:SourceVpc", here))
	assert.Equal(t, 2, iam.ResourcePolicy(document(allow(), maybe, others), call).Statement, "an open deny goes first")
}

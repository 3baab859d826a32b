package iam_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
)

const (
	operators = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
	multi     = "https://docs.aws.amazon.com/IAM/latest/UserGuide/" +
		"reference_policies_condition-single-vs-multi-valued-context-keys.html"
	variables = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html"
	grammar   = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
)

func TestConditionsHoldAsDocumented(t *testing.T) {
	const key, other = "example:Key", "example:other"
	none := iam.Absent()
	for _, c := range []struct {
		why       string
		value     iam.Value
		condition model.Condition
		want      model.Truth
		source    string
	}{
		{"a positive operator fails without the key", none, when("StringEquals", key, "a"), model.False, operators},
		{"a negated operator holds without the key", none, when("StringNotEquals", key, "a"), model.True, operators},
		{"IfExists holds without the key", none, when("StringEqualsIfExists", key, "a"), model.True, operators},
		{
			"IfExists compares a key that exists", iam.Texts("b"), when("StringEqualsIfExists", key, "a"),
			model.False, operators,
		},
		{"Null true wants no key", none, when("Null", key, "true"), model.True, operators},
		{"Null false wants the key", none, when("Null", key, "false"), model.False, operators},
		{"a key may be there", iam.Value{}, when("Null", key, "true"), model.Maybe, operators},
		{"a key is there with an unknown value", iam.SomeText(), when("Null", key, "true"), model.False, operators},
		{"Null has no form with IfExists", none, when("NullIfExists", key, "true"), model.Maybe, operators},
		{"ForAllValues holds without the key", none, when("ForAllValues:StringEquals", key, "a"), model.True, multi},
		{"ForAnyValue fails without the key", none, when("ForAnyValue:StringEquals", key, "a"), model.False, multi},
		{
			"ForAnyValue fails without the key even if negated", none, when("ForAnyValue:StringNotEquals", key, "a"),
			model.False, multi,
		},
		{
			"ForAllValues holds for an empty text", iam.Texts(""), when("ForAllValues:StringEquals", key, "a"),
			model.True, multi,
		},
		{
			"ForAnyValue fails for an empty text", iam.Texts(""), when("ForAnyValue:StringLike", key, "*"),
			model.False, multi,
		},
		{
			"ForAnyValue may meet an empty text", iam.SomeText(), when("ForAnyValue:StringLike", key, "*"),
			model.Maybe, multi,
		},
		{"any text matches *", iam.SomeText(), when("StringLike", key, "*"), model.True, operators},
		{"an unknown text may be empty", iam.SomeText(), when("StringEquals", key, ""), model.Maybe, operators},
		{"several values need a set operator", iam.Texts("a", "b"), when("StringEquals", key, "a"), model.Maybe, multi},
		{
			"one of several wanted values suffices", iam.Texts("b"), when("StringEquals", key, "a", "b"),
			model.True, multi,
		},
		{
			"a negated operator wants none of several values", iam.Texts("b"), when("StringNotEquals", key, "a", "b"),
			model.False, multi,
		},
		{"no operator is unknown to IAM", iam.Texts("a"), when("StringIs", key, "a"), model.Maybe, operators},
		{
			"a wildcard is literal in StringEquals", iam.Texts("ab"), when("StringEquals", key, "a*"), model.False,
			operators,
		},
		{
			"IAM reads dates in two forms", iam.Texts("1767225600"), when("DateEquals", key, "2026-01-01"),
			model.True, operators,
		},
		{"other texts are no numbers", iam.Texts("seven"), when("NumericEquals", key, "7"), model.Maybe, operators},
		{
			"an IPv6 address without a length may be a range", iam.Texts("2001:db8::8"), when("IpAddress", key,
				"2001:db8::7"),
			model.Maybe, operators,
		},
		{
			"an IPv6 address equals itself", iam.Texts("2001:db8::7"), when("IpAddress", key, "2001:DB8::7"),
			model.True,
			operators,
		},
		{
			"a range in a range", iam.SomeAddress(netip.MustParsePrefix("10.0.1.0/24")), when("IpAddress", key,
				"10.0.0.0/16"),
			model.True, operators,
		},
		{
			"a range next to a range", iam.SomeAddress(netip.MustParsePrefix("10.0.1.0/24")),
			when("NotIpAddress", key, "10.0.2.0/24"), model.True, operators,
		},
		{
			"a range around a range", iam.SomeAddress(netip.MustParsePrefix("10.0.0.0/8")),
			when("IpAddress", key, "10.0.2.0/24"), model.Maybe, operators,
		},
		{
			"a * of an ARN operator stays in its part", iam.Texts("arn:aws:sqs:eu-west-1:1:a:111122223333:q"),
			when("ArnLike", key, "arn:aws:sqs:*:111122223333:q"), model.False, operators,
		},
		{
			"ForAnyValue meets an address", iam.SomeAddress(netip.MustParsePrefix("10.0.1.0/24")),
			when("ForAnyValue:IpAddress", key, "10.0.0.0/16"), model.True, multi,
		},
		{
			"ForAllValues may meet an empty text", iam.SomeText(), when("ForAllValues:StringLike", key, "*${a:b}"),
			model.Maybe, multi,
		},
		{
			"four digits are a year or seconds", iam.Texts("2026"), when("DateLessThan", key, "2027-01-01"),
			model.Maybe, operators,
		},
		{
			"a variable has its key's value", iam.Texts("me"), when("StringEquals", key, "${example:Other}"),
			model.True, variables,
		},
		{"a variable has a default", iam.Texts("me"), when("StringEquals", key, "${a:b, 'me'}"), model.True, variables},
		{
			"a variable without a value equals nothing", iam.Texts("me"), when("StringLike", key, "*${a:b}"),
			model.False, variables,
		},
		{
			"a negated operator with it is not documented", iam.Texts("me"), when("StringNotLike", key, "*${a:b}"),
			model.Maybe,
			variables,
		},
		{"${*} is no wildcard", iam.Texts("a*"), when("StringLike", key, "a${*}"), model.True, variables},
		{"${*} is a star only", iam.Texts("ab"), when("StringLike", key, "a${*}"), model.False, variables},
	} {
		t.Run(c.why, func(t *testing.T) {
			call := iam.InvokeFrom(throughEndpoint, iam.Principal{}, api)
			call.Open = false
			call.Keys["example:key"], call.Keys[other] = c.value, iam.Texts("me")
			got := iam.ResourcePolicy(document(allow(c.condition)), call)
			assert.Equal(t, c.want, got.Permits, c.source)
		})
	}
}

func TestVariablesAreLiteralTextInOldVersions(t *testing.T) {
	call := iam.InvokeFrom(throughEndpoint, iam.Principal{}, api)
	policy := document(allow(when("StringEquals", "example:key", "${aws:username}")))
	call.Keys["example:key"] = iam.Texts("${aws:username}")
	for version, want := range map[string]model.Truth{
		"": model.True, "2008-10-17": model.True, "2012-10-17": model.False,
	} {
		policy.Version = version
		assert.Equal(t, want, iam.ResourcePolicy(policy, call).Permits, "%q: %s", version, variables)
	}
}

func TestStatementsThatAWSRefusesAreUndecided(t *testing.T) {
	call := iam.InvokeFrom(throughEndpoint, iam.Principal{}, api)
	for why, change := range map[string]func(*model.Statement){
		"no action":        func(s *model.Statement) { s.Actions = model.Patterns{} },
		"no resource":      func(s *model.Statement) { s.Resources = model.Patterns{} },
		"no principal":     func(s *model.Statement) { s.Principals = model.Principals{} },
		"another effect":   func(s *model.Statement) { s.Effect = "allow" },
		"a part of an ARN": func(s *model.Statement) { s.Resources.Values = []string{"arn:aws:execute-api"} },
	} {
		s := allow()
		change(&s)
		assert.Equal(t, iam.Undecided, iam.ResourcePolicy(document(s), call).Outcome, "%s: %s", why, grammar)
		assert.Equal(t, model.Maybe, iam.ResourcePolicy(document(s), call).Permits, "%s: %s", why, grammar)
	}
	assert.Equal(t, iam.Undecided, iam.ResourcePolicy(nil, call).Outcome, "the text is not known")
	assert.Equal(t, iam.Undecided, iam.EndpointPolicy(document(allow()), call).Outcome,
		"the short form is for an API's own policy")
}

func TestARefusalIsCertainIfNoStatementMayAllow(t *testing.T) {
	call := iam.InvokeFrom(throughNewEndpoint, iam.Principal{}, newAPI)
	policy := document(
		on(allow(), "execute-api:/*/POST/*"), deny(when("StringNotEquals", "aws:SourceVpc", "vpc-0f9")),
	)
	got := iam.ResourcePolicy(policy, call)
	assert.Equal(t, iam.Undecided, got.Outcome, "it may be an explicit or an implicit deny")
	assert.Equal(t, model.False, got.Permits, "it is a deny in any case")
}

func TestKeysThatNobodyDocumentsMayBeInACall(t *testing.T) {
	unsigned := iam.InvokeFrom(throughEndpoint, iam.Principal{}, api)
	internet := iam.InvokeFrom(iam.Source{Address: iam.Texts("192.0.2.10")}, iam.Principal{Signed: true}, api)
	for _, c := range []struct {
		why       string
		call      iam.Call
		condition model.Condition
		want      model.Truth
	}{
		{"a key of another service", unsigned, when("StringEquals", "s3:prefix", "a"), model.Maybe},
		{"no signature", unsigned, when("StringEquals", "aws:PrincipalOrgID", "o-1"), model.False},
		{"a signature", internet, when("StringEquals", "aws:PrincipalOrgID", "o-1"), model.Maybe},
		{"no endpoint on the way", internet, when("StringEquals", "aws:SourceVpce", "vpce-0b2"), model.False},
		{"an address of the internet", internet, when("IpAddress", "aws:SourceIp", "192.0.2.0/24"), model.True},
		{"a VPC has an ARN", unsigned, when("StringLike", "aws:SourceVpcArn", "*"), model.True},
		{"a service may call", unsigned, when("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:a"), model.Maybe},
		{"TLS", unsigned, when("Bool", "aws:SecureTransport", "false"), model.False},
		{"the owner of the API", unsigned, when("StringEquals", "aws:ResourceAccount", "123456789012"), model.True},
	} {
		t.Run(c.why, func(t *testing.T) {
			assert.Equal(t, c.want, iam.ResourcePolicy(document(allow(c.condition)), c.call).Permits)
		})
	}
}

func TestANotResourceWithAVariableWithoutAValueIsUndecided(t *testing.T) {
	s := on(allow(), "arn:aws:execute-api:*:*:a1b2c3d4e5/${a:b}")
	call := iam.InvokeFrom(throughEndpoint, iam.Principal{}, api)
	call.Open = false
	assert.Equal(t, iam.NotAllowed, iam.ResourcePolicy(document(s), call).Outcome, variables)
	s.Resources.Not = true
	assert.Equal(t, iam.Undecided, iam.ResourcePolicy(document(s), call).Outcome, variables)
}

func TestAnARNHasThePartitionOfItsRegion(t *testing.T) {
	for region, partition := range map[string]string{
		"us-east-1": "aws", "cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov",
	} {
		resource := iam.APICall(iam.Place{Region: model.Of(region)}, model.Of("a"), model.Of("v1"), "GET", "/")
		call := iam.InvokeFrom(throughEndpoint, iam.Principal{}, resource)
		for _, wanted := range []string{"aws", "aws-cn", "aws-us-gov"} {
			policy := document(on(allow(), "arn:"+wanted+":execute-api:*"))
			want := model.TruthOf(wanted == partition)
			assert.Equal(t, want, iam.ResourcePolicy(policy, call).Permits, "%s in %s", region, wanted)
		}
	}
}

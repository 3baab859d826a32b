package iam_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
)

const flow = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html"

// decisions are the three decisions of the documentation's tables.
func decisions() (allowed, silent, denied iam.Decision) {
	call := iam.InvokeFrom(throughEndpoint, iam.Principal{}, api)
	return iam.ResourcePolicy(document(allow()), call), iam.ResourcePolicy(document(), call),
		iam.ResourcePolicy(document(allow(), deny()), call)
}

func TestTwoPoliciesAreCombinedAsInTheTables(t *testing.T) {
	yes, silent, no := decisions()
	for _, c := range []struct {
		caller, policy          iam.Decision
		oneAccount, twoAccounts iam.Outcome
	}{
		{yes, yes, iam.Allowed, iam.Allowed},
		{yes, silent, iam.Allowed, iam.NotAllowed},
		{yes, no, iam.Denied, iam.Denied},
		{silent, yes, iam.Allowed, iam.NotAllowed},
		{silent, silent, iam.NotAllowed, iam.NotAllowed},
		{silent, no, iam.Denied, iam.Denied},
		{no, yes, iam.Denied, iam.Denied},
		{no, silent, iam.Denied, iam.Denied},
		{no, no, iam.Denied, iam.Denied},
	} {
		gate := iam.Gate{
			Authorization: model.Of(model.AuthorizationIAM), Private: model.True, HasPolicy: model.True,
			Policy: c.policy,
			Signed: true, SameAccount: model.True, Caller: c.caller,
		}
		say := []any{"caller: %v, policy: %v, %s", c.caller.Outcome, c.policy.Outcome, flow}
		assert.Equal(t, c.oneAccount, iam.Authorize(gate).Outcome, say...)
		gate.Authorization = model.Of(model.AuthorizationCustom)
		assert.Equal(t, c.oneAccount, iam.Authorize(gate).Outcome, say...)
		gate.Authorization, gate.SameAccount = model.Of(model.AuthorizationIAM), model.False
		assert.Equal(t, c.twoAccounts, iam.Authorize(gate).Outcome, say...)
		gate.SameAccount = model.Maybe
		want := c.oneAccount
		if c.oneAccount != c.twoAccounts {
			want = iam.Undecided
		}
		assert.Equal(t, want, iam.Authorize(gate).Outcome, say...)
	}
}

func TestMethodsLetCallersInByTheirAuthorization(t *testing.T) {
	yes, silent, no := decisions()
	open, signed := model.Of(model.AuthorizationNone), model.Of(model.AuthorizationIAM)
	cognito, custom := model.Of(model.AuthorizationCognito), model.Of(model.AuthorizationCustom)
	for _, c := range []struct {
		why  string
		gate iam.Gate
		want iam.Outcome
	}{
		{"an allow", iam.Gate{Authorization: open, HasPolicy: model.True, Policy: yes}, iam.Allowed},
		{
			"nothing about the call", iam.Gate{Authorization: open, HasPolicy: model.True, Policy: silent},
			iam.NotAllowed,
		},
		{"a deny", iam.Gate{Authorization: open, HasPolicy: model.True, Policy: no}, iam.Denied},
		{
			"a public API without a policy",
			iam.Gate{Authorization: open, Private: model.False, HasPolicy: model.False}, iam.Allowed,
		},
		{
			"a private API without a policy",
			iam.Gate{Authorization: open, Private: model.True, HasPolicy: model.False}, iam.NotAllowed,
		},
		{
			"an API that may be private, without a policy", iam.Gate{Authorization: open, HasPolicy: model.False},
			iam.Undecided,
		},
		{
			"a policy that may be in force, and denies",
			iam.Gate{Authorization: open, Private: model.False, Policy: no}, iam.Undecided,
		},
		{
			"a policy that may be in force, and allows: without it a public API allows too",
			iam.Gate{Authorization: open, Private: model.False, Policy: yes}, iam.Allowed,
		},
		{
			"a policy that may be in force, and allows: without it a private API refuses",
			iam.Gate{Authorization: open, Private: model.True, Policy: yes}, iam.Undecided,
		},
		{
			"a policy that may be in force, and says nothing: a private API refuses either way",
			iam.Gate{Authorization: open, Private: model.True, Policy: silent}, iam.NotAllowed,
		},
		{
			"a valid token of a public API without a policy",
			iam.Gate{Authorization: cognito, Private: model.False, HasPolicy: model.False, Caller: iam.Allows("")},
			iam.Allowed,
		},
		{
			"an unknown authorization of a public API without a policy",
			iam.Gate{Private: model.False, HasPolicy: model.False}, iam.Undecided,
		},
		{
			"IAM without a signature",
			iam.Gate{Authorization: signed, HasPolicy: model.True, Policy: yes, Caller: yes}, iam.NotAllowed,
		},
		{
			"a Lambda authorizer is not asked after a deny",
			iam.Gate{Authorization: custom, HasPolicy: model.True, Policy: no, Caller: iam.Unknown("")}, iam.Denied,
		},
		{
			"a Lambda authorizer may allow",
			iam.Gate{Authorization: custom, HasPolicy: model.True, Policy: silent, Caller: iam.Unknown("")},
			iam.Undecided,
		},
		{
			"a valid token and an allow",
			iam.Gate{Authorization: cognito, HasPolicy: model.True, Policy: yes, Caller: iam.Allows("")}, iam.Allowed,
		},
		{
			"no token", iam.Gate{Authorization: cognito, HasPolicy: model.True, Policy: yes, Caller: iam.Silent("")},
			iam.NotAllowed,
		},
		{
			"a valid token and nothing about the call: text and table contradict each other",
			iam.Gate{Authorization: cognito, HasPolicy: model.True, Policy: silent, Caller: iam.Allows("")},
			iam.Undecided,
		},
		{"an unknown authorization and a deny", iam.Gate{HasPolicy: model.True, Policy: no, Signed: true}, iam.Denied},
		{"an unknown authorization and an allow", iam.Gate{HasPolicy: model.True, Policy: yes}, iam.Undecided},
	} {
		t.Run(c.why, func(t *testing.T) { assert.Equal(t, c.want, iam.Authorize(c.gate).Outcome, flow) })
	}
}

func TestARefusalIsCertainIfBothPossibilitiesRefuse(t *testing.T) {
	_, _, no := decisions()
	got := iam.Authorize(iam.Gate{Authorization: model.Of(model.AuthorizationNone), Private: model.True, Policy: no})
	assert.Equal(t, iam.Undecided, got.Outcome, "the policy may not be in force, and then nothing allows the call")
	assert.Equal(t, model.False, got.Permits)
}

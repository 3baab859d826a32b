package iam_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
)

func TestPrincipalsIncludeCallersAsDocumented(t *testing.T) {
	const (
		elements = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"
		spared   = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html"
	)
	anonymous, someone := iam.Principal{}, iam.Principal{Signed: true, Account: model.Of(accounts[0])}
	alice := iam.Principal{Signed: true, Account: model.Of(accounts[0]), ARN: model.Of(user)}
	app := iam.Principal{
		Signed: true, Account: model.Of(accounts[1]), ARN: model.Of(session), Role: model.Of(role),
	}
	aws := func(ids ...string) model.Principals {
		var p model.Principals
		for _, id := range ids {
			p.Values = append(p.Values, model.Principal{Kind: "AWS", ID: id})
		}
		return p
	}
	not := func(p model.Principals) model.Principals { return model.Principals{Values: p.Values, Not: true} }
	root := "arn:aws:iam::" + accounts[0] + ":root"
	for _, c := range []struct {
		why        string
		by         iam.Principal
		principals model.Principals
		want       model.Truth
		source     string
	}{
		{"* includes a caller without a signature", anonymous, aws("*"), model.True, elements},
		{"an account does not", anonymous, aws(accounts[0]), model.False, elements},
		{"an account includes its users", alice, aws(accounts[0]), model.True, elements},
		{"the account's ARN means the same", alice, aws(root), model.True, elements},
		{"another account does not", alice, aws(accounts[1]), model.False, elements},
		{"a user", alice, aws(user), model.True, elements},
		{"somebody of the user's account may be the user", someone, aws(user), model.Maybe, elements},
		{"somebody of another account is not", someone, aws(role), model.False, elements},
		{"a role includes its sessions", app, aws(role), model.True, elements},
		{"a session", app, aws(session), model.True, elements},
		{"AWS refuses patterns", alice, aws("arn:aws:iam::111122223333:user/*"), model.Maybe, elements},
		{"an ID may be that of the user", alice, aws("AIDACKCEVSQ6C2EXAMPLE"), model.Maybe, elements},
		{"an ID is not that of an anonymous caller", anonymous, aws("AIDACKCEVSQ6C2EXAMPLE"), model.False, elements},
		{
			"a service is no user", alice,
			model.Principals{Values: []model.Principal{{Kind: "Service", ID: "apigateway.amazonaws.com"}}},
			model.False, elements,
		},
		{
			"a service", iam.Principal{Service: model.PrincipalAPIGateway},
			model.Principals{Values: []model.Principal{{Kind: "Service", ID: "apigateway.amazonaws.com"}}},
			model.True, elements,
		},
		{
			"a session may be that of a web identity", app,
			model.Principals{Values: []model.Principal{{Kind: "Federated", ID: "www.amazon.com"}}}, model.Maybe,
			elements,
		},
		{"NotPrincipal is about anonymous callers", anonymous, not(aws(user, root)), model.True, spared},
		{"NotPrincipal spares a user with the account", alice, not(aws(user, root)), model.False, spared},
		{"NotPrincipal without the account may not", alice, not(aws(user)), model.Maybe, spared},
		{"NotPrincipal with the account only may not", alice, not(aws(root)), model.Maybe, spared},
		{"NotPrincipal without the session may not", app, not(aws(role, accounts[1])), model.Maybe, spared},
		{"NotPrincipal without the role may not", app, not(aws(session, accounts[1])), model.Maybe, spared},
		{"NotPrincipal spares a session", app, not(aws(session, role, accounts[1])), model.False, spared},
		{"NotPrincipal * spares everyone", anonymous, not(aws("*")), model.False, spared},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := allow()
			s.Principals = c.principals
			call := iam.InvokeFrom(throughEndpoint, c.by, api)
			assert.Equal(t, c.want, iam.ResourcePolicy(document(s), call).Permits, c.source)
		})
	}
}

func TestAnIdentityPolicyHasNoPrincipals(t *testing.T) {
	s := on(allow(), "arn:aws:execute-api:*:*:*/v1/GET/*")
	s.Principals = model.Principals{}
	call := iam.InvokeFrom(throughEndpoint, iam.Principal{Signed: true}, api)
	assert.Equal(t, iam.Allowed, iam.IdentityPolicy(document(s), call).Outcome)
}

func TestAPrivateDomainHasAPolicyOfItsOwn(t *testing.T) {
	place := iam.Place{Region: model.Of("us-east-1")}
	domain := iam.DomainCall(place, model.Of("api.example.com"), model.Unknown[string]())
	call := iam.InvokeFrom(throughEndpoint, iam.Principal{}, domain)
	for resource, want := range map[string]iam.Outcome{
		"execute-api:/*": iam.Allowed,
		"arn:aws:execute-api:us-east-1:*:/domainnames/*":                 iam.Allowed,
		"arn:aws:execute-api:us-east-1:*:/domainnames/api.example.com+*": iam.Allowed,
		"arn:aws:execute-api:us-east-1:*:/domainnames/www.example.com+*": iam.NotAllowed,
		"arn:aws:execute-api:us-east-1:*:a1b2c3d4e5/*":                   iam.NotAllowed,
		"arn:aws:execute-api:us-east-1:123456789012:/domainnames/*":      iam.Undecided,
	} {
		assert.Equal(t, want, iam.ResourcePolicy(document(on(allow(), resource)), call).Outcome, resource)
	}
}

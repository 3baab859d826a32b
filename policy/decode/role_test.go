package decode

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

func TestARoleSaysWhoMayAssumeIt(t *testing.T) {
	const lambda, gateway = `{"Service":"lambda.amazonaws.com"}`, `{"Service":"apigateway.amazonaws.com"}`
	policy := func(effect, principal, action, more string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `","Principal":` + principal +
			`,"Action":"` + action + `"` + more + `}]}`
	}
	for _, c := range []struct {
		why, policy string
		want        model.Truth
	}{
		{"Lambda", policy("Allow", lambda, "sts:AssumeRole", ""), model.True},
		{"one of two services", policy("Allow", `{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}`,
			"sts:*", ""), model.True},
		{"another service", policy("Allow", gateway, "sts:AssumeRole", ""), model.False},
		{"another account", policy("Allow", `{"AWS":"arn:aws:iam::999999999999:root"}`, "sts:AssumeRole", ""),
			model.False},
		{"another action", policy("Allow", lambda, "sts:TagSession", ""), model.False},
		{"a Deny", policy("Deny", lambda, "sts:AssumeRole", ""), model.False},
		{"an Allow and a Deny", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + lambda +
			`,"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":` + lambda + `,"Action":"sts:*"}]}`, model.False},
		{"no statement", `{"Version":"2012-10-17","Statement":[]}`, model.False},
		{"everyone may include services", policy("Allow", `"*"`, "sts:AssumeRole", ""), model.Maybe},
		{"a condition may hold", policy("Allow", lambda, "sts:AssumeRole",
			`,"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}`), model.Maybe},
		{"everyone except another service", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotPrincipal":` +
			gateway + `,"Action":"sts:AssumeRole"}]}`, model.Maybe},
		{"a text that is none", "{}", model.Maybe},
		{"an unknown text", fixture.Unknown, model.Maybe},
	} {
		t.Run(c.why, func(t *testing.T) {
			stack := decodeAll(
				fixture.Resource{Name: "role", Type: "aws:iam/role:Role", Properties: map[string]any{
					"arn": "arn:aws:iam::123456789012:role/hello", "id": "hello", "assumeRolePolicy": c.policy,
				}},
				fixture.Resource{Name: "hello", Type: "aws:lambda/function:Function", Properties: map[string]any{
					"role": "arn:aws:iam::123456789012:role/hello",
				}},
			)
			require.Len(t, stack.Functions, 1)
			assert.Equal(t, c.want, stack.Functions[0].IsAssumable())
		})
	}
}

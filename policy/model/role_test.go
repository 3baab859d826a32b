package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAConditionKeepsStrangersOutOfARole(t *testing.T) {
	for _, row := range []struct {
		operator, key, value string
		want                 Truth // Whether the role admits everyone.
		why                  string
	}{
		{"StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5", False, "a stranger is in none or another one"},
		{"StringLike", "aws:PrincipalOrgID", "o-*", True, "every organization has such an ID"},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a1b2c3d4e5/r-ab12/*", False, "it names one"},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/r-ab12/*", True, "it names none"},
		{"StringEquals", "aws:PrincipalAccount", "123456789012", False, "one account"},
		{"StringLike", "aws:PrincipalAccount", "????????????", True, "every account"},
		{"StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", Maybe, "a variable"},
		{"StringEquals", "aws:PrincipalTag/team", "web", True, "strangers choose their tags"},
		{"Null", "aws:PrincipalTag/team", "false", True, "strangers choose their tags"},
		{"StringEquals", "aws:username", "deployer", True, "strangers choose the names of their users"},
		{"StringEquals", "aws:PrincipalType", "AssumedRole", True, "strangers have roles"},
		{"StringEquals", "aws:SourceIdentity", "ann", True, "whoever assumes a role says it"},
		{"StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/x", True, "everyone's role x"},
		{"ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/x", True, "ArnEquals takes wildcards too"},
		{"StringEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/x", False, "StringEquals takes none"},
		{"StringLike", "aws:PrincipalArn", "*:role/x", True, "everyone's role x"},
		{"ArnLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*", False, "roles of one account"},
		{"StringLike", "aws:PrincipalArn", "arn:aws:iam::123456789012*", False, "identities of one account"},
		{"ArnLike", "aws:PrincipalArn", "arn:*:iam::123456789012:role/x", Maybe, "an account in any partition"},
		{"StringLike", "aws:userid", "*:session", True, "strangers choose the names of sessions"},
		{"StringLike", "aws:userid", "AROAEXAMPLE:*", Maybe, "AWS gives the ID of a role"},
		{"Bool", "aws:PrincipalIsAWSService", "true", Maybe, "services are no strangers, but may act for one"},
		{"StringEquals", "sts:ExternalId", "a-secret", False, "strangers do not know it"},
	} {
		role := &Role{Trust: &PolicyDocument{Statements: []Statement{{
			Effect: Allow, Actions: Patterns{Values: []string{"sts:AssumeRole"}},
			Principals: Principals{Values: []Principal{{Kind: "AWS", ID: "*"}}},
			Conditions: []Condition{{Operator: row.operator, Key: row.key, Values: []string{row.value}}},
		}}}}
		assert.Equal(t, row.want, role.AdmitsEveryone(), "%s %s %s: %s", row.operator, row.key, row.value, row.why)
	}
}

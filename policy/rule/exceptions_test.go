package rule_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/rule"
)

func TestExceptionsMatch(t *testing.T) {
	const urn = "urn:pulumi:dev::shop::shop:index:Network$aws:ec2/vpcEndpoint:VpcEndpoint::internal::a"
	for _, c := range []struct {
		why, pattern  string
		covers, isFor bool
	}{
		{"the URN itself", urn, true, true},
		{"any stack", strings.Replace(urn, ":dev:", ":*:", 1), true, true},
		{"any parents", "urn:pulumi:dev::shop::*aws:ec2/vpcEndpoint:VpcEndpoint::internal::a", true, true},
		{"beginning, middle and end", "urn:pulumi:d*v::s*o*::*VpcEndpoint*::in*n*l::*", true, true},
		{"everything in the project", "urn:pulumi:*::shop::*::*", true, true},
		{"a star may stand for nothing", "urn:pulumi:dev*::shop::*VpcEndpoint::internal::a", true, true},
		{"a part of the name", "urn:pulumi:dev::shop::*VpcEndpoint::internal", false, true},
		{"a star stays in its part", "urn:pulumi:dev::shop::*::a", false, true},
		{"pieces do not overlap", "urn:pulumi:dev::shop::*::*internal::*internal::a", false, true},
		{"the end of the pattern must match the end", "urn:pulumi:dev::shop::*::*internal", false, true},
		{"another type", "urn:pulumi:dev::shop::*Subnet::*", false, true},
		{"another project", "urn:pulumi:dev::bank::*::*", false, false},
		{"another stack", "urn:pulumi:prod::shop::*::*", false, false},
	} {
		t.Run(c.why, func(t *testing.T) {
			e := rule.Exception{URN: c.pattern, Reason: "because"}
			assert.Equal(t, c.covers, e.Covers(urn))
			assert.Equal(t, c.isFor, e.IsFor(urn))
			assert.False(t, e.Covers(""), "a finding about the whole stack")
		})
	}
}

package pack_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/pack"
	"private-api-blueprints/policy/rule"
)

// urn is that of a resource that the rules of these tests are about.
func urn(name string) string { return "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::" + name }

// judged runs a single rule with exceptions over a stack.
func judged(t *testing.T, r rule.Rule, exceptions ...any) plugin.AnalyzeResponse {
	t.Helper()
	r.ID, r.Level, r.Links = "tested", rule.Mandatory, []string{""}
	p, err := pack.New(pack.About{Version: "1.2.3"}, []*rule.Rule{&r})
	require.NoError(t, err)
	require.NoError(t, p.Configure(t.Context(), map[string]plugin.AnalyzerPolicyConfig{"tested": {Properties: map[string]any{"exceptions": exceptions}}}))
	stack := []plugin.AnalyzerStackResource{{AnalyzerResource: plugin.AnalyzerResource{URN: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"}}}
	response, err := p.AnalyzeStack(t.Context(), stack)
	require.NoError(t, err)
	return response
}

func exception(pattern string) map[string]any {
	return map[string]any{"urn": pattern, "reason": "until May"}
}

// violating is a rule that objects to some resources, and cannot decide about others.
func violating(undecided string, names ...string) rule.Rule {
	return rule.Rule{Check: func(_ *model.Stack, r *rule.Report) {
		for _, name := range names {
			r.Violation(model.Origin{URN: urn(name), Property: "cidrBlock"}, "%s is bad", name)
		}
		if undecided != "" {
			r.Unknown(model.Origin{URN: urn(undecided)}, "%s is not known", undecided)
		}
		r.Pass(model.Origin{URN: urn("sound")})
	}}
}

func TestExceptions(t *testing.T) {
	const unused = "matches no violation of this policy; want the URN that one is reported on, or no exception"
	for _, c := range []struct {
		why        string
		rule       rule.Rule
		exceptions []any
		mandatory  []string // Messages.
		advisory   string   // Part of the only message.
		skipped    string   // Why the policy has not passed.
	}{
		{"one of two", violating("", "a", "b"), []any{exception(urn("a"))}, []string{"b is bad (cidrBlock)"}, "", ""},
		{"all", violating("", "a", "b"), []any{exception(urn("*"))}, nil, "", "excepted: a is bad (until May); b is bad (until May)"},
		{"two for one", violating("", "a"), []any{exception(urn("a")), exception(urn("*"))}, nil, "", "excepted: a is bad (until May)"},
		{"another resource", violating("", "a"), []any{exception(urn("c"))}, []string{"a is bad (cidrBlock)"}, urn("c") + " (until May) " + unused, ""},
		{"what passes needs none", violating(""), []any{exception(urn("sound"))}, nil, unused, ""},
		{"nothing to judge", rule.Rule{Check: func(*model.Stack, *rule.Report) {}}, []any{exception(urn("a"))}, nil, unused, "the stack has nothing that this rule is about"},
		{"for another stack", violating("", "a"), []any{exception("urn:pulumi:prod::shop::*::c")}, []string{"a is bad (cidrBlock)"}, "", ""},
		{"for any stack", violating("", "a"), []any{exception("urn:pulumi:*::shop::*::c")}, []string{"a is bad (cidrBlock)"}, unused, ""},
		{"it may be needed yet", violating("u", "a"), []any{exception(urn("c")), exception(urn("a"))}, nil, "", "excepted: a is bad (until May)"},
		{"undecided needs none", violating("u"), []any{exception(urn("u"))}, nil, "", "undecided: u is not known"},
	} {
		t.Run(c.why, func(t *testing.T) {
			response := judged(t, c.rule, c.exceptions...)
			var mandatory, advisory []string
			for _, d := range response.Diagnostics {
				if d.EnforcementLevel == apitype.Mandatory {
					mandatory = append(mandatory, d.Message)
				} else {
					advisory = append(advisory, d.Message)
					assert.Empty(t, d.URN, "an exception is nothing of the stack's")
				}
			}
			assert.Equal(t, c.mandatory, mandatory)
			require.Equal(t, c.advisory != "", len(advisory) == 1, "%v", advisory)
			assert.Contains(t, strings.Join(advisory, ""), c.advisory)
			assert.Equal(t, c.skipped, reasons(response)["tested"])
		})
	}
}

// TestFailingRuleFailsAlone wants a fault of the pack to be told, and not to
// stop a deployment.
func TestFailingRuleFailsAlone(t *testing.T) {
	broken := &rule.Rule{ID: "broken", Level: rule.Mandatory, Links: []string{""}, Check: func(s *model.Stack, _ *rule.Report) {
		_ = s.VPCs[0]
	}}
	endless := &rule.Rule{ID: "endless", Level: rule.Mandatory, Links: []string{""}, Check: func(*model.Stack, *rule.Report) {
		<-t.Context().Done()
	}}
	sound := violating("", "a")
	sound.ID, sound.Links = "sound", []string{""}
	for _, c := range []struct {
		rule *rule.Rule
		want string
	}{
		{broken, "could not be judged: runtime error: index out of range [0] with length 0; this is a fault of the policy pack"},
		{endless, "could not be judged: context deadline exceeded; this is a fault of the policy pack"},
	} {
		t.Run(c.rule.ID, func(t *testing.T) {
			pack.LimitRules(t, 100*time.Millisecond)
			p, err := pack.New(pack.About{Version: "1.2.3"}, []*rule.Rule{c.rule, &sound})
			require.NoError(t, err)
			response, err := p.AnalyzeStack(t.Context(), nil)
			require.NoError(t, err)
			require.Len(t, response.Diagnostics, 2)
			assert.Contains(t, response.Diagnostics[0].Message, c.want)
			assert.Equal(t, apitype.Advisory, response.Diagnostics[0].EnforcementLevel)
			assert.Equal(t, "a is bad (cidrBlock)", response.Diagnostics[1].Message, "the next rule is judged")
		})
	}
}

// TestCancelledAnalysisSaysNothing takes a cancelled preview for no fault of the
// pack.
func TestCancelledAnalysisSaysNothing(t *testing.T) {
	r := violating("", "a")
	r.ID, r.Links = "sound", []string{""}
	p, err := pack.New(pack.About{Version: "1.2.3"}, []*rule.Rule{&r})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	response, err := p.AnalyzeStack(ctx, nil)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, response.Diagnostics)
}

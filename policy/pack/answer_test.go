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

// bad is the defect that the rules of these tests find.
var bad = &rule.Defect{ID: "bad", Summary: "It is bad.", Outcome: rule.Broken}

// urn returns the URN of a resource that the rules of these tests judge.
func urn(name string) string { return "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::" + name }

// judged runs one rule with exceptions over a stack.
func judged(t *testing.T, r rule.Rule, exceptions ...any) plugin.AnalyzeResponse {
	t.Helper()
	r.ID, r.Defects = "tested", []*rule.Defect{bad}
	p, err := pack.New(pack.Valid, []*rule.Rule{&r})
	require.NoError(t, err)
	config := plugin.AnalyzerPolicyConfig{Properties: map[string]any{"exceptions": exceptions}}
	require.NoError(t, p.Configure(t.Context(), map[string]plugin.AnalyzerPolicyConfig{"tested": config}))
	stack := []plugin.AnalyzerStackResource{{
		AnalyzerResource: plugin.AnalyzerResource{URN: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"},
	}}
	response, err := p.AnalyzeStack(t.Context(), stack)
	require.NoError(t, err)
	return response
}

func exception(pattern string) map[string]any {
	return map[string]any{"urn": pattern, "reason": "until May"}
}

// violating returns a rule that some resources violate, and that is undecided
// about another one, if its name is not empty.
func violating(undecided string, names ...string) rule.Rule {
	return rule.Rule{Check: func(_ *model.Stack, r *rule.Report) {
		for _, name := range names {
			at := model.Origin{URN: urn(name), Property: "cidrBlock"}
			r.Judge(at, bad.If(model.True, at, "%s is bad", name))
		}
		if undecided != "" {
			r.Unknown(model.Origin{URN: urn(undecided)}, "%s is not known", undecided)
		}
		r.Pass(model.Origin{URN: urn("compliant")})
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
		skipped    string   // Why the policy did not pass.
	}{
		{why: "one of two violations", rule: violating("", "a", "b"),
			exceptions: []any{exception(urn("a"))}, mandatory: []string{"b is bad (cidrBlock)"}},
		{why: "all violations", rule: violating("", "a", "b"),
			exceptions: []any{exception(urn("*"))}, skipped: "excepted: a is bad (until May); b is bad (until May)"},
		{why: "two exceptions for one violation", rule: violating("", "a"),
			exceptions: []any{exception(urn("a")), exception(urn("*"))}, skipped: "excepted: a is bad (until May)"},
		{why: "another resource", rule: violating("", "a"),
			exceptions: []any{exception(urn("c"))}, mandatory: []string{"a is bad (cidrBlock)"},
			advisory: urn("c") + " (until May) " + unused},
		{why: "a compliant resource needs none", rule: violating(""),
			exceptions: []any{exception(urn("compliant"))}, advisory: unused},
		{why: "nothing to judge", rule: rule.Rule{Check: func(*model.Stack, *rule.Report) {}},
			exceptions: []any{exception(urn("a"))}, advisory: unused,
			skipped: "the stack has nothing that this rule is about"},
		{why: "an exception for another stack", rule: violating("", "a"),
			exceptions: []any{exception("urn:pulumi:prod::shop::*::c")}, mandatory: []string{"a is bad (cidrBlock)"}},
		{why: "an exception for any stack", rule: violating("", "a"),
			exceptions: []any{exception("urn:pulumi:*::shop::*::c")}, mandatory: []string{"a is bad (cidrBlock)"},
			advisory: unused},
		{why: "it may be needed later", rule: violating("u", "a"),
			exceptions: []any{exception(urn("c")), exception(urn("a"))}, skipped: "excepted: a is bad (until May)"},
		{why: "an undecided resource needs none", rule: violating("u"),
			exceptions: []any{exception(urn("u"))}, skipped: "undecided: u is not known"},
	} {
		t.Run(c.why, func(t *testing.T) {
			response := judged(t, c.rule, c.exceptions...)
			var mandatory, advisory []string
			for _, d := range response.Diagnostics {
				if d.EnforcementLevel == apitype.Mandatory {
					mandatory = append(mandatory, d.Message)
				} else {
					advisory = append(advisory, d.Message)
					assert.Empty(t, d.URN, "an exception is not part of the stack")
				}
			}
			assert.Equal(t, c.mandatory, mandatory)
			require.Equal(t, c.advisory != "", len(advisory) == 1, "%v", advisory)
			assert.Contains(t, strings.Join(advisory, ""), c.advisory)
			assert.Equal(t, c.skipped, reasons(response)["tested"])
		})
	}
}

// TestFailingRuleFailsAlone checks that a bug in the pack is reported, and that
// it does not stop a deployment.
func TestFailingRuleFailsAlone(t *testing.T) {
	broken := &rule.Rule{ID: "broken", Check: func(s *model.Stack, _ *rule.Report) {
		_ = s.VPCs[0]
	}}
	endless := &rule.Rule{ID: "endless", Check: func(*model.Stack, *rule.Report) {
		<-t.Context().Done()
	}}
	other := violating("", "a")
	other.ID = "other"
	for _, c := range []struct {
		rule *rule.Rule
		want string
	}{
		{broken, "internal error: runtime error: index out of range [0] with length 0; please report this bug"},
		{endless, "internal error: context deadline exceeded; please report this bug in the policy pack"},
	} {
		t.Run(c.rule.ID, func(t *testing.T) {
			p, err := pack.New(pack.Valid, []*rule.Rule{c.rule, &other})
			require.NoError(t, err)
			pack.LimitRules(p, 100*time.Millisecond)
			response, err := p.AnalyzeStack(t.Context(), nil)
			require.NoError(t, err)
			require.Len(t, response.Diagnostics, 2)
			assert.Contains(t, response.Diagnostics[0].Message, c.want)
			assert.Equal(t, apitype.Advisory, response.Diagnostics[0].EnforcementLevel)
			assert.Equal(t, "a is bad (cidrBlock)", response.Diagnostics[1].Message, "the next rule is judged")
		})
	}
}

// TestCanceledAnalysisReportsNothing checks that a canceled preview does not count
// as a bug in the pack.
func TestCanceledAnalysisReportsNothing(t *testing.T) {
	r := violating("", "a")
	r.ID = "tested"
	p, err := pack.New(pack.Valid, []*rule.Rule{&r})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	response, err := p.AnalyzeStack(ctx, nil)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Empty(t, response.Diagnostics)
}

// TestLevelsOfFindings judges a stack with a mandatory and an advisory finding
// under configurations as the engine sends them: it fills in the rule's own level.
func TestLevelsOfFindings(t *testing.T) {
	const policy, everything, mandatory, advisory = "tested", "all", apitype.Mandatory, apitype.Advisory
	risky := &rule.Defect{ID: "risky", Summary: "It is risky.", Outcome: rule.Risky}
	tested := &rule.Rule{ID: policy, Defects: []*rule.Defect{bad, risky}, Check: func(_ *model.Stack, r *rule.Report) {
		at := model.Origin{URN: urn("a")}
		r.Judge(at, bad.If(model.True, at, "bad"), risky.If(model.True, at, "risky"))
	}}
	type config = map[string]plugin.AnalyzerPolicyConfig
	levels := func(given map[string]any) map[string]any { return map[string]any{"levels": given} }
	for _, c := range []struct {
		why   string
		given config
		want  map[string]apitype.EnforcementLevel
	}{
		{"each its own without a configuration", nil,
			map[string]apitype.EnforcementLevel{"bad": mandatory, "risky": advisory}},
		{"each its own at the rule's own level", config{policy: {EnforcementLevel: mandatory}},
			map[string]apitype.EnforcementLevel{"bad": mandatory, "risky": advisory}},
		{"another level is for all findings", config{policy: {EnforcementLevel: advisory}},
			map[string]apitype.EnforcementLevel{"bad": advisory, "risky": advisory}},
		{"the level of all policies is for all findings",
			config{everything: {EnforcementLevel: mandatory}, policy: {EnforcementLevel: mandatory}},
			map[string]apitype.EnforcementLevel{"bad": mandatory, "risky": mandatory}},
		{"a finding has a level", config{policy: {Properties: levels(map[string]any{"risky": "mandatory"})}},
			map[string]apitype.EnforcementLevel{"bad": mandatory, "risky": mandatory}},
		{"a finding's level is stronger than the rule's", config{policy: {
			EnforcementLevel: advisory, Properties: levels(map[string]any{"bad": "mandatory"})}},
			map[string]apitype.EnforcementLevel{"bad": mandatory, "risky": advisory}},
		{"a finding is disabled", config{policy: {Properties: levels(map[string]any{"bad": "disabled"})}},
			map[string]apitype.EnforcementLevel{"risky": advisory}},
	} {
		t.Run(c.why, func(t *testing.T) {
			p, err := pack.New(pack.Valid, []*rule.Rule{tested})
			require.NoError(t, err)
			require.NoError(t, p.Configure(t.Context(), c.given))
			response, err := p.AnalyzeStack(t.Context(), nil)
			require.NoError(t, err)
			got := map[string]apitype.EnforcementLevel{}
			for _, d := range response.Diagnostics {
				got[d.Message] = d.EnforcementLevel
			}
			assert.Equal(t, c.want, got)
		})
	}
}

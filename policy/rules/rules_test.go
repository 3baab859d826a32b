package rules_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// TestRulesFindWhatTheirFixturesWant runs each rule over its fixtures. It must
// find exactly what a fixture wants.
func TestRulesFindWhatTheirFixturesWant(t *testing.T) {
	for r, c := range allCases(t) {
		t.Run(r.ID+"/"+c.ID(), func(t *testing.T) {
			var got []string
			findings := check(t, r, c.Settings, c.Resources())
			for _, f := range findings {
				if f.Verdict == rule.Pass {
					f.Origin.Property = ""
				}
				got = append(got,
					fmt.Sprintf("%s %s %s", f.Verdict, resource.URN(f.Origin.URN).Name(), f.Origin.Property))
			}
			var want []string
			for _, w := range c.Want {
				want = append(want, fmt.Sprintf("%s %s %s", w.Verdict, w.Resource, w.Property))
			}
			require.ElementsMatch(t, want, got, "%+v", findings)
			for _, w := range c.Want {
				assert.True(t, slices.ContainsFunc(findings, func(f rule.Finding) bool {
					return string(f.Verdict) == w.Verdict && strings.Contains(f.Message, w.Says) &&
						(w.Defect == "" || f.Defect != nil && f.Defect.ID == w.Defect)
				}), "want %q in %+v", w.Defect+" "+w.Says, findings)
			}
		})
	}
}

// TestEveryDefectIsFound checks that a fixture of a rule has each of its defects,
// and that every violation is one of them.
func TestEveryDefectIsFound(t *testing.T) {
	found := map[*rule.Defect]bool{}
	for r, c := range allCases(t) {
		for _, f := range check(t, r, c.Settings, c.Resources()) {
			if f.Verdict == rule.Violation {
				assert.Contains(t, r.Defects, f.Defect, "%s/%s", r.ID, c.ID())
				found[f.Defect] = true
			}
		}
	}
	for _, r := range rules.All() {
		for _, d := range r.Defects {
			assert.True(t, found[d], "%s: want a fixture in which it finds %s", r.ID, d.ID)
		}
	}
}

// TestDisabledDefectsAreNotReported disables each defect that a fixture has.
func TestDisabledDefectsAreNotReported(t *testing.T) {
	for r, c := range allCases(t) {
		for _, f := range check(t, r, c.Settings, c.Resources()) {
			if f.Verdict != rule.Violation {
				continue
			}
			settings := map[string]any{"levels": map[string]any{f.Defect.ID: "disabled"}}
			maps.Copy(settings, c.Settings)
			for _, other := range check(t, r, settings, c.Resources()) {
				assert.NotSame(t, f.Defect, other.Defect, "%s/%s: %s", r.ID, c.ID(), other.Message)
			}
		}
	}
}

// TestFixturesAreOfTheirKind checks that a fixture tests what its kind says.
func TestFixturesAreOfTheirKind(t *testing.T) {
	verdicts := map[string]string{"bad": "violation", "unknown": "unknown"}
	for r, c := range allCases(t) {
		t.Run(r.ID+"/"+c.ID(), func(t *testing.T) {
			assert.NotEmpty(t, c.Why, "want a sentence about what the case shows")
			var found []string
			for _, w := range c.Want {
				found = append(found, w.Verdict)
			}
			if want, isFault := verdicts[c.Kind]; isFault {
				assert.Contains(t, found, want)
			} else {
				assert.Equal(t, "good", c.Kind)
				assert.NotContains(t, found, "violation")
				assert.NotContains(t, found, "unknown")
			}
			if c.Kind == "bad" {
				assert.NotEmpty(t, c.Like, "want a bad case that differs from another in one property")
			}
		})
	}
}

// TestOrderOfResourcesDoesNotMatter judges each stack in several orders.
func TestOrderOfResourcesDoesNotMatter(t *testing.T) {
	for r, c := range allCases(t) {
		t.Run(r.ID+"/"+c.ID(), func(t *testing.T) {
			resources := c.Resources()
			want := check(t, r, c.Settings, resources)
			for range resources {
				resources = append(resources[1:], resources[0])
				assert.Equal(t, want, check(t, r, c.Settings, resources))
			}
			slices.Reverse(resources)
			assert.Equal(t, want, check(t, r, c.Settings, resources))
		})
	}
}

// allCases ranges over the fixtures of every rule.
func allCases(t *testing.T) func(func(*rule.Rule, fixture.Case) bool) {
	t.Helper()
	return func(yield func(*rule.Rule, fixture.Case) bool) {
		for _, r := range rules.All() {
			text, err := os.ReadFile(filepath.Join("testdata", r.ID+".txtar"))
			require.NoError(t, err)
			cases, err := fixture.Parse(text)
			require.NoError(t, err)
			for _, c := range cases {
				if !yield(r, c) {
					return
				}
			}
		}
	}
}

// check runs one rule over the resources of a stack.
func check(
	t *testing.T, checked *rule.Rule, given map[string]any, resources []plugin.AnalyzerStackResource,
) []rule.Finding {
	t.Helper()
	settings, err := checked.ParseSettings(given)
	require.NoError(t, err)
	report := rule.NewReport(settings)
	checked.Check(decode.Stack(resources), report)
	return report.Findings
}

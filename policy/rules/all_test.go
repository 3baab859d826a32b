package rules_test

import (
	"cmp"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// TestAll finds a rule that was written but not listed, and one that is listed
// without what a reader or the engine needs of it.
func TestAll(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	files = slices.DeleteFunc(files, func(f string) bool {
		return strings.HasSuffix(f, "_test.go") || f == "rules.go"
	})

	var ids, ruleFiles []string
	for _, r := range rules.All() {
		ids = append(ids, r.ID)
		ruleFiles = append(ruleFiles, strings.ReplaceAll(r.ID, "-", "_")+".go")
	}
	assert.ElementsMatch(t, files, ruleFiles, "one file per rule, and each rule in All")
	assert.True(t, slices.IsSorted(ids), "All is in the order of ids: %v", ids)
	assert.Len(t, slices.Compact(slices.Clone(ids)), len(ids), "ids are unique: %v", ids)
}

func TestMetadataIsComplete(t *testing.T) {
	for _, r := range rules.All() {
		t.Run(r.ID, func(t *testing.T) {
			assert.Regexp(t, `^[a-z0-9-]+$`, r.ID)
			assert.NotContains(t, r.Title, "\n")
			for _, text := range []string{r.Title, r.Why, r.Fix} {
				assert.NotEmpty(t, strings.TrimSpace(text))
			}
			assert.Contains(t, []rule.Severity{rule.Low, rule.Medium, rule.High, rule.Critical}, r.Severity)
			assert.Contains(t, []rule.Level{rule.Disabled, rule.Advisory, rule.Mandatory}, r.Level)
			assert.NotEmpty(t, r.Tags)
			assert.NotNil(t, r.Check)
			require.NotEmpty(t, r.Links, "the first link is the policy's URL")
			for _, link := range r.Links {
				assert.True(t, strings.HasPrefix(link, "https://"), link)
			}
		})
	}
}

// TestEveryRuleHasFixtures wants each verdict shown at least once: a rule that
// is never undecided is not about Pulumi programs.
func TestEveryRuleHasFixtures(t *testing.T) {
	kinds := map[string]map[string]bool{}
	names := map[string]bool{}
	for r, c := range allCases(t) {
		if kinds[r.ID] == nil {
			kinds[r.ID] = map[string]bool{}
		}
		kinds[r.ID][c.Kind] = true
		assert.False(t, names[r.ID+"/"+c.ID()], "two cases are called %s/%s", r.ID, c.ID())
		names[r.ID+"/"+c.ID()] = true
	}
	for _, r := range rules.All() {
		assert.Equal(t, []string{"bad", "good", "unknown"}, slices.Sorted(maps.Keys(kinds[r.ID])), r.ID)
	}
	fixtures, err := os.ReadDir("testdata")
	require.NoError(t, err)
	assert.Len(t, fixtures, len(rules.All()), "each fixture file belongs to a rule")
}

// TestParametersReadTheirDefaults compares two statements of one default: the
// schema's, which the engine sends back, and the rule's own.
func TestParametersReadTheirDefaults(t *testing.T) {
	for _, r := range rules.All() {
		for _, p := range r.AllParameters() {
			t.Run(r.ID+"/"+p.Name(), func(t *testing.T) {
				fallback := p.Schema()["default"]
				require.NotNil(t, fallback)
				if n, isInt := fallback.(int); isInt {
					fallback = float64(n)
				}
				_, err := p.Parse(fallback)
				assert.NoError(t, err)
				assert.Equal(t, p.Description(), p.Schema()["description"])
			})
		}
	}
}

// TestParametersRefuse shows what a person reads after a mistake.
func TestParametersRefuse(t *testing.T) {
	for _, c := range []struct {
		why, parameter string
		value          any
		want           string
	}{
		{"below the least", "minimumZones", 0.0, "is 0; want a whole number of at least 1"},
		{"not whole", "minimumZones", 2.5, "is 2.5; want a whole number of at least 1"},
		{"not a number", "minimumZones", "two", "is two; want a whole number of at least 1"},
		{"not a list", "allowedCidrs", "10.0.0.0/8", `is 10.0.0.0/8; want a list of ranges such as "10.0.0.0/16"`},
		{"not a range", "allowedCidrs", []any{"10.0.0.0/8", "10.0.0.1"}, `has 10.0.0.1 at position 2; want a range`},
		{"host bits are a sign of a typing error", "allowedCidrs", []any{"10.0.0.1/8"}, `has 10.0.0.1/8 at position 1; want a range`},
		{"not a list", "publicApis", "api", "is api; want a list of names"},
		{"not a text", "publicApis", []any{"api", 8.0}, "has 8 at position 2; want a name"},
		{"empty", "publicApis", []any{""}, "has  at position 1; want a name"},
		{"not a flag", "accountInStack", "yes", "is yes; want true or false"},
		{"not a text", "allowedCidrs", []any{8.0}, `has 8 at position 1; want a range`},
		{"not a list of texts", "allowedSslPolicies", "ELBSecurityPolicy-2016-08", "is ELBSecurityPolicy-2016-08; want a list of names"},
		{"an empty text", "certifiedElsewhere", []any{"api.example.com", ""}, "has  at position 2; want a name"},
		{"not an expression", "generatedNames", "-[0-9", `is "-[0-9", which is not a regular expression`},
		{"not even a text", "generatedNames", 7.0, "is 7; want a regular expression such as"},
		{"not a list", "exceptions", "urn:pulumi:dev::p::t::n", "is urn:pulumi:dev::p::t::n; want a list of exceptions"},
		{"not an object", "exceptions", []any{"urn:pulumi:dev::p::t::n"}, "at position 1, which has no reason; want {"},
		{"no reason", "exceptions", []any{map[string]any{"urn": "urn:pulumi:dev::p::t::n"}}, "at position 1, which has no reason"},
		{"a blank is no reason", "exceptions", []any{map[string]any{"urn": "urn:pulumi:dev::p::t::n", "reason": " "}}, "at position 1, which has no reason"},
		{"a name is no URN", "exceptions", []any{map[string]any{"urn": "vpce", "reason": "old"}}, "at position 1, which has no pattern of a URN"},
		{"all of everything is what disabled is for", "exceptions", []any{map[string]any{"urn": "*", "reason": "old"}}, "at position 1, which has no pattern of a URN"},
		{"a mistyped member", "exceptions", []any{map[string]any{"urn": "urn:pulumi:dev::p::t::n", "reason": "old", "until": "2027"}}, "which has other keys, too"},
	} {
		t.Run(c.parameter+" "+c.why, func(t *testing.T) {
			_, err := parameter(t, c.parameter).Parse(c.value)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func parameter(t *testing.T, name string) rule.Parameter {
	t.Helper()
	for _, r := range rules.All() {
		for _, p := range r.AllParameters() {
			if p.Name() == name {
				return p
			}
		}
	}
	require.Fail(t, "no parameter "+name)
	return nil
}

// TestNothingIsLeftToWrite lists what the skeleton of `go run ./newrule` leaves to
// a person.
func TestNothingIsLeftToWrite(t *testing.T) {
	for _, pattern := range []string{"*.go", "testdata/*.txtar", "../CHANGELOG.md"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for i, line := range strings.Split(string(text), "\n") {
				if _, what, found := strings.Cut(line, "TODO"); found {
					what = cmp.Or(strings.Trim(what, ":,'\"` "), strings.TrimSpace(line))
					t.Errorf("%s:%d: still to be written: %s", file, i+1, what)
				}
			}
		}
	}
}

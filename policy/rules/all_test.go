package rules_test

import (
	"cmp"
	"maps"
	"math"
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

// TestEveryRuleIsListed finds a rule that is not in All, and files without a rule.
func TestEveryRuleIsListed(t *testing.T) {
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
	assert.ElementsMatch(t, files, ruleFiles, "one file for each rule, and each rule in All")
	assert.True(t, slices.IsSorted(ids), "All is in the order of IDs: %v", ids)
	assert.Len(t, slices.Compact(slices.Clone(ids)), len(ids), "IDs are unique: %v", ids)
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
			assertDefectsAreComplete(t, r)
			assert.NotEmpty(t, r.Tags)
			assert.NotNil(t, r.Check)
			require.NotEmpty(t, r.Links, "a rule documents its facts")
			for _, link := range r.Links {
				assert.True(t, strings.HasPrefix(link, "https://"), link)
			}
		})
	}
}

// assertDefectsAreComplete checks the table of findings on the rule's page.
func assertDefectsAreComplete(t *testing.T, r *rule.Rule) {
	t.Helper()
	require.NotEmpty(t, r.Defects)
	ids := map[string]bool{}
	for _, d := range r.Defects {
		assert.Regexp(t, `^[a-z0-9-]+$`, d.ID)
		assert.False(t, ids[d.ID], "two defects have the ID %s", d.ID)
		ids[d.ID] = true
		outcomes := []rule.Outcome{rule.Refused, rule.Broken, rule.Exposed, rule.Required, rule.Risky}
		assert.Contains(t, outcomes, d.Outcome)
		for _, text := range []string{d.Summary, d.Effect} {
			assert.Regexp(t, `^[^\n|]+\.$`, text, "%s: want a sentence on one line", d.ID)
		}
	}
}

// TestEveryRuleHasFixtures wants a fixture for each verdict. A rule that is never
// undecided is not about Pulumi programs.
func TestEveryRuleHasFixtures(t *testing.T) {
	kinds := map[string]map[string]bool{}
	names := map[string]bool{}
	for r, c := range allCases(t) {
		if kinds[r.ID] == nil {
			kinds[r.ID] = map[string]bool{}
		}
		kinds[r.ID][c.Kind] = true
		assert.False(t, names[r.ID+"/"+c.ID()], "two cases have the name %s/%s", r.ID, c.ID())
		names[r.ID+"/"+c.ID()] = true
	}
	for _, r := range rules.All() {
		assert.Equal(t, []string{"bad", "good", "unknown"}, slices.Sorted(maps.Keys(kinds[r.ID])), r.ID)
	}
	fixtures, err := os.ReadDir("testdata")
	require.NoError(t, err)
	assert.Len(t, fixtures, len(rules.All()), "each file belongs to a rule")
}

// TestParametersAcceptTheirDefaults checks that a parameter accepts the default of
// its schema, which the engine sends back.
func TestParametersAcceptTheirDefaults(t *testing.T) {
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

// TestParametersRefuseMistakes shows what a person reads after a mistake.
func TestParametersRefuseMistakes(t *testing.T) {
	type object = map[string]any
	const urn = "urn:pulumi:dev::p::t::n"
	for _, c := range []struct {
		why, parameter string
		value          any
		want           string
	}{
		{"below the minimum", "minimumZones", 0.0, "is 0; want a whole number from 1 to 6"},
		{"beyond every int", "minimumZones", 1e19, "is 1e+19; want a whole number from 1 to 6"},
		{"beyond a float", "rulesPerSecurityGroup", math.Inf(1), "is +Inf; want a whole number from 1 to 1000"},
		{"no number at all", "minimumLimit", math.NaN(), "is NaN; want a whole number from 1 to 1000000"},
		{"a long text", "minimumZones", strings.Repeat("x", 1000), "x… (1000 characters); want a whole number"},
		{"not whole", "minimumZones", 2.5, "is 2.5; want a whole number from 1 to 6"},
		{"not a number", "minimumZones", "two", "is two; want a whole number from 1 to 6"},
		{"not a list", "allowedCidrs", "10.0.0.0/8", `is 10.0.0.0/8; want a list of ranges such as "10.0.0.0/16"`},
		{"not a range", "allowedCidrs", []any{"10.0.0.0/8", "10.0.0.1"}, `has 10.0.0.1 at position 2; want a range`},
		{"host bits suggest a typing error", "allowedCidrs", []any{"10.0.0.1/8"},
			`has 10.0.0.1/8 at position 1; want a range`},
		{"not a list", "publicApis", "api", "is api; want a list of names"},
		{"not a text", "publicApis", []any{"api", 8.0}, "has 8 at position 2; want a name"},
		{"empty", "publicApis", []any{""}, "has  at position 1; want a name"},
		{"not a boolean", "accountInStack", "yes", "is yes; want true or false"},
		{"not a text", "allowedCidrs", []any{8.0}, `has 8 at position 1; want a range`},
		{"not a list of texts", "allowedSslPolicies", "ELBSecurityPolicy-2016-08",
			"is ELBSecurityPolicy-2016-08; want a list of names"},
		{"an empty text", "certifiedElsewhere", []any{"api.example.com", ""}, "has  at position 2; want a name"},
		{"not an expression", "generatedNames", "-[0-9", `is "-[0-9", which is not a regular expression`},
		{"not even a text", "generatedNames", 7.0, "is 7; want a regular expression such as"},
		{"not a list", "exceptions", urn, "is urn:pulumi:dev::p::t::n; want a list of exceptions"},
		{"not an object", "exceptions", []any{urn}, "at position 1, which has no reason; want {"},
		{"no reason", "exceptions", []any{object{"urn": urn}}, "at position 1, which has no reason"},
		{"a blank is not a reason", "exceptions", []any{object{"urn": urn, "reason": " "}},
			"at position 1, which has no reason"},
		{"a name is not a URN", "exceptions", []any{object{"urn": "vpce", "reason": "old"}},
			"at position 1, which has no pattern of a URN"},
		{"the level disabled is for everything", "exceptions", []any{object{"urn": "*", "reason": "old"}},
			"at position 1, which has no pattern of a URN"},
		{"not an object", "levels", "advisory", `is advisory; want an object such as {"off": "advisory"}`},
		{"a mistyped defect", "levels", object{"of": "advisory"}, `has "of"; want one of off`},
		{"a mistyped level", "levels", object{"off": "warning"},
			`has warning for "off"; want mandatory, advisory or disabled`},
		{"a mistyped key", "exceptions", []any{object{"urn": urn, "reason": "old", "until": "2027"}},
			"which has other keys, too"},
	} {
		t.Run(c.parameter+" "+c.why, func(t *testing.T) {
			_, err := parameter(t, c.parameter).Parse(c.value)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

// parameter returns the parameter of a rule with this name.
func parameter(t *testing.T, name string) rule.Parameter {
	t.Helper()
	for _, r := range rules.All() {
		for _, p := range r.AllParameters() {
			if p.Name() == name && (name != "levels" || r.ID == "stage-tracing") {
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
					what = cmp.Or(strings.Trim(what, ":,'\"`} "), strings.TrimSpace(line))
					t.Errorf("%s:%d: still to be written: %s", file, i+1, what)
				}
			}
		}
	}
}

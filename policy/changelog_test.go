package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/blang/semver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/rules"
)

// TestChangelogIsInOrder checks that the newest version comes first, and that it
// is the pack's version.
func TestChangelogIsInOrder(t *testing.T) {
	var versions []semver.Version
	for _, heading := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(changelog(t), -1) {
		version, err := semver.Parse(strings.TrimSuffix(heading[1], " (unreleased)"))
		require.NoError(t, err, "a heading is a version")
		versions = append(versions, version)
	}
	require.NotEmpty(t, versions)
	assert.Equal(t, projectVersion(t), versions[0].String(), "the newest version is that of PulumiPolicy.yaml")
	assert.True(t, slices.IsSortedFunc(versions, func(a, b semver.Version) int { return b.Compare(a) }))
}

// TestChangelogNamesEveryRule wants a line for each new rule, and a row in the
// table of names for each rule that was renamed.
func TestChangelogNamesEveryRule(t *testing.T) {
	added := map[string]bool{}
	for _, line := range regexp.MustCompile("(?m)^- `([a-z0-9-]+)`: ").FindAllStringSubmatch(changelog(t), -1) {
		added[line[1]] = true
	}
	renamed := map[string]string{}
	row := regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\| `([a-z0-9-]+)` \\|$")
	for _, row := range row.FindAllStringSubmatch(changelog(t), -1) {
		renamed[row[1]] = row[2]
	}
	want := map[string]string{}
	for _, r := range rules.All() {
		first := r.ID
		for _, former := range r.FormerIDs {
			want[former], first = r.ID, former
		}
		assert.True(t, added[first],
			"CHANGELOG.md has no line that begins with - `%s`: want one under the version that adds the rule", first)
	}
	assert.Equal(t, want, maps.Clone(renamed), "the table of names has the rules' former IDs")
}

func changelog(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("CHANGELOG.md")
	require.NoError(t, err)
	return string(text)
}

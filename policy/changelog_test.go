package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/blang/semver"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/rules"
)

// TestChangelog wants the version to move with what the pack demands: a new rule
// has its line under the version that brings it.
func TestChangelog(t *testing.T) {
	text, err := os.ReadFile("CHANGELOG.md")
	require.NoError(t, err)
	var versions []semver.Version
	for _, heading := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllSubmatch(text, -1) {
		version, err := semver.Parse(string(heading[1]))
		require.NoError(t, err, "a heading is a version")
		versions = append(versions, version)
	}
	require.NotEmpty(t, versions)
	assert.Equal(t, projectVersion(t), versions[0].String(), "the newest version is that of PulumiPolicy.yaml")
	assert.True(t, slices.IsSortedFunc(versions, func(a, b semver.Version) int { return b.Compare(a) }), "the newest stands first")

	var named []string
	for _, rule := range regexp.MustCompile("(?m)^(?:- |\\| `[a-z0-9-]+` \\| )`([a-z0-9-]+)`").FindAllSubmatch(text, -1) {
		named = append(named, string(rule[1]))
	}
	for _, rule := range rules.All() {
		assert.Contains(t, named, rule.ID, "a line that begins with the new rule's id")
	}
}

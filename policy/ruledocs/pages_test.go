package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/rules"
)

// TestPages generates a page for each rule and, in the repository, compares it
// with the one that is committed. The policy folder is also shipped alone, by
// `pulumi policy publish`; there are no pages then to be stale.
func TestPages(t *testing.T) {
	all, err := pages("../rules/testdata")
	require.NoError(t, err)
	for _, rule := range rules.All() {
		text := all[rule.ID+".md"]
		assert.Contains(t, text, rule.Title)
		assert.Contains(t, text, rule.Fix)
		assert.Contains(t, text, "> ", "%s: the page quotes the message of a violation", rule.ID)
		assert.Contains(t, all["README.md"], "("+rule.ID+".md)")
	}
	assert.Len(t, all, len(rules.All())+1)

	const repository, docs = "../../Pulumi.yaml", "../../docs/rules"
	if _, err := os.Stat(repository); errors.Is(err, fs.ErrNotExist) {
		return
	}
	const stale = "docs/rules is stale: run `go run ./ruledocs` in the policy folder"
	committed, err := filepath.Glob(filepath.Join(docs, "*"))
	require.NoError(t, err)
	assert.Len(t, committed, len(all), stale)
	for name, text := range all {
		onDisk, err := os.ReadFile(filepath.Join(docs, name))
		assert.NoError(t, err, stale)
		assert.Equal(t, text, string(onDisk), "%s: %s", name, stale)
	}
}

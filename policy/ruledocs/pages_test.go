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

// TestPages generates the page of each rule. In the repository it compares them
// with the committed pages. The policy folder is also published alone, without
// pages that could be stale.
func TestPages(t *testing.T) {
	all, err := pages("../rules/testdata")
	require.NoError(t, err)
	for _, r := range rules.All() {
		text := all[r.ID+".md"]
		assert.Contains(t, text, r.Title)
		assert.Contains(t, text, r.Fix)
		assert.Contains(t, text, "> ", "%s: the page quotes the message of a violation", r.ID)
		assert.Contains(t, all["README.md"], "("+r.ID+".md)")
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

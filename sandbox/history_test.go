package sandbox

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAStackKeepsItsNewestUpdates(t *testing.T) {
	state := t.TempDir()
	files := func(stack string, update int) []string {
		folder := filepath.Join(backendDir(state), ".pulumi", "history", "project", stack)
		return []string{
			filepath.Join(folder, fmt.Sprintf("%s-%d.history.json", stack, update)),
			filepath.Join(folder, fmt.Sprintf("%s-%d.checkpoint.json", stack, update)),
		}
	}
	const updates, first = keptUpdates + 10, 95 // Their times have two and three digits.
	for _, stack := range []string{"dev", "a.b"} {
		for i := range updates {
			for _, file := range files(stack, first+i) {
				writeFile(t, file, "{}")
			}
		}
	}
	writeFile(t, files("young", 1)[0], "{}")

	require.NoError(t, trimHistory(state))
	for _, stack := range []string{"dev", "a.b"} {
		for i := range updates {
			for _, file := range files(stack, first+i) {
				_, err := os.Stat(file)
				assert.Equal(t, i >= 10, err == nil, "%s", file)
			}
		}
	}
	assert.FileExists(t, files("young", 1)[0])
}

func TestACommandRemovesTheBackupsOfOlderVersions(t *testing.T) {
	s := &Sandbox{Options: Options{StateDir: t.TempDir(), Stack: "dev"}}
	folder := filepath.Join(backendDir(s.StateDir), ".pulumi")
	for _, name := range []string{"backups/project/dev/dev.1.json", "stacks/project/dev.json"} {
		writeFile(t, filepath.Join(folder, name), "{}")
	}
	require.NoError(t, s.prepareState())
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	assert.NoDirExists(t, filepath.Join(folder, "backups"))
	assert.FileExists(t, filepath.Join(folder, "stacks", "project", "dev.json"))
}

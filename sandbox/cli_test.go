package sandbox

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// writeFile writes an executable file and the folders that it needs.
func writeFile(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o755))
}

// repository returns a folder that pins CLI 3.274.1, has it built, and accepts CLIs from 3.258.0 on. PATH has a CLI of
// the given version; with an empty version it has none.
func repository(t *testing.T, onPath string) (root, path string) {
	t.Helper()
	root, bin := t.TempDir(), t.TempDir()
	writeFile(t, filepath.Join(root, "tools", "go.mod"), "module t\n\nrequire "+cliModule+" v3.274.1\n")
	writeFile(t, filepath.Join(root, "tools", "oldest", "go.mod"), "module t\n\nrequire "+cliModule+" v3.258.0\n")
	writeFile(t, filepath.Join(root, "bin", "pulumi"), "#!/bin/sh\necho v3.274.1\n")
	writeFile(t, filepath.Join(root, "bin", "oldest", "pulumi"), "#!/bin/sh\necho v3.258.0\n")
	if onPath != "" {
		writeFile(t, filepath.Join(bin, "pulumi"), "#!/bin/sh\necho "+onPath+"\n")
	}
	t.Setenv("PATH", bin)
	return root, filepath.Join(bin, "pulumi")
}

func TestTheCLIOnPathIsUsedIfItIsRecentEnough(t *testing.T) {
	for _, row := range []struct {
		why, onPath string
		used        bool
	}{
		{"the oldest that is accepted", "v3.258.0", true},
		{"one between the oldest and the pinned", "v3.262.0", true},
		{"newer than the pinned", "v3.300.0", true},
		{"too old", "v3.257.1", false},
		{"another major version", "v4.0.0", false},
		{"a development build of an accepted version", "v3.262.0-dev.0", true},
		{"not a version", "unknown", false},
		{"no CLI at all", "", false},
	} {
		t.Run(row.why, func(t *testing.T) {
			root, onPath := repository(t, row.onPath)
			path, err := FindCLI(t.Context(), root, io.Discard)
			require.NoError(t, err)
			if row.used {
				assert.Equal(t, onPath, path)
			} else {
				assert.Equal(t, filepath.Join(root, "bin", "pulumi"), path)
			}
		})
	}
}

func TestTheOldestAndThePinnedCLIAreThoseVersionsExactly(t *testing.T) {
	root, onPath := repository(t, "v3.258.0")
	oldest, err := OldestCLI(t.Context(), root, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, onPath, oldest)
	pinned, err := PinnedCLI(t.Context(), root, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(root, "bin", "pulumi"), pinned)

	root, _ = repository(t, "v3.300.0")
	oldest, err = OldestCLI(t.Context(), root, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(root, "bin", "oldest", "pulumi"), oldest)
}

func TestAMissingVersionOfTheCLIIsNamed(t *testing.T) {
	root, _ := repository(t, "")
	writeFile(t, filepath.Join(root, "tools", "go.mod"), "module t\n")
	_, err := FindCLI(t.Context(), root, io.Discard)
	assert.ErrorContains(t, err, filepath.Join("tools", "go.mod")+": want it to require "+cliModule)
}

func TestTheCLIsPathIsAbsoluteSinceItsBuildRunsInAnotherFolder(t *testing.T) {
	root, _ := repository(t, "")
	t.Chdir(root)
	pinned, err := PinnedCLI(t.Context(), ".", io.Discard)
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(root, "bin", "pulumi"), pinned)
}

package atomicfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWriteCreatesAndReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, content := range []string{"old", "new"} {
		require.NoError(t, Write(path, []byte(content), 0o640))
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, content, string(got))
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o640), info.Mode(), "whatever the umask is")
}

func TestFailedWriteLeavesTheOldFileAndNoTemporaryFile(t *testing.T) {
	dir := t.TempDir()
	occupied := filepath.Join(dir, "occupied")
	inside := filepath.Join(occupied, "file")
	require.NoError(t, os.Mkdir(occupied, 0o755))
	require.NoError(t, os.WriteFile(inside, nil, 0o644)) // A folder with content cannot be replaced.
	assert.ErrorContains(t, Write(occupied, []byte("new"), 0o644), occupied)
	assert.FileExists(t, inside)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, files, 1)
}

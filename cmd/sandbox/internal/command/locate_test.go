package command

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPolicyPackHasTheConfigurationOfTheRepository(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	folder := filepath.Join(root, "docs")
	require.NoError(t, os.Mkdir(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "Pulumi.yaml"), nil, 0o644))
	t.Chdir(folder)
	located := func(given string) string {
		inv := &invocation{}
		inv.options.PackConfig = given
		require.NoError(t, inv.locate())
		return inv.options.PackConfig
	}
	assert.Empty(t, located(""), "a repository without one")
	byDefault := filepath.Join(root, "policy-config.json")
	require.NoError(t, os.WriteFile(byDefault, []byte("{}"), 0o644))
	assert.Equal(t, byDefault, located(""), "also from a folder in the repository")
	assert.Equal(t, filepath.Join(folder, "mine.json"), located("mine.json"))
}

package sandbox

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyOneCommandHoldsTheLock(t *testing.T) {
	dir := t.TempDir()
	first, err := acquire(dir)
	require.NoError(t, err)
	_, err = acquire(dir)
	assert.EqualError(t, err, "another sandbox command is using "+dir+"; wait for it to end")
	require.NoError(t, first.release())
	second, err := acquire(dir)
	require.NoError(t, err)
	assert.Zero(t, second.orphan, "the first command ended well")
	require.NoError(t, second.release())
}

func TestTheLockNamesTheProcessOfAKilledCommand(t *testing.T) {
	dir := t.TempDir()
	killed, err := acquire(dir)
	require.NoError(t, err)
	process := exec.Command("sleep", "60")
	require.NoError(t, process.Start())
	require.NoError(t, killed.started(process.Process.Pid))
	require.NoError(t, killed.file.Close()) // The kernel closes the files of a killed command.

	next, err := acquire(dir)
	require.NoError(t, err)
	assert.Equal(t, process.Process.Pid, next.orphan)
	go func() {
		assert.NoError(t, process.Process.Signal(os.Kill))
		assert.Error(t, process.Wait(), "it was killed")
	}()
	require.NoError(t, next.waitForOrphan(t.Context()))
	require.NoError(t, next.release())
}

func TestIncompleteAttributesOfAKilledCLIAreRemoved(t *testing.T) {
	dir := t.TempDir()
	stacks := filepath.Join(dir, ".pulumi", "stacks", "example")
	for name, text := range map[string]string{
		"dev.json": "{}", "dev.json.attrs": "", "prod.json": "{}", "prod.json.attrs": `{"user.md5": null}`,
	} {
		writeFile(t, filepath.Join(stacks, name), text)
	}
	require.NoError(t, removeBrokenAttributes(dir))
	assert.NoFileExists(t, filepath.Join(stacks, "dev.json.attrs"))
	for _, name := range []string{"dev.json", "prod.json", "prod.json.attrs"} {
		assert.FileExists(t, filepath.Join(stacks, name))
	}
}

package sandbox

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

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
	assert.Zero(t, second.interrupted, "the first command started nothing")
	require.NoError(t, second.release())
}

func TestTheLockNamesTheProcessThatDidNotEndByItself(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct {
		why  string
		work func(l *lock) error
		want process
	}{
		{
			"a process of the stack prod runs while the command is killed",
			func(l *lock) error { return l.note(process{1234567, "prod"}) },
			process{1234567, "prod"},
		},
		{
			"a process of the stack dev, whose name is shorter, runs next",
			func(l *lock) error { return l.note(process{12, "dev"}) },
			process{12, "dev"},
		},
		{
			"the process ended by itself",
			func(l *lock) error { return errors.Join(l.note(process{12, "dev"}), l.clear()) },
			process{},
		},
	} {
		l, err := acquire(dir)
		require.NoError(t, err)
		require.NoError(t, row.work(l))
		require.NoError(t, l.file.Close()) // The kernel closes the files of a killed command.
		next, err := acquire(dir)
		require.NoError(t, err)
		assert.Equal(t, row.want, next.interrupted, row.why)
		require.NoError(t, next.release())
	}
}

func TestTheCommandWaitsForTheProcessOfAKilledCommand(t *testing.T) {
	running := exec.Command("sleep", "60")
	require.NoError(t, running.Start())
	ended := make(chan error, 1)
	go func() {
		time.Sleep(200 * time.Millisecond)
		ended <- errors.Join(running.Process.Kill(), ignoreExit(running.Wait()))
	}()
	require.NoError(t, waitForEnd(t.Context(), running.Process.Pid))
	assert.ErrorIs(t, syscall.Kill(running.Process.Pid, 0), syscall.ESRCH, "the wait ended before the process")
	require.NoError(t, <-ended)
}

// ignoreExit returns an error unless it says that a process ended otherwise than with the status 0.
func ignoreExit(err error) error {
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil
	}
	return err
}

func TestPulumisLocksNameStackAndProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with [brackets]")
	locks := filepath.Join(backendDir(dir), ".pulumi", "locks", "organization", "example")
	writeFile(t, filepath.Join(locks, "dev", "1.json"), `{"pid": 41}`)
	writeFile(t, filepath.Join(locks, "prod", "2.json"), "")
	found, err := pulumiLocks(dir)
	require.NoError(t, err)
	assert.Equal(t, map[string][]pulumiLock{
		"dev":  {{filepath.Join(locks, "dev", "1.json"), 41}},
		"prod": {{filepath.Join(locks, "prod", "2.json"), 0}},
	}, found)
}

func TestAttributesOfOldSandboxesAreRemoved(t *testing.T) {
	dir := t.TempDir()
	stacks := filepath.Join(dir, ".pulumi", "stacks", "example")
	for name, text := range map[string]string{"dev.json": "{}", "dev.json.attrs": "", "prod.json.attrs": "{}"} {
		writeFile(t, filepath.Join(stacks, name), text)
	}
	require.NoError(t, removeAttributes(dir))
	assert.NoFileExists(t, filepath.Join(stacks, "dev.json.attrs"))
	assert.NoFileExists(t, filepath.Join(stacks, "prod.json.attrs"))
	assert.FileExists(t, filepath.Join(stacks, "dev.json"))
}

func TestAStackHasANameThatIsNoPath(t *testing.T) {
	for _, name := range []string{"", "x/../../pwned/out", "..\\x", "a b", strings.Repeat("a", 101), "$(id)"} {
		_, err := Open(t.Context(), Options{StateDir: filepath.Join(t.TempDir(), "state"), Stack: name})
		assert.ErrorContains(t, err, "want up to 100 letters", name)
	}
	for _, name := range []string{"dev", "static-ip-apigw", "a.b_c"} {
		assert.NoError(t, checkName(name))
	}
}

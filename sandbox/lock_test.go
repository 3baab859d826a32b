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
	assert.Empty(t, second.working, "the first command started nothing")
	require.NoError(t, second.release())
}

func TestTheLockNamesTheWorkThatDidNotEndByItself(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct {
		why  string
		work func(l *lock) error
		want map[string]int
	}{
		{
			"a process of the stack production runs while the command is killed",
			func(l *lock) error { return l.note("production", 1234567) },
			map[string]int{"production": 1234567},
		},
		{
			"the next command repairs it and is killed too, before it knows the process",
			func(l *lock) error { return l.note("production", 0) },
			map[string]int{"production": 0},
		},
		{
			"a command on another stack cannot repair it",
			func(l *lock) error { return l.note("dev", 12) },
			map[string]int{"production": 0, "dev": 12},
		},
		{
			"the shorter text is not followed by what is left of the longer one",
			func(l *lock) error { return l.clear("production") },
			map[string]int{"dev": 12},
		},
		{"all work ended by itself", func(l *lock) error { return l.clear("dev") }, map[string]int{}},
	} {
		l, err := acquire(dir)
		require.NoError(t, err)
		require.NoError(t, row.work(l))
		require.NoError(t, l.file.Close()) // The kernel closes the files of a killed command.
		next, err := acquire(dir)
		require.NoError(t, err)
		assert.Equal(t, row.want, next.working, row.why)
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
	t.Setenv("PULUMI_DISABLE_VALIDATION", "true")
	for _, name := range []string{"", "x/../../pwned/out", "..\\x", "a b", strings.Repeat("a", 101), "$(id)"} {
		_, err := Open(t.Context(), Options{StateDir: filepath.Join(t.TempDir(), "state"), Stack: name})
		assert.ErrorContains(t, err, "want up to 100 letters", name)
	}
	for _, name := range []string{"dev", "static-ip-apigw", "a.b_c"} {
		assert.Empty(t, StackProblem(name))
	}
}

// Package lambdatest runs the executable of a Lambda function as Lambda does, for
// the function's tests.
package lambdatest

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// timeout is how long a test waits for a function. Only a broken function takes
// that long.
const timeout = time.Minute

// Build compiles the function in the test's folder for this machine, with the
// build tag of cmd/lambdazip, and returns the path of the executable.
func Build(t *testing.T) string {
	t.Helper()
	executable := filepath.Join(t.TempDir(), "bootstrap")
	args := []string{"build", "-buildvcs=false", "-tags=lambda.norpc", "-o", executable, "."}
	cmd := exec.CommandContext(t.Context(), "go", args...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return executable
}

// Function is a running function.
type Function struct {
	api    *runtimeAPI
	cmd    *exec.Cmd
	logs   bytes.Buffer // Complete when ended is closed.
	ended  chan struct{}
	killed bool
}

// Start runs executable with env, and with the environment that Lambda gives a
// function that logs JSON. It kills the function when the test ends.
func Start(t *testing.T, executable string, env ...string) *Function {
	t.Helper()
	api, address := serveRuntimeAPI(t)
	f := &Function{api: api, cmd: exec.Command(executable), ended: make(chan struct{})}
	f.cmd.Env = append([]string{"AWS_LAMBDA_RUNTIME_API=" + address, "AWS_LAMBDA_LOG_FORMAT=JSON"}, env...)
	f.cmd.Stdout, f.cmd.Stderr = &f.logs, &f.logs
	require.NoError(t, f.cmd.Start())
	go func() {
		_ = f.cmd.Wait() // Always an error: a signal or a failure ends the function.
		close(f.ended)
	}()
	t.Cleanup(func() { f.kill(t) })
	return f
}

// Invoke waits until the function asks for work, gives it the event with the
// invocation ID, and returns its result.
func (f *Function) Invoke(t *testing.T, id, event string) Result {
	t.Helper()
	await(t, f, f.api.polls, "request for work")
	f.api.invocations <- invocation{id, event}
	return await(t, f, f.api.results, "answer")
}

// Stop waits until the function asks for more work, kills it, and returns
// everything that it logged.
func (f *Function) Stop(t *testing.T) string {
	t.Helper()
	await(t, f, f.api.polls, "request for work after the last answer")
	return f.kill(t)
}

// kill ends the function, if it still runs, and returns everything that it
// logged.
func (f *Function) kill(t *testing.T) string {
	if !f.killed {
		f.killed = true
		assert.NoError(t, f.cmd.Process.Kill(), "the function ended before it was stopped")
	}
	<-f.ended
	return f.logs.String()
}

// await returns the next report of the Runtime API about f. It fails the test if
// f ends first or takes too long.
func await[T any](t *testing.T, f *Function, reports <-chan T, what string) T {
	t.Helper()
	select {
	case report := <-reports:
		return report
	case <-f.ended:
		require.FailNow(t, "the function ended before its "+what, f.logs.String())
	case <-time.After(timeout):
		require.FailNow(t, "no "+what, "after %s", timeout)
	}
	panic("unreachable")
}

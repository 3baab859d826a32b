// Package lambdatest runs a Lambda function's executable as Lambda would, for the function's tests.
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

// patience bounds a wait that only a broken function reaches.
const patience = time.Minute

// Build compiles the function in the test's folder for this machine, with the tag that it is
// shipped with, and returns the executable's path.
func Build(t *testing.T) string {
	t.Helper()
	executable := filepath.Join(t.TempDir(), "bootstrap")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-tags=lambda.norpc", "-o", executable, ".")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return executable
}

// Function is a running function.
type Function struct {
	api    *runtimeAPI
	cmd    *exec.Cmd
	logs   bytes.Buffer // What it wrote; complete when ended is closed.
	ended  chan struct{}
	killed bool
}

// Start runs executable with what Lambda tells a function that logs JSON, and env, in its environment.
// The test's end kills it.
func Start(t *testing.T, executable string, env ...string) *Function {
	t.Helper()
	api, address := serveRuntimeAPI(t)
	f := &Function{api: api, cmd: exec.Command(executable), ended: make(chan struct{})}
	f.cmd.Env = append([]string{"AWS_LAMBDA_RUNTIME_API=" + address, "AWS_LAMBDA_LOG_FORMAT=JSON"}, env...)
	f.cmd.Stdout, f.cmd.Stderr = &f.logs, &f.logs
	require.NoError(t, f.cmd.Start())
	go func() {
		f.cmd.Wait() // Always an error: the function ends by a signal or by its own failure.
		close(f.ended)
	}()
	t.Cleanup(func() { f.kill(t) })
	return f
}

// Invoke gives the function event under the invocation id, when it asks for work, and returns its result.
func (f *Function) Invoke(t *testing.T, id, event string) Result {
	t.Helper()
	await(t, f, f.api.polls, "poll for work")
	f.api.invocations <- invocation{id, event}
	return await(t, f, f.api.results, "answer")
}

// Stop wants the function to ask for more work, then kills it and returns all that it logged.
func (f *Function) Stop(t *testing.T) string {
	t.Helper()
	await(t, f, f.api.polls, "poll after the last answer")
	return f.kill(t)
}

func (f *Function) kill(t *testing.T) string {
	if !f.killed {
		f.killed = true
		assert.NoError(t, f.cmd.Process.Kill(), "the function ended by itself")
	}
	<-f.ended
	return f.logs.String()
}

// await returns what f makes the Runtime API report next.
func await[T any](t *testing.T, f *Function, reports <-chan T, what string) T {
	t.Helper()
	select {
	case report := <-reports:
		return report
	case <-f.ended:
		require.FailNow(t, "the function ended before "+what, f.logs.String())
	case <-time.After(patience):
		require.FailNow(t, "no "+what, "after %s", patience)
	}
	panic("unreachable")
}

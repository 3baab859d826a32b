// Package lambdatest runs the executable of a Lambda function as Lambda does, for
// the function's tests.
package lambdatest

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/runtimeapi"
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
	api    *runtimeapi.Server
	cmd    *exec.Cmd
	logs   bytes.Buffer // Complete when running is done.
	killed bool
	// running is done when the function's process has ended.
	running context.Context
}

// Start runs executable with env, and with the environment that Lambda gives a
// function that logs JSON. It kills the function when the test ends.
func Start(t *testing.T, executable string, env ...string) *Function {
	t.Helper()
	api, err := runtimeapi.Serve()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, api.Close()) })
	running, ended := context.WithCancel(context.Background())
	f := &Function{api: api, cmd: exec.Command(executable), running: running}
	f.cmd.Env = append([]string{"AWS_LAMBDA_RUNTIME_API=" + api.Address(), "AWS_LAMBDA_LOG_FORMAT=JSON"}, env...)
	f.cmd.Stdout, f.cmd.Stderr = &f.logs, &f.logs
	require.NoError(t, f.cmd.Start())
	go func() {
		_ = f.cmd.Wait() // Always an error: a signal or a failure ends the function.
		ended()
	}()
	t.Cleanup(func() { f.kill(t) })
	return f
}

// Invoke waits until the function asks for work, gives it the event with the
// invocation ID, and returns its result.
func (f *Function) Invoke(t *testing.T, id, event string) runtimeapi.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(f.running, timeout)
	defer cancel()
	f.ready(ctx, t, "its request for work")
	result, err := f.api.Invoke(ctx, runtimeapi.Invocation{
		ID: id, Event: []byte(event), Deadline: time.Now().Add(timeout),
		Function: "arn:aws:lambda:us-east-1:123456789012:function:tested",
	})
	require.NoError(t, err, "no answer")
	return result
}

// Stop waits until the function asks for more work, kills it, and returns
// everything that it logged.
func (f *Function) Stop(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(f.running, timeout)
	defer cancel()
	f.ready(ctx, t, "its request for work after the last answer")
	return f.kill(t)
}

// ready waits until the function asks for work. It fails the test if the function ends
// first or takes too long.
func (f *Function) ready(ctx context.Context, t *testing.T, what string) {
	t.Helper()
	if err := f.api.Ready(ctx); err != nil {
		if f.running.Err() != nil {
			require.FailNow(t, "the function ended before "+what, f.logs.String())
		}
		require.FailNow(t, "no sign of "+what, err.Error())
	}
}

// kill ends the function, if it still runs, and returns everything that it
// logged.
func (f *Function) kill(t *testing.T) string {
	if !f.killed {
		f.killed = true
		assert.NoError(t, f.cmd.Process.Kill(), "the function ended before it was stopped")
	}
	<-f.running.Done()
	return f.logs.String()
}

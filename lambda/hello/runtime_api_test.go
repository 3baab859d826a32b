package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// patience bounds a wait that only a broken function reaches.
const patience = time.Minute

// runtimeAPI plays the service side of the Lambda Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	polls       chan struct{} // One for each request of the function for work.
	invocations chan invocation
	results     chan result
}

type invocation struct{ id, event string }

// result is what the function posted for the invocation id; outcome is "response" or "error".
type result struct{ id, outcome, body string }

// serveRuntimeAPI returns the API and the host:port on loopback that it listens on.
func serveRuntimeAPI(t *testing.T) (*runtimeAPI, string) {
	api := &runtimeAPI{make(chan struct{}, 8), make(chan invocation, 1), make(chan result, 8)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", api.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{outcome}", api.result)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return api, strings.TrimPrefix(server.URL, "http://")
}

// next holds the function's request until there is work, as Lambda does between invocations.
func (api *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	api.polls <- struct{}{}
	select {
	case inv := <-api.invocations:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(patience).UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:hello")
		io.WriteString(w, inv.event)
	case <-r.Context().Done():
	}
}

func (api *runtimeAPI) result(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	api.results <- result{r.PathValue("id"), r.PathValue("outcome"), string(body)}
}

// process is a running function.
type process struct {
	cmd    *exec.Cmd
	logs   bytes.Buffer // What it wrote; complete when ended is closed.
	ended  chan struct{}
	killed bool
}

// start runs executable with nothing but the Runtime API's address in its environment.
// The test's end kills it.
func start(t *testing.T, executable, address string) *process {
	p := &process{cmd: exec.Command(executable), ended: make(chan struct{})}
	p.cmd.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + address}
	p.cmd.Stdout, p.cmd.Stderr = &p.logs, &p.logs
	require.NoError(t, p.cmd.Start())
	go func() {
		p.cmd.Wait() // Always an error: the function ends by a signal or by its own failure.
		close(p.ended)
	}()
	t.Cleanup(func() { p.kill(t) })
	return p
}

// kill ends the process and returns all that it logged.
func (p *process) kill(t *testing.T) string {
	if !p.killed {
		p.killed = true
		assert.NoError(t, p.cmd.Process.Kill(), "the function ended by itself")
	}
	<-p.ended
	return p.logs.String()
}

// await returns what p makes the Runtime API report next.
func await[T any](t *testing.T, p *process, reports <-chan T, what string) T {
	t.Helper()
	select {
	case report := <-reports:
		return report
	case <-p.ended:
		require.FailNow(t, "the function ended before "+what, p.logs.String())
	case <-time.After(patience):
		require.FailNow(t, "no "+what, "after %s", patience)
	}
	panic("unreachable")
}

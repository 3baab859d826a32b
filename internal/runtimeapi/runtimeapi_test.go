package runtimeapi

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// start serves the API, and returns the address of its runtime part.
func start(t *testing.T) (*Server, string) {
	t.Helper()
	s, err := Serve()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s, "http://" + s.Address() + "/2018-06-01/runtime/"
}

// post returns the status of the answer, or 0 without an answer. A goroutine of a test may call it.
func post(t *testing.T, url, body string) int {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(body))
	if !assert.NoError(t, err) {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// process runs what the process of a function does. The test waits for its end before the API is closed.
func process(t *testing.T, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	t.Cleanup(func() { <-done })
}

func TestAProcessGetsWorkAndPostsItsResult(t *testing.T) {
	s, url := start(t)
	deadline := time.UnixMilli(1700000000000)
	process(t, func() {
		response, err := http.Get(url + "invocation/next")
		if !assert.NoError(t, err) {
			return
		}
		defer response.Body.Close()
		event, _ := io.ReadAll(response.Body)
		assert.Equal(t, "the event", string(event))
		assert.Equal(t, "one", response.Header.Get("Lambda-Runtime-Aws-Request-Id"))
		assert.Equal(t, "1700000000000", response.Header.Get("Lambda-Runtime-Deadline-Ms"))
		assert.Equal(t, "arn", response.Header.Get("Lambda-Runtime-Invoked-Function-Arn"))
		assert.Equal(t, "trace", response.Header.Get("Lambda-Runtime-Trace-Id"))
		assert.Equal(t, 404, post(t, url+"invocation/one/other", ""), "the API has no other outcome")
		assert.Equal(t, 202, post(t, url+"invocation/one/response", "the result"))
	})
	require.NoError(t, s.Ready(t.Context()))
	result, err := s.Invoke(t.Context(), Invocation{ID: "one", Function: "arn", Trace: "trace", Deadline: deadline,
		Event: []byte("the event")})
	require.NoError(t, err)
	assert.Equal(t, Result{"one", Response, []byte("the result")}, result)
}

func TestAProcessThatCannotStartSaysWhy(t *testing.T) {
	s, url := start(t)
	process(t, func() { assert.Equal(t, 202, post(t, url+"init/error", "no memory")) })
	var failed *StartError
	require.ErrorAs(t, s.Ready(t.Context()), &failed)
	assert.Equal(t, "no memory", string(failed.Report))
}

func TestAResultThatIsTooLargeBecomesAnError(t *testing.T) {
	s, url := start(t)
	process(t, func() {
		response, err := http.Get(url + "invocation/next")
		if assert.NoError(t, err) {
			response.Body.Close()
			assert.Equal(t, 413, post(t, url+"invocation/one/response", strings.Repeat("x", responseLimit+1)))
		}
	})
	require.NoError(t, s.Ready(t.Context()))
	result, err := s.Invoke(t.Context(), Invocation{ID: "one"})
	require.NoError(t, err)
	assert.Equal(t, Error, result.Outcome)
	assert.Contains(t, string(result.Body), "Function.ResponseSizeTooLarge")
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	s, _ := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, s.Ready(ctx), context.Canceled)
	_, err := s.Invoke(ctx, Invocation{})
	assert.ErrorIs(t, err, context.Canceled)
}

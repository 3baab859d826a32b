package lambdatest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// runtimeAPI is the service side of the Lambda Runtime API.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	polls       chan struct{} // Receives one item for each request for work.
	invocations chan invocation
	results     chan Result
}

// invocation is one item of work.
type invocation struct{ id, event string }

// Result is what a function posted for the invocation with an ID.
type Result struct {
	ID      string
	Outcome string // Either "response" or "error".
	Body    string
}

// serveRuntimeAPI starts the API and returns it, with the host:port on loopback
// that it listens on.
func serveRuntimeAPI(t *testing.T) (*runtimeAPI, string) {
	api := &runtimeAPI{make(chan struct{}, 8), make(chan invocation, 1), make(chan Result, 8)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", api.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{outcome}", api.result)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return api, strings.TrimPrefix(server.URL, "http://")
}

// next answers a request for work once there is work, as Lambda does between
// invocations.
func (api *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	api.polls <- struct{}{}
	select {
	case inv := <-api.invocations:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(timeout).UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:tested")
		io.WriteString(w, inv.event)
	case <-r.Context().Done():
	}
}

// result records what the function posts.
func (api *runtimeAPI) result(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	api.results <- Result{r.PathValue("id"), r.PathValue("outcome"), string(body)}
}

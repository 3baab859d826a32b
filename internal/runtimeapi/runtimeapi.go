// Package runtimeapi serves the Lambda Runtime API on loopback, to one process of a
// function.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package runtimeapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// responseLimit is the size of the largest answer of a function, in bytes.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const responseLimit = 6291556

// Invocation is one item of work.
type Invocation struct {
	ID       string
	Function string // The ARN that was invoked.
	Trace    string // The value of the header X-Amzn-Trace-Id.
	Deadline time.Time
	Event    []byte
}

// Outcome says what a function made of its work.
type Outcome string

// Outcomes.
const (
	Response Outcome = "response"
	Error    Outcome = "error"
	// initError is the outcome of a process that could not start. It belongs to no invocation.
	initError Outcome = "init"
)

// Result is what a function posts.
type Result struct {
	ID      string
	Outcome Outcome
	Body    []byte
}

// Server is the Runtime API of one process. Its methods may be called concurrently, but
// a process has only one invocation at a time.
type Server struct {
	http    http.Server
	address string
	polls   chan struct{} // Takes one item for each request for work.
	work    chan Invocation
	results chan Result
}

// Serve starts the API on a free port of loopback.
func Serve() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the Runtime API: %w", err)
	}
	s := &Server{address: listener.Addr().String(), polls: make(chan struct{}), work: make(chan Invocation),
		results: make(chan Result)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", s.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{outcome}", s.result)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", s.failedInit)
	s.http.Handler = mux
	go func() { _ = s.http.Serve(listener) }() // Ends with Close.
	return s, nil
}

// Address returns the host and port of the API, the value of AWS_LAMBDA_RUNTIME_API.
func (s *Server) Address() string { return s.address }

// Close stops the API and what waits for it.
func (s *Server) Close() error { return s.http.Close() }

// Ready waits until the process asks for work. A process that reports that it could not
// start ends the wait with a *StartError. After Ready, Invoke must follow.
func (s *Server) Ready(ctx context.Context) error {
	select {
	case <-s.polls:
		return nil
	case result := <-s.results:
		return &StartError{result.Body}
	case <-ctx.Done():
		return ctx.Err()
	}
}

// StartError is the error of a process that could not start. Report is what it posted.
type StartError struct{ Report []byte }

func (e *StartError) Error() string { return "the function could not start: " + string(e.Report) }

// Invoke gives work to a process that is ready, and returns its result.
func (s *Server) Invoke(ctx context.Context, work Invocation) (Result, error) {
	select {
	case s.work <- work:
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	select {
	case result := <-s.results:
		return result, nil
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// next answers a request for work once there is work.
func (s *Server) next(w http.ResponseWriter, r *http.Request) {
	select {
	case s.polls <- struct{}{}:
	case <-r.Context().Done():
		return
	}
	select {
	case work := <-s.work:
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", work.ID)
		w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(work.Deadline.UnixMilli(), 10))
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", work.Function)
		if work.Trace != "" {
			w.Header().Set("Lambda-Runtime-Trace-Id", work.Trace)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(work.Event) // A process that is gone is noticed where it was started.
	case <-r.Context().Done():
	}
}

// result takes what the process posts about an invocation.
func (s *Server) result(w http.ResponseWriter, r *http.Request) {
	result := Result{ID: r.PathValue("id"), Outcome: Outcome(r.PathValue("outcome"))}
	if result.Outcome != Response && result.Outcome != Error {
		http.NotFound(w, r)
		return
	}
	status := http.StatusAccepted
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, responseLimit))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		status, result.Outcome = http.StatusRequestEntityTooLarge, Error
		body = fmt.Appendf(nil, `{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size `+
			`exceeded maximum allowed payload size (%d bytes)."}`, responseLimit)
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	result.Body = body
	s.hand(w, r, status, result)
}

// failedInit takes what a process posts that could not start.
func (s *Server) failedInit(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, responseLimit))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.hand(w, r, http.StatusAccepted, Result{Outcome: initError, Body: body})
}

// hand gives a result to the one who waits for it.
func (s *Server) hand(w http.ResponseWriter, r *http.Request, status int, result Result) {
	select {
	case s.results <- result:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, `{"status":"OK"}`)
	case <-r.Context().Done():
	}
}

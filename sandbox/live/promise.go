package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Promise is what a component of a stack promises about a request. blueprints/promise.go describes the fields.
type Promise struct {
	From, Request, Expect, By, ConnectTo, Protocol string
	Headers                                        map[string]string
	Signed, Foreign, ApiKey                        bool
}

// Promises returns the promises among the inputs of a resource.
func Promises(inputs map[string]any) ([]Promise, error) {
	list, ok := inputs["promises"]
	if !ok {
		return nil, nil
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	var promises []Promise
	if err := json.Unmarshal(text, &promises); err != nil {
		return nil, fmt.Errorf("promises: %w", err)
	}
	return promises, nil
}

// Delivered reports whether the request must arrive.
func (p Promise) Delivered() bool { return p.Expect == "delivered" }

// Kept reports whether a call ended as the promise says.
func (p Promise) Kept(r *Result) bool {
	arrived := r.Outcome == Answered && r.Response.Status < 400
	switch p.Expect {
	case "delivered":
		return arrived
	case "name-not-resolved":
		return r.Outcome == NameNotResolved
	case "denied-by-endpoint-policy":
		return r.Outcome == Answered && r.Response.Status == http.StatusForbidden
	default:
		return !arrived
	}
}

// Try makes the request of a promise.
func (w *World) Try(ctx context.Context, p Promise) (*Result, error) {
	call, err := w.callOf(p)
	if err != nil {
		return nil, err
	}
	return w.Call(ctx, call)
}

// stranger is a client in the internet whom no list of ranges names. Its addresses are reserved for benchmarks and for
// documentation (RFC 2544, RFC 9637).
const stranger = "internet 198.18.0.1 3fff:fff::1"

// callOf returns the call of a promise.
func (w *World) callOf(p Promise) (Call, error) {
	if p.Foreign {
		return Call{}, errors.New("the sandbox has no credentials of another account")
	}
	method, url, _ := strings.Cut(p.Request, " ")
	call := Call{
		From: p.From, Method: method, ConnectTo: p.ConnectTo, Protocol: p.Protocol, Signed: p.Signed,
		Header: http.Header{},
	}
	if call.From == "internet" {
		call.From = stranger
	}
	var err error
	if call.URL, err = w.fill(url); err != nil {
		return Call{}, err
	}
	for name, value := range p.Headers {
		if value, err = w.fill(value); err != nil {
			return Call{}, err
		}
		call.Header.Set(name, value)
	}
	if p.ApiKey {
		for _, key := range w.inventory.All("aws:apigateway/apiKey:ApiKey") {
			call.Header.Set("X-Api-Key", key.Out.String("value"))
		}
	}
	return call, nil
}

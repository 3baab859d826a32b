// Package trail records what happened to one request, from the client's question
// to the answer, so that a person can read why it ended as it did.
//
// A trail travels in a context. Each part of the simulated network adds what it
// decided.
package trail

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Step is one thing that happened to a request.
type Step struct {
	// Place is where it happened, such as "nlb static-ip-nlb us-east-1a".
	Place string `json:"place"`
	// Text says what happened, such as "TLS 1.3, certificate of api.example.com, no ALPN".
	Text string `json:"text"`
	// Source is the ID of the object that decided it. It may be empty.
	Source string `json:"source,omitempty"`
}

// Trail is what happened to one request, in order. Its methods may be called
// concurrently. A nil Trail records nothing.
type Trail struct {
	mu    sync.Mutex
	steps []Step
}

// Steps returns a copy of the steps so far.
func (t *Trail) Steps() []Step {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.steps)
}

type key struct{}

// With returns a context that carries a trail.
func With(ctx context.Context, t *Trail) context.Context { return context.WithValue(ctx, key{}, t) }

// From returns the trail that a context carries, or nil.
func From(ctx context.Context) *Trail {
	t, _ := ctx.Value(key{}).(*Trail)
	return t
}

// Add adds a step to the trail of a context, if it carries one.
func Add(ctx context.Context, place, source, format string, args ...any) {
	t := From(ctx)
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.steps = append(t.steps, Step{Place: place, Text: fmt.Sprintf(format, args...), Source: source})
}

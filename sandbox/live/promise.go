package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// Promise is what a component of a stack promises about a request. blueprints/promise.go describes the fields. What
// the servers speak is not among them: the servers of the account say it themselves.
type Promise struct {
	From, Request, Expect, By, ConnectTo, Protocol, ServerMethod string

	Headers                          map[string]string
	Groups                           []string
	IPVersion                        int
	Private, Signed, Foreign, ApiKey bool

	only netip.Addr // The only address that the client tries, if it is valid.
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

// Arrived reports whether the request of a promise arrived where the promise says, whatever it expects.
func (p Promise) Arrived(r *Result) bool {
	if p.ConnectTo == string(network.Internet) {
		return r.Outcome == Left
	}
	return r.Outcome == Answered && r.Response.Status < 400 && r.wrong == ""
}

// Kept reports whether a call that [World.Try] made ended as the promise says.
func (p Promise) Kept(r *Result) bool {
	switch p.Expect {
	case "delivered":
		return p.Arrived(r)
	case "name-not-resolved":
		return r.Outcome == NameNotResolved
	case "denied-by-endpoint-policy":
		return r.Outcome == Answered && r.Response.Status == http.StatusForbidden &&
			slices.ContainsFunc(r.Steps, deniesAtEndpoint)
	default:
		return !p.Arrived(r)
	}
}

// deniesAtEndpoint reports whether a step is a decision of an endpoint's policy against a request.
func deniesAtEndpoint(s trail.Step) bool {
	verdict, found := strings.CutPrefix(s.Text, "policy of the endpoint: ")
	return found && verdict != "Allow"
}

// patience is how long a client waits before it makes a request again that was one too many.
const patience = 100 * time.Millisecond

// Try makes the request of a promise. If the client has the stack's API key, it takes the first key that API
// Gateway accepts. If API Gateway throttles the request, the client makes it again after a moment, because others may
// have been made just before.
func (w *World) Try(ctx context.Context, p Promise) (result *Result, err error) {
	result, err = w.try(ctx, p)
	if err == nil && result.Response != nil && result.Response.Status == http.StatusTooManyRequests {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(patience):
			return w.try(ctx, p)
		}
	}
	return result, err
}

// try makes the request of a promise once.
func (w *World) try(ctx context.Context, p Promise) (result *Result, err error) {
	call, err := w.callOf(p)
	if err != nil {
		return nil, err
	}
	keys := []string{""}
	for _, key := range w.inventory.All("aws:apigateway/apiKey:ApiKey") {
		if p.ApiKey {
			keys = append(keys, key.Out.String("value"))
		}
	}
	for _, key := range keys {
		if key != "" {
			call.Header.Set("X-Api-Key", key)
		}
		if result, err = w.Call(ctx, call); err != nil {
			return nil, err
		}
		result.wrong = w.wrong(p, result)
		if result.Response == nil || result.Response.Status != http.StatusForbidden {
			break // API Gateway answers so if it wants another key.
		}
	}
	return result, nil
}

// TryEach makes the request of a promise once with each address that the client may choose, such as those of the nodes
// of a load balancer. It makes it once if the server is outside of the account. A client does not choose an address of
// an IP version of which it has none (RFC 6724).
func (w *World) TryEach(ctx context.Context, p Promise) (results []*Result, err error) {
	first, err := w.Try(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(first.addrs) < 2 || first.Outcome == Left {
		return []*Result{first}, nil
	}
	tried, _ := netip.ParseAddrPort(first.Address)
	for _, addr := range first.addrs {
		if addr == tried.Addr() {
			results = append(results, first)
			continue
		}
		p.only = addr
		result, err := w.Try(ctx, p)
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	sourceless := func(r *Result) bool { return r.sourceless }
	if possible := slices.DeleteFunc(slices.Clone(results), sourceless); len(possible) > 0 {
		return possible, nil
	}
	return results, nil
}

// wrong returns what a promise misses in an answer, or nothing: that another resource answered, or that the server got
// another method.
func (w *World) wrong(p Promise, r *Result) string {
	if p.By != "" {
		o := w.named(p.By)
		if o == nil || !slices.ContainsFunc(r.Steps, func(s trail.Step) bool { return s.Source == o.ID }) {
			return p.By + " did not answer"
		}
	}
	answers := func(s trail.Step) bool {
		return w.inventory.Find(instanceType, s.Source) != nil &&
			strings.HasPrefix(s.Text, "answers "+p.ServerMethod+" ")
	}
	if p.ServerMethod != "" && !slices.ContainsFunc(r.Steps, answers) {
		return "no server answered " + p.ServerMethod
	}
	return ""
}

// callOf returns the call of a promise. A client that connects with a server without asking DNS is the gate, which
// takes any certificate, as load balancers do.
func (w *World) callOf(p Promise) (Call, error) {
	method, url, _ := strings.Cut(p.Request, " ")
	call := Call{
		From: p.From, Method: method, ConnectTo: p.ConnectTo, Protocol: p.Protocol, Header: http.Header{},
		IPVersion: p.IPVersion, Private: p.Private, Signed: p.Signed, Foreign: p.Foreign, only: p.only,
	}
	if to := w.named(p.ConnectTo); to != nil && to.Type == instanceType {
		call.Insecure = true
	}
	for _, name := range p.Groups {
		group := w.named(name)
		if group == nil {
			return Call{}, fmt.Errorf("the account has no security group %s", name)
		}
		call.From += " " + group.ID
	}
	var err error
	if call.URL, err = w.Fill(url); err != nil {
		return Call{}, err
	}
	for name, value := range p.Headers {
		if value, err = w.Fill(value); err != nil {
			return Call{}, err
		}
		call.Header.Set(name, value)
	}
	return call, nil
}

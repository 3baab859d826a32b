package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// load says which requests a client sends.
type load struct {
	rate        int // Requests per second; 0 means as many as possible.
	duration    time.Duration
	connections int
}

// measurement is what a client saw.
type measurement struct {
	latencies     []time.Duration // Of the requests that were answered with 200, sorted.
	errors        int
	example       error // One of the errors.
	took          time.Duration
	before, after int // Goroutines of this process, without connections of the client.
}

// measure sends requests with a client. It first opens all connections and uses all of them at once, so that what stays
// open between requests is open before the goroutines are counted.
func (l load) measure(ctx context.Context, client *http.Client, url string) (*measurement, error) {
	warm := l
	warm.rate, warm.duration = 0, 2*time.Second
	if first := warm.send(ctx, client, url); first.errors > 0 {
		return nil, fmt.Errorf("%s: %w", url, first.example)
	}
	before := settled(client)
	m := l.send(ctx, client, url)
	m.before, m.after = before, settled(client)
	return m, ctx.Err()
}

// settled closes the connections of a client, and returns the number of goroutines once it no longer falls.
func settled(client *http.Client) int {
	client.CloseIdleConnections()
	fewest := runtime.NumGoroutine()
	for rest := 10; rest > 0; rest-- {
		time.Sleep(100 * time.Millisecond)
		if now := runtime.NumGoroutine(); now < fewest {
			fewest, rest = now, 10
		}
	}
	return fewest
}

// send sends requests from all connections at the same time. The latency of a request counts from the moment at which
// it was due, so that a request that waits for earlier ones is a slow one.
func (l load) send(ctx context.Context, client *http.Client, url string) *measurement {
	begun := time.Now()
	ctx, cancel := context.WithDeadline(ctx, begun.Add(l.duration+time.Minute))
	defer cancel()
	var next atomic.Int64
	parts := make([]measurement, l.connections)
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() {
			for {
				due := time.Now()
				if l.rate > 0 {
					due = begun.Add(time.Duration(next.Add(1)-1) * time.Second / time.Duration(l.rate))
				}
				if due.Sub(begun) >= l.duration || ctx.Err() != nil {
					return
				}
				time.Sleep(time.Until(due))
				parts[i].add(get(ctx, client, url), due)
			}
		})
	}
	all.Wait()
	m := &measurement{took: time.Since(begun)}
	for _, part := range parts {
		m.latencies = append(m.latencies, part.latencies...)
		m.errors += part.errors
		if part.example != nil {
			m.example = part.example
		}
	}
	slices.Sort(m.latencies)
	return m
}

// add counts a request that was due at some time and has ended.
func (m *measurement) add(err error, due time.Time) {
	if err != nil {
		m.errors++
		m.example = err
		return
	}
	m.latencies = append(m.latencies, time.Since(due))
}

// get makes one request. Any answer except 200 is an error.
func get(ctx context.Context, client *http.Client, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, body)
	}
	return err
}

// problems returns what must not happen while requests go through something: an error, or goroutines that remain.
func (m *measurement) problems(through string) error {
	var failed, leak error
	if m.errors > 0 {
		failed = fmt.Errorf("%d requests through %s failed, such as: %w", m.errors, through, m.example)
	}
	if m.after > m.before {
		leak = fmt.Errorf("through %s: %d goroutines before and %d after: want at most as many", through, m.before,
			m.after)
	}
	return errors.Join(failed, leak)
}

// print prints a row of the table.
func (m *measurement) print(table io.Writer, through string) {
	at := func(share float64) time.Duration {
		if len(m.latencies) == 0 {
			return 0
		}
		return m.latencies[int(share*float64(len(m.latencies)-1))].Round(10 * time.Microsecond)
	}
	answered := len(m.latencies)
	fmt.Fprintf(table, "%s\t%d\t%.0f\t%d\t%s\t%s\t%s\t%d\t%d\t\n", through, answered+m.errors,
		float64(answered)/m.took.Seconds(), m.errors, at(0.5), at(0.99), at(1), m.before, m.after)
}

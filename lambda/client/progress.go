package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// The steps of a request, as its errors name them.
const (
	resolution = "name resolution"
	connection = "connection"
	handshake  = "TLS"
	response   = "response"
)

// progress is the step that a request has reached, and the address that it is
// connected to. The transport's goroutines write it while send may read it.
type progress struct{ current, remote atomic.Value }

// step returns the current step, or the one that failed.
func (p *progress) step() string { return p.current.Load().(string) }

// remoteAddress returns the address of the server. It panics before the request
// is connected.
func (p *progress) remoteAddress() string { return p.remote.Load().(string) }

// track returns a context for a request, and the progress of that request.
func track(ctx context.Context) (context.Context, *progress) {
	p := &progress{}
	p.current.Store(resolution)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		ConnectStart:      func(network, address string) { p.current.Store(connection) },
		TLSHandshakeStart: func() { p.current.Store(handshake) },
		GotConn: func(info httptrace.GotConnInfo) {
			p.current.Store(response)
			p.remote.Store(info.Conn.RemoteAddr().String())
		},
	}), p
}

// explain returns err, which ended the step of a request to host, with the cause
// that a person should look at.
func (c *client) explain(ctx context.Context, host, step string, err error) error {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return fmt.Errorf("%s: time-out: %w", step, err)
	}
	if noAddress(err) {
		record, other := "AAAA", 4
		if c.version == 4 {
			record, other = "A", 6
		}
		if found, _ := c.resolver.LookupIP(ctx, fmt.Sprintf("ip%d", other), host); len(found) > 0 {
			return fmt.Errorf("%s: no %s record, IPv%d only: %v: %w", step, record, other, found, err)
		}
	}
	return fmt.Errorf("%s: %w", step, err)
}

// noAddress reports whether err says that a name has no address of the client's IP
// version. A resolver reports a name that does not exist in the same way.
func noAddress(err error) bool {
	var notFound *net.DNSError
	var otherFamily *net.AddrError
	return errors.As(err, &notFound) && notFound.IsNotFound || errors.As(err, &otherFamily)
}

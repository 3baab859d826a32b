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

// progress is how far a request has come. The transport's goroutines write it while send may read it.
type progress struct{ current, remote atomic.Value }

func (p *progress) step() string          { return p.current.Load().(string) }
func (p *progress) remoteAddress() string { return p.remote.Load().(string) }

// track returns the context of a request whose progress is to be known.
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

// explain says of err, which ended the step of a request to host, what a person has to look at.
func (c *client) explain(ctx context.Context, host, step string, err error) error {
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		return fmt.Errorf("%s: time-out: %w", step, err)
	}
	if noAddress(err) {
		if ipv4, _ := c.resolver.LookupIP(ctx, "ip4", host); len(ipv4) > 0 {
			return fmt.Errorf("%s: no AAAA record, IPv4 only: %v: %w", step, ipv4, err)
		}
	}
	return fmt.Errorf("%s: %w", step, err)
}

// noAddress is whether no address of the wanted family was found, which for DNS is the same as no such name.
func noAddress(err error) bool {
	var notFound *net.DNSError
	var otherFamily *net.AddrError
	return errors.As(err, &notFound) && notFound.IsNotFound || errors.As(err, &otherFamily)
}

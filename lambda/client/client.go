package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	timeout = 10 * time.Second // From name resolution to the end of the body.
	maxBody = 4 << 10          // Bytes of the body that the answer holds.
)

// client sends requests over one IP version only.
type client struct {
	resolver *net.Resolver
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	version  int           // The IP version, 4 or 6.
	tls      *tls.Config   // Without settings, a client verifies certificates with the roots of the system.
	pause    time.Duration // Between two questions to a server that does not serve yet.
}

// newClient returns a client that dials as package net does, over IPv6.
func newClient(resolver *net.Resolver) *client {
	dial := (&net.Dialer{Resolver: resolver}).DialContext
	return &client{resolver: resolver, dial: dial, version: 6, tls: &tls.Config{}, pause: 5 * time.Second}
}

// answer describes a response and the connection that it came over.
type answer struct {
	URL           string `json:"url"`
	Host          string `json:"host"` // The Host header that was sent.
	RemoteAddress string `json:"remoteAddress"`
	Protocol      string `json:"protocol"`
	ALPN          string `json:"alpn"` // The protocol that TLS negotiated; empty for none.
	TLSVersion    string `json:"tlsVersion"`
	Status        int    `json:"status"`
	Body          string `json:"body"`
	Error         string `json:"error,omitempty"` // Why there is no response, if there are several requests.
}

// ask sends a request. Its error names the request and the step that failed.
func (c *client) ask(ctx context.Context, req *http.Request) (answer, error) {
	got, err := c.send(ctx, req)
	if err != nil {
		return answer{}, fmt.Errorf("GET %s over IPv%d: %w", req.URL, c.version, err)
	}
	slog.InfoContext(ctx, "request sent", "status", got.Status, "remoteAddress", got.RemoteAddress)
	return got, nil
}

// send sends a request over a new connection, to a name that it resolves again
// each time. It follows no redirect. Its error names the step that failed.
func (c *client) send(ctx context.Context, req *http.Request) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ctx, progress := track(ctx)
	transport := c.transport(ctx)
	defer transport.CloseIdleConnections()

	resp, err := transport.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return answer{}, c.explain(ctx, req.URL.Hostname(), progress.step(), err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return answer{}, c.explain(ctx, req.URL.Hostname(), progress.step(), err)
	}
	return answer{
		URL:           req.URL.String(),
		Host:          req.Host,
		RemoteAddress: progress.remoteAddress(),
		Protocol:      resp.Proto,
		ALPN:          resp.TLS.NegotiatedProtocol,
		TLSVersion:    tls.VersionName(resp.TLS.Version),
		Status:        resp.StatusCode,
		Body:          string(body),
	}, nil
}

// transport returns a transport for the one request whose context is ctx.
func (c *client) transport(ctx context.Context) *http.Transport {
	return &http.Transport{
		// Dials with ctx, because its deadline is missing from the transport's own
		// context. The dialer divides it among the addresses of a name.
		DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
			return c.dial(ctx, fmt.Sprintf("tcp%d", c.version), address)
		},
		TLSClientConfig:    c.tls.Clone(),
		ForceAttemptHTTP2:  true, // The default, unless there is a dialer or a TLS configuration.
		DisableCompression: true, // Keeps the body as the API sent it.
	}
}

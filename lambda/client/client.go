package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	timeout = 10 * time.Second // From name resolution to the end of the body.
	maxBody = 4 << 10          // Bytes of the body that the answer holds.
)

// client sends requests over IPv6 only.
type client struct {
	resolver *net.Resolver
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	roots    *x509.CertPool // Nil for the roots of the system.
}

// newClient returns a client that dials as package net does.
func newClient(resolver *net.Resolver) *client {
	return &client{resolver: resolver, dial: (&net.Dialer{Resolver: resolver}).DialContext}
}

// answer describes a response and the connection that it came over.
type answer struct {
	URL           string `json:"url"`
	Host          string `json:"host"` // The Host header that was sent.
	RemoteAddress string `json:"remoteAddress"`
	Protocol      string `json:"protocol"`
	TLSVersion    string `json:"tlsVersion"`
	Status        int    `json:"status"`
	Body          string `json:"body"`
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
			return c.dial(ctx, "tcp6", address)
		},
		TLSClientConfig:    &tls.Config{RootCAs: c.roots},
		ForceAttemptHTTP2:  true, // The default, unless there is a dialer or a TLS configuration.
		DisableCompression: true, // Keeps the body as the API sent it.
	}
}

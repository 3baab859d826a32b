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
	maxBody = 4 << 10          // Bytes of the body that are returned.
)

// client sends requests over IPv6 only.
type client struct {
	resolver *net.Resolver
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	roots    *x509.CertPool // Nil for the system's.
}

func newClient(resolver *net.Resolver) *client {
	return &client{resolver: resolver, dial: (&net.Dialer{Resolver: resolver}).DialContext}
}

// answer is what came back, and over what.
type answer struct {
	URL           string `json:"url"`
	Host          string `json:"host"` // The Host header that was sent.
	RemoteAddress string `json:"remoteAddress"`
	Protocol      string `json:"protocol"`
	TLSVersion    string `json:"tlsVersion"`
	Status        int    `json:"status"`
	Body          string `json:"body"`
}

// send resolves and connects anew each time, and follows no redirect. Its error names the step that failed.
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

// transport is for the one request whose context is ctx.
func (c *client) transport(ctx context.Context) *http.Transport {
	return &http.Transport{
		// With ctx, not with the transport's, for the deadline: the dialer divides it among a name's addresses.
		DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
			return c.dial(ctx, "tcp6", address)
		},
		TLSClientConfig:    &tls.Config{RootCAs: c.roots},
		ForceAttemptHTTP2:  true, // As net/http does unless it is given a dialer or a TLS configuration.
		DisableCompression: true, // The body as it was sent.
	}
}

package live

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"

	"private-api-blueprints/internal/sigv4"
	"private-api-blueprints/sandbox/live/dns"
	"private-api-blueprints/sandbox/live/identity"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// Call is a request of a client.
type Call struct {
	From   string      // The place of the client, as [World.Place] reads it.
	Method string      // GET if empty.
	URL    string      // Of scheme https or http.
	Header http.Header // Host sets the host that the server sees.
	Body   []byte
	// ConnectTo is the object to connect to without asking DNS, or internet for a server of nobody in the account. It
	// is the host of the URL if empty.
	ConnectTo string
	// Protocol is the only protocol that will do, h2 or http/1.1; either if empty. A client that wants HTTP/2 offers
	// HTTP/1.1 too, as browsers and curl do.
	Protocol string
	// TLSVersion is the only version of TLS that the client speaks, 1.0, 1.1, 1.2 or 1.3; 1.2 and 1.3 if empty.
	TLSVersion string
	IPVersion  int  // The only IP version of the client, 4 or 6; both if 0.
	Private    bool // Whether a client in a subnet has no public IPv4 address.
	Signed     bool // Whether the account's user signs the request.
	Foreign    bool // Whether a user of another account signs it.
	Insecure   bool // Whether the client takes any certificate, as `curl -k` does.

	only netip.Addr // The only address that the client tries, if it is valid.
}

// Outcome is how a call ends.
type Outcome string

// How a call ends.
const (
	Answered        Outcome = "answered" // Whatever the status.
	NameNotResolved Outcome = "name-not-resolved"
	NotConnected    Outcome = "not-connected"
	TLSFailed       Outcome = "tls-failed"
	NoAnswer        Outcome = "no-answer" // The connection ended without an HTTP response.
	// Left: the connection reaches a server outside of the account, which nobody simulates.
	Left Outcome = "left"
)

// Response is what an HTTP server answered.
type Response struct {
	Protocol string      `json:"protocol"`
	Status   int         `json:"status"`
	Header   http.Header `json:"header"`
	Body     string      `json:"body"` // Its first 64 KiB.
}

// Result is what happened to a call.
type Result struct {
	Outcome  Outcome       `json:"outcome"`
	Error    string        `json:"error,omitempty"` // Why the call was not answered.
	Resolved []dns.Hop     `json:"resolved,omitempty"`
	Address  string        `json:"address,omitempty"` // Where the client connected.
	TLS      *Handshake    `json:"tls,omitempty"`
	Request  string        `json:"request"`
	Response *Response     `json:"response,omitempty"`
	Steps    []trail.Step  `json:"steps"` // What decided, in the order in which it happened.
	Duration time.Duration `json:"-"`

	header     http.Header // Of the request.
	addrs      []netip.Addr
	wrong      string // What a promise misses in the answer; empty if nothing.
	sourceless bool   // Whether the client has no address of the IP version that it tries.
}

// Handshake is what a client and a server agreed on.
type Handshake struct {
	Version  string   `json:"version"`
	Names    []string `json:"names"`              // Of the server's certificate.
	Protocol string   `json:"protocol,omitempty"` // Of ALPN; empty if it chose none.
}

// Call makes a request. The error says what is wrong with the question; a request that fails is no error.
func (w *World) Call(ctx context.Context, c Call) (*Result, error) {
	place, err := w.Place(c.From)
	if err != nil {
		return nil, err
	}
	request, err := c.request()
	if err != nil {
		return nil, err
	}
	steps, begun := &trail.Trail{}, time.Now()
	place.Private = c.Private
	ctx, cancel := context.WithTimeout(trail.With(ctx, steps), time.Minute)
	defer cancel()
	result := &Result{Request: request.Method + " " + c.URL, header: request.Header}
	result.Outcome, err = w.exchange(ctx, c, place, request, result)
	if err != nil {
		result.Error = err.Error()
	}
	result.Steps, result.Duration = steps.Steps(), time.Since(begun)
	return result, nil
}

// request returns the HTTP request of a call.
func (c Call) request() (*http.Request, error) {
	method := c.Method
	if method == "" {
		method = http.MethodGet
	}
	request, err := http.NewRequest(method, c.URL, bytes.NewReader(c.Body))
	if err != nil {
		return nil, err
	}
	if s := request.URL.Scheme; s != "https" && s != "http" || request.URL.Host == "" {
		return nil, fmt.Errorf("URL = %q: want one such as https://api.example.com/hello", c.URL)
	}
	if c.Protocol != "" && c.Protocol != "h2" && c.Protocol != "http/1.1" {
		return nil, fmt.Errorf("protocol = %q: want h2 or http/1.1", c.Protocol)
	}
	if _, known := tlsVersions[c.TLSVersion]; c.TLSVersion != "" && !known {
		return nil, fmt.Errorf("TLS version = %q: want 1.0, 1.1, 1.2 or 1.3", c.TLSVersion)
	}
	for name, values := range c.Header {
		request.Header[http.CanonicalHeaderKey(name)] = values
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
		request.Header.Del("Host")
	}
	if request.Header.Get("User-Agent") == "" {
		request.Header.Set("User-Agent", "sandbox")
	}
	return request, nil
}

// exchange resolves, connects, shakes hands and asks.
func (w *World) exchange(
	ctx context.Context, c Call, place network.Place, request *http.Request, result *Result,
) (Outcome, error) {
	switch {
	case c.Signed:
		w.sign(identity.User(), request, c.Body)
	case c.Foreign:
		w.sign(identity.Stranger(), request, c.Body)
	}
	addrs, err := w.addresses(ctx, c, place, request.URL.Hostname(), result)
	if err != nil {
		return NameNotResolved, err
	}
	result.addrs = addrs
	if c.only.IsValid() {
		addrs = []netip.Addr{c.only}
	}
	conn, err := w.connect(ctx, place, addrs, portOf(request.URL), result)
	var stopped *network.Stopped
	isStopped := errors.As(err, &stopped)
	if c.ConnectTo == string(network.Internet) && isStopped && stopped.End == network.Refused {
		return Left, errors.New(
			"the connection leaves the account, and the sandbox does not simulate what answers there")
	}
	if err != nil {
		result.sourceless = isStopped && stopped.End == network.Unreachable
		return NotConnected, err
	}
	defer conn.Close()
	if request.URL.Scheme == "https" {
		if conn, err = w.shakeHands(ctx, conn, c, request.URL.Hostname(), result); err != nil {
			return TLSFailed, err
		}
	}
	if result.Response, err = ask(ctx, conn, request); err != nil {
		return NoAnswer, err
	}
	return Answered, nil
}

// sign signs a request as a user.
func (w *World) sign(user identity.Credentials, request *http.Request, body []byte) {
	sigv4.Signer{
		AccessKeyID: user.AccessKeyID, SecretAccessKey: user.SecretAccessKey, SessionToken: user.SessionToken,
		Region: w.regionOf(request.Host), Service: "execute-api",
	}.Sign(request, body, time.Now())
}

// addresses returns the addresses that a client tries.
func (w *World) addresses(
	ctx context.Context, c Call, place network.Place, host string, result *Result,
) ([]netip.Addr, error) {
	addrs, err := w.addressesFor(ctx, c, place, host, result)
	if err != nil || c.IPVersion == 0 {
		return addrs, err
	}
	addrs = slices.DeleteFunc(addrs, func(a netip.Addr) bool { return a.Is4() != (c.IPVersion == 4) })
	if len(addrs) == 0 {
		return nil, fmt.Errorf("%s has no IPv%d address", host, c.IPVersion)
	}
	return addrs, nil
}

// addressesFor returns the addresses of both IP versions.
func (w *World) addressesFor(
	ctx context.Context, c Call, place network.Place, host string, result *Result,
) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil && c.ConnectTo == "" {
		return []netip.Addr{addr}, nil
	}
	switch c.ConnectTo {
	case "":
	case string(network.Internet):
		if _, err := w.Resolver(place).Lookup(ctx, host, typeA); err != nil {
			return nil, err // Nobody answers there, whatever the name.
		}
		return w.outside(place), nil
	default:
		return w.addressesOf(c.ConnectTo, place)
	}
	var addrs []netip.Addr
	for _, kind := range []uint16{typeA, typeAAAA} {
		answer, err := w.Resolver(place).Lookup(ctx, host, kind)
		if err != nil {
			return nil, err
		}
		if found := answer.Addrs(); len(found) > 0 || kind == typeA {
			addrs = append(addrs, found...)
			result.Resolved = append(result.Resolved, answer.Hops...)
		}
	}
	if len(addrs) == 0 {
		return nil, fmt.Errorf("%s has no address", host)
	}
	return addrs, nil
}

// portOf returns the port of a URL.
func portOf(u *url.URL) uint16 {
	if port, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
		return uint16(port)
	}
	if u.Scheme == "http" {
		return 80
	}
	return 443
}

// connect connects with the first address that answers.
func (w *World) connect(
	ctx context.Context, place network.Place, addrs []netip.Addr, port uint16, result *Result,
) (net.Conn, error) {
	var failed error
	for _, addr := range addrs {
		to := netip.AddrPortFrom(addr, port)
		conn, err := w.Dial(ctx, place, to)
		if err == nil {
			result.Address = to.String()
			return conn, nil
		}
		failed = errors.Join(failed, fmt.Errorf("%s: %w", to, err))
	}
	return nil, failed
}

// tlsVersions are the versions of TLS by number.
var tlsVersions = map[string]uint16{
	"1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13,
}

// shakeHands makes a TLS connection.
func (w *World) shakeHands(
	ctx context.Context, conn net.Conn, c Call, host string, result *Result,
) (net.Conn, error) {
	protocols := []string{"h2", "http/1.1"}
	if c.Protocol == "http/1.1" {
		protocols = []string{c.Protocol}
	}
	client := tls.Client(conn, &tls.Config{
		RootCAs: w.Roots(), ServerName: host, NextProtos: protocols,
		MinVersion: tlsVersions[c.TLSVersion], MaxVersion: tlsVersions[c.TLSVersion], // 0 is Go's default.
		InsecureSkipVerify: c.Insecure, // #nosec G402 -- The caller asks for it.
	})
	if err := client.HandshakeContext(ctx); err != nil {
		return nil, readable(err)
	}
	state := client.ConnectionState()
	result.TLS = &Handshake{
		Version: tls.VersionName(state.Version), Names: state.PeerCertificates[0].DNSNames,
		Protocol: state.NegotiatedProtocol,
	}
	if c.Protocol == "h2" && state.NegotiatedProtocol != "h2" {
		return nil, errors.New("the server did not choose HTTP/2")
	}
	return client, nil
}

// readable returns an error of a handshake without the bytes of certificates.
func readable(err error) error {
	if name := (x509.HostnameError{}); errors.As(err, &name) {
		return fmt.Errorf("the certificate is for %q, not for %s", name.Certificate.DNSNames, name.Host)
	}
	return err
}

// ask sends a request over a connection, by HTTP/2 if its TLS says so.
func ask(ctx context.Context, conn net.Conn, request *http.Request) (*Response, error) {
	once := func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	transport := &http.Transport{
		DialContext: once, DialTLSContext: once, ForceAttemptHTTP2: true, DisableCompression: true,
	}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(request.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return nil, err
	}
	return &Response{Protocol: answer.Proto, Status: answer.StatusCode, Header: answer.Header, Body: string(body)}, nil
}

package gateway

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/authority"
	"private-api-blueprints/sandbox/live/function"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/livetest"
	"private-api-blueprints/sandbox/live/memconn"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// issuer is the certificate authority of all worlds: their names are the same, and its
// keys take time.
var issuer *authority.Authority

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run runs the tests with the authority.
func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "authority")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	account, err := cloud.Open(filepath.Join(folder, "account.json"), catalog.New())
	if err != nil {
		panic(err)
	}
	if issuer, err = authority.Open(folder, inventory.New(account.Objects())); err != nil {
		panic(err)
	}
	return m.Run()
}

// journal keeps events in memory.
type journal struct {
	mu     sync.Mutex
	events map[string][]string // By group.
}

func (j *journal) CreateGroup(string) error { return nil }

func (j *journal) Log(group, _ string, _ time.Time, text string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events[group] = append(j.events[group], text)
	return nil
}

func (j *journal) of(group string) string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.events[group], "\n")
}

// functions answers invocations.
type functions func(ctx context.Context, call function.Call) (function.Result, error)

func (f functions) Invoke(ctx context.Context, call function.Call) (function.Result, error) {
	return f(ctx, call)
}

// dialer opens connections in memory.
type dialer func(from network.Place, to netip.AddrPort) (net.Conn, error)

func (d dialer) Dial(_ context.Context, from network.Place, to netip.AddrPort) (net.Conn, error) {
	return d(from, to)
}

// world is an account with an API Gateway.
type world struct {
	t       testing.TB
	gateway *Gateway
	journal *journal
	trail   *trail.Trail
}

// greet is a function that answers hello world.
func greet(context.Context, function.Call) (function.Result, error) {
	return function.Result{RequestID: "r", Payload: []byte(`{"statusCode": 200, "headers": {"Content-Type": ` +
		`"application/json"}, "body": "{\"message\": \"hello world\"}"}`)}, nil
}

// named is a function that answers with the ID of the API that calls.
func named(_ context.Context, call function.Call) (function.Result, error) {
	api, _, _ := strings.Cut(strings.Split(call.Source, ":")[5], "/")
	return function.Result{Payload: []byte(`{"statusCode": 200, "body": "` + api + `"}`)}, nil
}

// newWorld returns a world with the objects that exist in each account, and some more
// in YAML.
func newWorld(t testing.TB, objects string, change func(*Options)) *world {
	t.Helper()
	c := catalog.New()
	inv := livetest.OpenWith(t, c, string(c.Existing), objects)
	w := &world{t: t, journal: &journal{events: map[string][]string{}},
		trail: &trail.Trail{}}
	o := Options{Certificates: issuer, Functions: functions(greet), Journal: w.journal, Roots: issuer.Pool()}
	if change != nil {
		change(&o)
	}
	w.gateway = New(inv, o)
	return w
}

// arrivalOf is the side from which a request arrives.
type arrivalOf = network.Arrival

// The sides from which a request arrives.
var (
	internet = network.Arrival{From: netip.MustParseAddrPort("203.0.113.7:40000"), Region: "us-east-1",
		To: netip.MustParseAddrPort("198.51.100.1:443")}
	endpoint = network.Arrival{From: netip.MustParseAddrPort("172.20.10.99:40000"), Region: "us-east-1",
		To: netip.MustParseAddrPort("172.20.10.50:443"), Endpoint: "vpce-0a1b2c3d4e5f60718",
		VPC: "vpc-0e1f2a3b4c5d6e7f8"}
)

// response is what a client got.
type response struct {
	status int
	header http.Header
	body   string
	tls    tls.ConnectionState
	proto  string
}

// client returns a client whose connections arrive at the gateway. Its TLS has a server
// name, unless that is empty.
func (w *world) client(a network.Arrival, serverName string, protocols ...string) *http.Client {
	transport := &http.Transport{DisableKeepAlives: true, ForceAttemptHTTP2: len(protocols) > 0,
		DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			client, server := memconn.Pipe()
			go w.gateway.Serve(trail.With(w.t.Context(), w.trail), server, a)
			conn := tls.Client(client, &tls.Config{ServerName: serverName, NextProtos: protocols,
				InsecureSkipVerify: true, MinVersion: tls.VersionTLS10})
			return conn, conn.HandshakeContext(ctx)
		}}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// do sends a request that arrives at a side, and returns the response.
func (w *world) do(a network.Arrival, r *http.Request, protocols ...string) response {
	w.t.Helper()
	got, err := w.client(a, r.URL.Hostname(), protocols...).Do(r)
	require.NoError(w.t, err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	require.NoError(w.t, err)
	return response{got.StatusCode, got.Header, string(body), *got.TLS, got.Proto}
}

// get sends GET with headers, given as names and values. The header Host is the host.
func (w *world) get(a network.Arrival, url string, headers ...string) response {
	w.t.Helper()
	return w.do(a, request(w.t, "GET", url, "", headers...))
}

// request returns a request with headers, given as names and values.
func request(t testing.TB, method, url, body string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	return r
}

package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/lambda/lambdatest"
	"private-api-blueprints/sandbox/live/function"
	"private-api-blueprints/sandbox/live/memconn"
	"private-api-blueprints/sandbox/live/trail"
)

// base is the default name of an API.
func base(id string) string { return "https://" + id + ".execute-api.us-east-1.amazonaws.com" }

const private = "private001"

func privateWorld(t *testing.T, change func(*Options)) *world {
	return newWorld(t, role+shared+api(private, "PRIVATE", helloPath, onlyVPC), change)
}

func TestAResponseHasTheHeadersOfAPIGateway(t *testing.T) {
	w := privateWorld(t, nil)
	conn := w.raw(endpoint, private+".execute-api.us-east-1.amazonaws.com")
	_, err := conn.Write([]byte("GET /v1/hello HTTP/1.1\r\nHost: " + private +
		".execute-api.us-east-1.amazonaws.com\r\n\r\n"))
	require.NoError(t, err)
	buffer := make([]byte, 4096)
	n, err := conn.Read(buffer)
	require.NoError(t, err)
	assert.Regexp(t, `^HTTP/1.1 200 OK\r\n`, string(buffer[:n]))
	for _, line := range []string{"Server: Server", "Content-Type: application/json", "Content-Length: 26",
		"Connection: keep-alive", `x-amzn-RequestId: [0-9a-f-]{36}`, `x-amz-apigw-id: [A-Za-z0-9_-]{15}=`,
		`X-Amzn-Trace-Id: Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0`, "Date: .* GMT"} {
		assert.Regexp(t, `(?m)^`+line+`\r$`, string(buffer[:n]), "the transcript of article 000 has it")
	}
}

// raw returns a TLS connection with the gateway.
func (w *world) raw(a arrivalOf, serverName string) *tls.Conn {
	w.t.Helper()
	client, server := memconn.Pipe()
	go w.gateway.Serve(trail.With(w.t.Context(), w.trail), server, a)
	conn := tls.Client(client, &tls.Config{ServerName: serverName, InsecureSkipVerify: true})
	w.t.Cleanup(func() { client.Close() })
	return conn
}

func TestBothVersionsOfHTTPWork(t *testing.T) {
	w := privateWorld(t, nil)
	for _, row := range []struct {
		protocols []string
		want, why string
	}{
		{nil, "HTTP/1.1", "a client without ALPN"},
		{[]string{"http/1.1"}, "HTTP/1.1", "a client that speaks HTTP/1.1 only"},
		{[]string{"h2", "http/1.1"}, "HTTP/2.0", "a browser"},
	} {
		t.Run(row.why, func(t *testing.T) {
			got := w.do(endpoint, request(t, "GET", base(private)+"/v1/hello", ""), row.protocols...)
			assert.Equal(t, 200, got.status)
			assert.Equal(t, row.want, got.proto)
			assert.Equal(t, `{"message": "hello world"}`, got.body)
		})
	}
}

func TestTheHelloFunctionItselfAnswers(t *testing.T) {
	executable := filepath.Join(t.TempDir(), "bin")
	t.Run("build", func(t *testing.T) {
		t.Chdir("../../../lambda/hello")
		require.NoError(t, os.MkdirAll(filepath.Join(executable, "local"), 0o755))
		require.NoError(t, os.Rename(lambdatest.Build(t), filepath.Join(executable, "local", "hello")))
		require.NoError(t, os.WriteFile(filepath.Join(executable, "hello.zip"), nil, 0o644))
	})
	objects := role + shared + api(private, "PRIVATE", helloPath, onlyVPC) + `
- type: aws:lambda/function:Function
  id: hello
  inputs:
    name: hello
    role: arn:aws:iam::123456789012:role/orders
    runtime: provided.al2023
    code: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
- type: aws:lambda/permission:Permission
  id: hello/api
  inputs:
    statementId: api
    function: hello
    action: lambda:InvokeFunction
    principal: apigateway.amazonaws.com
    sourceArn: arn:aws:execute-api:us-east-1:123456789012:` + private + `/*/GET/hello
`
	w := newWorld(t, objects, nil)
	runner := function.New(t.Context(), w.gateway.inv, function.Options{Built: executable, Logs: w.journal})
	defer runner.Close()
	w.gateway.options.Functions = runner
	got := w.get(endpoint, base(private)+"/v1/hello")
	assert.Equal(t, 200, got.status)
	assert.Equal(t, `{"message": "hello world"}`, got.body)
	assert.Eventually(t, func() bool {
		return strings.Contains(w.journal.of("/aws/lambda/hello"), got.header.Get("x-amzn-RequestId"))
	}, 10*time.Second, time.Millisecond, "the function logs the API's request ID")
}

func TestAConnectionLeavesNothingBehind(t *testing.T) {
	w := privateWorld(t, nil)
	w.get(endpoint, base(private)+"/v1/hello")
	before := runtime.NumGoroutine()
	for range 20 {
		for _, protocols := range [][]string{nil, {"h2"}} {
			w.do(endpoint, request(t, "GET", base(private)+"/v1/hello", ""), protocols...)
		}
		conn := w.raw(endpoint, "a.example.com")
		_, _ = conn.Write([]byte("nonsense\r\n\r\n"))
		conn.NetConn().Close()
		broken, server := memconn.Pipe()
		go w.gateway.Serve(t.Context(), server, endpoint)
		_, _ = broken.Write([]byte("no TLS at all, but long enough to be read as a record"))
		broken.Close()
	}
	// Not assert.Eventually, whose condition runs in a goroutine.
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before)
}

func TestAConnectionEndsWithItsContext(t *testing.T) {
	w := privateWorld(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	client, server := memconn.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.gateway.Serve(ctx, server, endpoint)
	}()
	conn := tls.Client(client, &tls.Config{InsecureSkipVerify: true})
	require.NoError(t, conn.Handshake())
	cancel()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("the connection outlives its context")
	}
}

func TestACustomDomainHasItsOwnCertificateAndSecurityPolicy(t *testing.T) {
	w := newWorld(t, role+shared+domains, nil)
	for _, row := range []struct {
		a               arrivalOf
		serverName, why string
		want            []string
	}{
		{
			internet, "regional01.execute-api.us-east-1.amazonaws.com", "a default name",
			[]string{"*.execute-api.us-east-1.amazonaws.com", "*.execute-api.us-east-1.vpce.amazonaws.com"},
		},
		{
			endpoint, "vpce-0a1b2c3d4e5f60718-aaaaaaaa.execute-api.us-east-1.vpce.amazonaws.com",
			"an endpoint's own name",
			[]string{"*.execute-api.us-east-1.amazonaws.com", "*.execute-api.us-east-1.vpce.amazonaws.com"},
		},
		{internet, "api.example.com", "a custom domain", []string{"api.example.com", "*.example.com"}},
		{endpoint, "inside.example.com", "a private one", []string{"api.example.com", "*.example.com"}},
		{
			internet, "missing.example.com", "a domain that the account does not have",
			[]string{"*.execute-api.us-east-1.amazonaws.com", "*.execute-api.us-east-1.vpce.amazonaws.com"},
		},
		{
			endpoint, "", "a client without SNI, as a load balancer may be",
			[]string{"*.execute-api.us-east-1.amazonaws.com", "*.execute-api.us-east-1.vpce.amazonaws.com"},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			conn := w.raw(row.a, row.serverName)
			require.NoError(t, conn.Handshake())
			assert.Equal(t, row.want, conn.ConnectionState().PeerCertificates[0].DNSNames)
		})
	}
}

func TestTheSecurityPolicyOfADomainIsItsOldestTLS(t *testing.T) {
	w := newWorld(t, role+shared+domains, nil)
	for _, row := range []struct {
		name string
		max  uint16
		ok   bool
		why  string

		protocol string
	}{
		{"api.example.com", tls.VersionTLS12, true, "TLS_1_2", "h2"},
		{"api.example.com", tls.VersionTLS11, false, "TLS_1_2 has no TLS 1.1", ""},
		{"old.example.com", tls.VersionTLS10, true, "TLS_1_0, which is too old for HTTP/2", "http/1.1"},
	} {
		client, server := memconn.Pipe()
		go w.gateway.Serve(t.Context(), server, internet)
		conn := tls.Client(client, &tls.Config{ServerName: row.name, MinVersion: tls.VersionTLS10, MaxVersion: row.max,
			NextProtos: []string{"h2", "http/1.1"}, InsecureSkipVerify: true})
		err := conn.Handshake()
		protocol := conn.ConnectionState().NegotiatedProtocol
		client.Close()
		assert.Equal(t, row.ok, err == nil, "%s: %v", row.why, err)
		assert.Equal(t, row.protocol, protocol, row.why)
	}
}

func TestAnIssuerThatFailsEndsTheHandshake(t *testing.T) {
	w := privateWorld(t, func(o *Options) { o.Certificates = failing{} })
	_, err := w.client(endpoint, "a.example.com").Get("https://a.example.com")
	assert.Error(t, err)
	assert.Eventually(t, func() bool { return strings.Contains(w.told(), "TLS fails: no certificate") },
		10*time.Second, time.Millisecond)
}

type failing struct{}

func (failing) ACM(string) (*tls.Certificate, error) { return nil, errors.New("no certificate") }

func (failing) Certificate(...string) (*tls.Certificate, error) {
	return nil, errors.New("no certificate")
}

// told returns the texts of the trail.
func (w *world) told() string {
	var texts []string
	for _, s := range w.trail.Steps() {
		texts = append(texts, s.Text)
	}
	return strings.Join(texts, "\n")
}

func TestALargeRequestIsRefused(t *testing.T) {
	w := privateWorld(t, nil)
	got := w.do(endpoint, request(t, "GET", base(private)+"/v1/hello", strings.Repeat("x", bodyLimit+1)))
	assert.Equal(t, 413, got.status)
	assert.Equal(t, `{"message":"Request Too Long"}`, got.body)
	assert.Equal(t, "RequestTooLargeException", got.header.Get("x-amzn-ErrorType"))
	got = w.get(endpoint, base(private)+"/v1/hello", "X-Long", strings.Repeat("x", headerBytes+8192))
	assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, got.status)
}

// TestAnOldClientHelloIsAnswered offers SSL 3.0 only, for which crypto/tls lists no version.
func TestAnOldClientHelloIsAnswered(t *testing.T) {
	w := newWorld(t, "[]", nil)
	config, err := w.gateway.config(&tls.ClientHelloInfo{ServerName: "a.execute-api.us-east-1.amazonaws.com"}, internet)
	require.NoError(t, err)
	assert.Equal(t, []string{"http/1.1"}, config.NextProtos)
}

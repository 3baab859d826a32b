package proxy_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/memconn"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/proxy"
)

// serve starts a proxy that ends with the test, and waits for it.
func serve(t *testing.T, connect proxy.Connect) netip.AddrPort {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := proxy.Serve(ctx, "127.0.0.1:0", connect)
	require.NoError(t, err)
	t.Cleanup(func() {
		cancel()
		s.Wait()
	})
	return s.Addr()
}

// to connects with a server for whatever host.
func to(server *httptest.Server) proxy.Connect {
	return func(ctx context.Context, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", server.Listener.Addr().String())
	}
}

// fails fails to connect.
func fails(err error) proxy.Connect {
	return func(context.Context, string) (net.Conn, error) { return nil, err }
}

// dial connects with the proxy and sends bytes.
func dial(t *testing.T, addr netip.AddrPort, text string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", addr.String())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, text)
	require.NoError(t, err)
	return conn.(*net.TCPConn)
}

// answer reads an HTTP response.
func answer(t *testing.T, from io.Reader) (status int, body string) {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(from), nil)
	require.NoError(t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

func TestAConnectionThatFailsIsAnsweredWithTheReason(t *testing.T) {
	for _, row := range []struct {
		why    string
		failed error
		want   int
	}{
		{"a drop", &network.Stopped{End: network.TimedOut, Reason: "no rule admits it"}, http.StatusGatewayTimeout},
		{"a drop of one address of several", errors.Join(fmt.Errorf("192.0.2.1: %w",
			&network.Stopped{End: network.TimedOut, Reason: "no rule admits it"})), http.StatusGatewayTimeout},
		{"a closed port", &network.Stopped{End: network.Refused, Reason: "no rule admits it"}, http.StatusBadGateway},
		{"a name without an address", errors.New("no rule admits it"), http.StatusBadGateway},
	} {
		addr := serve(t, fails(row.failed))
		for _, request := range []string{
			"CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n",
			"GET http://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n",
		} {
			status, body := answer(t, dial(t, addr, request))
			assert.Equal(t, row.want, status, "%s: %s", row.why, request)
			assert.Contains(t, body, "no rule admits it", row.why)
		}
	}
}

func TestATunnelCarriesBytesUntilBothSidesHaveEnded(t *testing.T) {
	inside, outside := memconn.Pipe()
	addr := serve(t, func(_ context.Context, hostPort string) (net.Conn, error) {
		assert.Equal(t, "api.example.com:443", hostPort)
		return outside, nil
	})
	// The first bytes come with the request, before the answer.
	conn := dial(t, addr, "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\nearly")
	require.NoError(t, conn.CloseWrite())
	got, err := io.ReadAll(inside)
	require.NoError(t, err)
	assert.Equal(t, "early", string(got), "the server reads to the client's end")
	_, err = io.WriteString(inside, "late")
	require.NoError(t, err)
	inside.Close()
	text, err := io.ReadAll(conn)
	require.NoError(t, err)
	assert.Equal(t, "HTTP/1.1 200 Connection established\r\n\r\nlate", string(text),
		"the client reads on after it has ended")
}

func TestARequestOfSchemeHTTPArrivesAsTheClientSentIt(t *testing.T) {
	var got http.Header
	var host, path string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, host, path = r.Header, r.Host, r.URL.RequestURI()
		w.WriteHeader(http.StatusTeapot)
	}))
	defer server.Close()
	conn := dial(t, serve(t, to(server)), ""+
		"GET http://api.example.com/a%2Fb?x=1;2 HTTP/1.1\r\nHost: api.example.com\r\n"+
		"X-Forwarded-For: 192.0.2.1\r\nProxy-Connection: keep-alive\r\nConnection: close\r\n\r\n")
	status, _ := answer(t, conn)
	assert.Equal(t, http.StatusTeapot, status)
	assert.Equal(t, "api.example.com", host)
	assert.Equal(t, "/a%2Fb?x=1;2", path)
	assert.Equal(t, []string{"192.0.2.1"}, got["X-Forwarded-For"])
	assert.NotContains(t, got, "Proxy-Connection")
	assert.NotContains(t, got, "User-Agent")
	assert.NotContains(t, got, "Accept-Encoding")
}

func TestMalformedRequestsLeaveTheProxyServing(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	addr := serve(t, to(server))
	slow := dial(t, addr, "CONNECT api.exam")
	for _, request := range []string{
		"nonsense\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
		"GET https://api.example.com/ HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
		"CONNECT api.example.com HTTP/1.1\r\nHost: api.example.com\r\n\r\n",
	} {
		response, err := http.ReadResponse(bufio.NewReader(dial(t, addr, request)), nil)
		require.NoError(t, err, request)
		assert.Equal(t, http.StatusBadRequest, response.StatusCode, request)
	}
	client := http.Client{Transport: &http.Transport{
		Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: addr.String()}), DisableKeepAlives: true,
	}}
	response, err := client.Get("http://api.example.com/")
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, http.StatusNotFound, response.StatusCode)
	slow.Close()
}

func TestTheEndOfTheContextEndsTunnels(t *testing.T) {
	_, outside := memconn.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := proxy.Serve(ctx, "127.0.0.1:0", func(context.Context, string) (net.Conn, error) { return outside, nil })
	require.NoError(t, err)
	conn := dial(t, s.Addr(), "CONNECT api.example.com:443 HTTP/1.1\r\nHost: api.example.com:443\r\n\r\n")
	idle := dial(t, s.Addr(), "")
	line, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	assert.Contains(t, line, "200")
	cancel()
	s.Wait()
	for _, c := range []net.Conn{conn, idle} {
		_, err = io.ReadAll(c)
		assert.NotErrorIs(t, err, context.DeadlineExceeded)
		assert.False(t, err != nil && strings.Contains(err.Error(), "timeout"), err)
	}
	_, err = net.Dial("tcp", s.Addr().String())
	assert.Error(t, err)
}

func TestAProxyIsOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:0", ":0", "localhost:0"} {
		_, err := proxy.Serve(t.Context(), addr, nil)
		assert.ErrorContains(t, err, "want a loopback address", addr)
	}
}

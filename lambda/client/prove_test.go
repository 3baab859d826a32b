package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// prove invokes a client with servers that all answer as one server does. dial
// replaces its dialer if it is not nil.
func prove(t *testing.T, server *httptest.Server, asked event, limit time.Duration) ([]answer, error) {
	t.Helper()
	c := clientOf(server)
	c.pause = time.Millisecond
	payload, err := json.Marshal(asked)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), reserve+limit)
	defer cancel()
	result, err := c.Invoke(ctx, payload)
	if err != nil {
		return nil, err
	}
	var answers []answer
	require.NoError(t, json.Unmarshal(result, &answers))
	return answers, nil
}

var twoServers = []server{{ID: "i-a", Address: "10.0.10.7"}, {ID: "i-b", Address: "10.0.11.7"}}

func TestServersAreAskedUntilAllServe(t *testing.T) {
	var asked atomic.Int32
	host := make(chan string, 10)
	site := serve(t, true, func(w http.ResponseWriter, r *http.Request) {
		host <- r.Host
		if asked.Add(1) <= 3 {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	answers, err := prove(t, site, event{Servers: twoServers, ServerName: "h2.example.com"}, 10*time.Second)
	require.NoError(t, err)
	require.Len(t, answers, 2)
	assert.Equal(t, []any{200, "h2"}, []any{answers[1].Status, answers[1].ALPN})
	assert.Equal(t, "h2.example.com", <-host)
	assert.Equal(t, int32(5), asked.Load())
}

func TestErrorNamesEachServerThatDoesNotServeAndWhereToLook(t *testing.T) {
	const console = " (its console output says why: " +
		"aws ec2 get-console-output --latest --output text --instance-id i-b)"
	for _, row := range []struct {
		why, want string
		h2        bool
		status    int
	}{
		{"another status", "i-b at 10.0.11.7 does not serve HTTPS: status 503; want 200" + console, true, 503},
		{"no HTTP/2", "i-b at 10.0.11.7 does not serve HTTPS: HTTP/1.1; want HTTP/2" + console, false, 200},
	} {
		t.Run(row.why, func(t *testing.T) {
			site := serve(t, row.h2, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(row.status) })
			_, err := prove(t, site, event{Servers: twoServers}, 50*time.Millisecond)
			assert.ErrorContains(t, err, "i-a at 10.0.10.7 does not serve HTTPS: ")
			assert.ErrorContains(t, err, row.want)
			assert.NotContains(t, err.Error(), "\n", "Pulumi prints the error in JSON")
		})
	}
}

func TestErrorSaysWhatHappenedToTheLastConnection(t *testing.T) {
	c := newClient(nil)
	c.pause = time.Millisecond
	c.dial = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("connection refused") }
	ctx, cancel := context.WithTimeout(t.Context(), reserve+20*time.Millisecond)
	defer cancel()
	_, err := c.prove(ctx, &event{Servers: twoServers[:1]})
	assert.ErrorContains(t, err, "i-a at 10.0.10.7 does not serve HTTPS: name resolution: connection refused (its ")
}

func TestServersThatExpectItGetAPROXYProtocolHeader(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	header := make(chan string, 1)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			line, _ := bufio.NewReader(conn).ReadString('\n')
			header <- line
			conn.Close()
		}
	}()
	c := newClient(nil)
	c.pause = time.Hour
	c.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		assert.Equal(t, "tcp4", network)
		return new(net.Dialer).DialContext(ctx, network, listener.Addr().String())
	}
	ctx, cancel := context.WithCancel(t.Context())
	go c.prove(ctx, &event{Servers: twoServers[:1], ProxyProtocol: true})
	assert.Equal(t, "PROXY TCP4 127.0.0.1 127.0.0.1 443 443\r\n", <-header)
	cancel()
}

func TestSeveralRequestsHaveAnAnswerEach(t *testing.T) {
	site := serve(t, true, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Host, " ", r.Header.Get("X-Apigw-Api-Id"))
	})
	t.Setenv("IP_VERSION", "4")
	t.Setenv("REQUESTS", `[
		{"url": "https://example.com/a", "host": "api.test", "header": {"x-apigw-api-id": "a1b2c3d4e5"}},
		{"url": "https://other.test/"}]`)
	result, err := clientOf(site).Invoke(t.Context(), nil)
	require.NoError(t, err)
	var answers []answer
	require.NoError(t, json.Unmarshal(result, &answers))
	require.Len(t, answers, 2)
	assert.Equal(t, "api.test a1b2c3d4e5", answers[0].Body)
	assert.Contains(t, answers[1].Error, "GET https://other.test/ over IPv4: TLS: ")
	assert.Equal(t, "https://other.test/", answers[1].URL)
}

func TestRefusedRequestsNameAcceptedValues(t *testing.T) {
	const wantList = `: want a list of requests in JSON, such as [{"url": "https://api.example.com/prod/hello"}]`
	for _, row := range []struct{ why, version, requests, want string }{
		{"another version", "5", `[{"url": "https://a.test"}]`, `environment variable IP_VERSION = "5": want 4 or 6`},
		{"no list", "", "{}", `environment variable REQUESTS = "{}"` + wantList},
		{"an empty list", "", "[]", `environment variable REQUESTS = "[]"` + wantList},
		{"a bad URL", "", `[{"url": "http://a.test"}]`, `environment variable URL = "http://a.test": want an ` +
			"HTTPS URL without a user, such as https://api.example.com/prod/hello"},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Setenv("IP_VERSION", row.version)
			t.Setenv("REQUESTS", row.requests)
			_, err := newClient(nil).Invoke(t.Context(), []byte("{}"))
			assert.EqualError(t, err, row.want)
		})
	}
}

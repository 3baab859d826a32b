package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	certified = "example.com" // A name in the certificate of httptest's servers.
	apiName   = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
)

func TestHostHeaderNamesTheAPIAndTLSNamesTheURLsHost(t *testing.T) {
	for _, protocol := range []struct {
		name, alpn string
		h2         bool
	}{{"HTTP/1.1", "http/1.1", false}, {"HTTP/2.0", "h2", true}} {
		t.Run(protocol.name, func(t *testing.T) {
			var got *http.Request
			server := serve(t, protocol.h2, func(w http.ResponseWriter, r *http.Request) {
				got = r
				io.WriteString(w, `{"message": "hello world"}`)
			})
			setEnv(t, "https://"+certified+"/prod/hello?a=b", apiName)
			result, err := clientOf(server).handle(t.Context())
			require.NoError(t, err)
			assert.Equal(t, answer{
				URL:           "https://" + certified + "/prod/hello?a=b",
				Host:          apiName,
				RemoteAddress: server.Listener.Addr().String(),
				Protocol:      protocol.name,
				ALPN:          protocol.alpn,
				TLSVersion:    "TLS 1.3",
				Status:        200,
				Body:          `{"message": "hello world"}`,
			}, result)
			assert.Equal(t, "GET /prod/hello?a=b", got.Method+" "+got.RequestURI)
			assert.Equal(t, apiName, got.Host, "API Gateway finds the API by it")
			assert.Equal(t, certified, got.TLS.ServerName, "the load balancer chooses the certificate by it")
			assert.Empty(t, got.Header.Get("Accept-Encoding"), "a compressed body would not be readable")
		})
	}
}

func TestHostHeaderDefaultsToTheURLsHost(t *testing.T) {
	server := serve(t, false, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) })
	setEnv(t, "https://"+certified, "")
	got, err := clientOf(server).handle(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{certified, certified}, []string{got.Host, got.Body})
}

func TestCertificateMustCoverTheURLsHost(t *testing.T) {
	server := serve(t, false, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	setEnv(t, "https://front.test/prod/hello", certified)
	_, err := clientOf(server).handle(t.Context())
	assert.ErrorContains(t, err, "GET https://front.test/prod/hello over IPv6: TLS: ",
		"the certificate covers the Host header's name only")
	assert.ErrorAs(t, err, &x509.HostnameError{})
}

func TestCertificateMustBeTrusted(t *testing.T) {
	server := serve(t, false, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	setEnv(t, "https://"+certified, "")
	c := clientOf(server)
	c.tls.RootCAs = nil
	_, err := c.handle(t.Context())
	assert.ErrorContains(t, err, "GET https://example.com over IPv6: TLS: ")
	assert.ErrorAs(t, err, &x509.UnknownAuthorityError{})
}

func TestAnyStatusIsAnAnswer(t *testing.T) {
	for _, status := range []int{http.StatusFound, http.StatusForbidden, http.StatusBadGateway} {
		server := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://"+certified+"/elsewhere") // The client does not follow it.
			w.WriteHeader(status)
			io.WriteString(w, `{"message":"Forbidden"}`)
		})
		setEnv(t, "https://"+certified, apiName)
		got, err := clientOf(server).handle(t.Context())
		require.NoError(t, err)
		assert.Equal(t, status, got.Status)
		assert.Equal(t, `{"message":"Forbidden"}`, got.Body, "it says who refused the request")
	}
}

func TestBodyIsTruncatedAt4KiB(t *testing.T) {
	for _, size := range []int{4096, 4097, 1 << 20} {
		server := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, strings.Repeat("x", size))
		})
		setEnv(t, "https://"+certified, "")
		got, err := clientOf(server).handle(t.Context())
		require.NoError(t, err)
		assert.Len(t, got.Body, 4096, "of a body of %d bytes", size)
	}
}

func TestTruncatedResponseIsAnError(t *testing.T) {
	server := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "26")
		io.WriteString(w, `{"message"`)
	})
	setEnv(t, "https://"+certified, "")
	_, err := clientOf(server).handle(t.Context())
	assert.ErrorContains(t, err, "GET https://example.com over IPv6: response: unexpected EOF")
}

func TestEachInvocationUsesOneNewConnectionAndClosesIt(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		var opened, closed atomic.Int32
		server := unstarted(h2, func(http.ResponseWriter, *http.Request) {})
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				opened.Add(1)
			case http.StateClosed:
				closed.Add(1)
			}
		}
		server.StartTLS()
		t.Cleanup(server.Close)
		setEnv(t, "https://"+certified, "")
		c := clientOf(server)
		for n := range int32(2) {
			_, err := c.handle(t.Context())
			require.NoError(t, err)
			assert.Equal(t, n+1, opened.Load(), "a reused connection would not show that resolution and TLS still work")
			assert.Eventually(t, func() bool { return closed.Load() == n+1 }, 10*time.Second, time.Millisecond,
				"Lambda would freeze an open connection")
		}
	}
}

func TestOnlyIPv6IsDialed(t *testing.T) {
	server := serve(t, false, func(http.ResponseWriter, *http.Request) {})
	var dialed []string
	c := clientOf(server)
	loopback := c.dial
	c.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		dialed = append(dialed, network+" "+address)
		_, limited := ctx.Deadline()
		assert.True(t, limited, "without a deadline, one silent node would use up the time of the others")
		return loopback(ctx, network, address)
	}
	setEnv(t, "https://"+certified+":8443/prod", apiName)
	_, err := c.handle(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"tcp6 example.com:8443"}, dialed)
}

func TestRefusedConnectionIsAnError(t *testing.T) {
	server := serve(t, false, func(http.ResponseWriter, *http.Request) {})
	c := clientOf(server)
	server.Close()
	setEnv(t, "https://"+certified, "")
	_, err := c.handle(t.Context())
	assert.ErrorContains(t, err, "GET https://example.com over IPv6: connection: dial ")
	assert.ErrorContains(t, err, server.Listener.Addr().String(), "the address tells which of the name's nodes refused")
}

// In a synctest bubble, the clock moves only when every goroutine waits. A
// goroutine that outlives the invocation fails the test.
func TestEveryStepTimesOutAfter10Seconds(t *testing.T) {
	server := serve(t, false, func(http.ResponseWriter, *http.Request) {})
	for step, dial := range map[string]func(context.Context, string, string) (net.Conn, error){
		"name resolution": func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"connection": func(ctx context.Context, network, address string) (net.Conn, error) {
			httptrace.ContextClientTrace(ctx).ConnectStart(network, address) // As net.Dialer does.
			<-ctx.Done()
			return nil, ctx.Err()
		},
		"TLS": func(context.Context, string, string) (net.Conn, error) {
			silent, _ := net.Pipe()
			return silent, nil
		},
		"response": func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			go io.Copy(io.Discard, tls.Server(far, &tls.Config{Certificates: server.TLS.Certificates}))
			return near, nil
		},
	} {
		t.Run(step, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				setEnv(t, "https://"+certified, "")
				c := clientOf(server)
				c.dial = dial
				start := time.Now()
				_, err := c.handle(t.Context())
				assert.ErrorContains(t, err, fmt.Sprintf("GET https://example.com over IPv6: %s: time-out: ", step))
				assert.Equal(t, 10*time.Second, time.Since(start))
			})
		})
	}
}

// serve starts a server on loopback with the certificate of example.com.
func serve(t *testing.T, h2 bool, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := unstarted(h2, handler)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// unstarted returns a server that has not started.
func unstarted(h2 bool, handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = h2
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // Tests refuse certificates on purpose.
	return server
}

// clientOf returns a client that trusts server and resolves every name to it,
// whether it listens on IPv4 or IPv6.
func clientOf(server *httptest.Server) *client {
	c := newClient(nil)
	c.dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", server.Listener.Addr().String())
	}
	c.tls.RootCAs = x509.NewCertPool()
	c.tls.RootCAs.AddCert(server.Certificate())
	return c
}

// setEnv sets the environment of the function for one test.
func setEnv(t *testing.T, url, host string) {
	t.Helper()
	t.Setenv("URL", url)
	t.Setenv("HOST", host)
}

package network

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/livetest"
	"private-api-blueprints/sandbox/live/trail"
)

var endpoint = netip.MustParseAddrPort("10.1.10.10:443")

// opened returns a network in which a handler serves API Gateway.
func opened(t testing.TB, h HandlerFunc) *Network {
	n := New(livetest.Open(t, world))
	t.Cleanup(n.Close)
	n.ListenService("execute-api", h)
	return n
}

func TestBothEndsHaveTheAddressesOfTheNetwork(t *testing.T) {
	type seen struct {
		local, remote string
		arrival       Arrival
	}
	served := make(chan seen, 1)
	n := opened(t, func(_ context.Context, c net.Conn, a Arrival) {
		served <- seen{c.LocalAddr().String(), c.RemoteAddr().String(), a}
	})
	c, err := n.Dial(t.Context(), private1, endpoint)
	require.NoError(t, err)
	got := <-served
	assert.Equal(t, "10.1.10.10:443", c.RemoteAddr().String())
	assert.Equal(t, c.LocalAddr().String(), got.remote)
	assert.Equal(t, c.RemoteAddr().String(), got.local)
	assert.Equal(t, Arrival{From: netip.MustParseAddrPort(got.remote), To: endpoint, Endpoint: "vpce-api", VPC: "vpc-a",
		PrivateLink: true, Region: "us-east-1"}, got.arrival)
}

func TestTheReceiverSeesItsPrivateAddressBehindAnElasticIP(t *testing.T) {
	n := New(livetest.Open(t, world))
	arrived := make(chan Arrival, 1)
	n.Listen(publicLB, 0, HandlerFunc(func(_ context.Context, _ net.Conn, a Arrival) { arrived <- a }))
	node := n.topology.nics[publicLB][0]
	c, err := n.Dial(t.Context(), internet, netip.AddrPortFrom(node.public, 443))
	require.NoError(t, err)
	assert.Equal(t, node.addrs[0], (<-arrived).To.Addr())
	assert.Equal(t, node.public.String()+":443", c.RemoteAddr().String())
}

func TestNothingInAFailedZoneSendsOrAnswers(t *testing.T) {
	const linked = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/linked/3"
	const link = `
- {type: aws:lb/loadBalancer:LoadBalancer, id: "` + linked + `", inputs: {name: linked, loadBalancerType: network,
   internal: true, subnetMappings: [{subnetId: subnet-b, privateIpv4Address: 10.2.0.41}]}}
- {type: aws:apigateway/vpcLink:VpcLink, id: link-1, inputs: {name: link, targetArn: "` + linked + `"}}
`
	for _, row := range []struct {
		why, failed string
		from        Place
		to          string
		stopped     bool
	}{
		{"the client is in it", "us-east-1b", Place{Subnet: "subnet-alone"}, "10.1.10.10:443", true},
		{"the endpoint is in it", "us-east-1a", Place{Subnet: "subnet-alone"}, "10.1.10.10:443", true},
		{"the load balancer of a VPC link is in it", "us-east-1a", Place{Outside: Service, Owner: "link-1"},
			"10.2.0.41:443", true},
		{"the load balancer of a VPC link is in another one", "us-east-1b", Place{Outside: Service, Owner: "link-1"},
			"10.2.0.41:443", false},
		{"both are in another one", "us-east-1b", private1, "10.1.10.10:443", false},
	} {
		n := New(livetest.Open(t, world, link))
		n.ListenService("execute-api", HandlerFunc(func(context.Context, net.Conn, Arrival) {}))
		n.Listen(linked, 443, HandlerFunc(func(context.Context, net.Conn, Arrival) {}))
		n.FailZone(row.failed)
		_, err := n.Dial(t.Context(), row.from, netip.MustParseAddrPort(row.to))
		if row.stopped {
			assert.ErrorContains(t, err, "timed out: zone "+row.failed+" fails", row.why)
		} else {
			assert.NoError(t, err, row.why)
		}
		n.Close()
	}
}

func TestAHandlerOfAPortComesBeforeThatOfEveryPort(t *testing.T) {
	n := opened(t, func(_ context.Context, c net.Conn, _ Arrival) { io.WriteString(c, "443") })
	n.Listen("execute-api", 0, HandlerFunc(func(_ context.Context, c net.Conn, _ Arrival) {
		io.WriteString(c, "every")
	}))
	c, err := n.Dial(t.Context(), private1, endpoint)
	require.NoError(t, err)
	said, err := io.ReadAll(c)
	require.NoError(t, err)
	assert.Equal(t, "443", string(said))
}

// TestAConnectionOutlivesTheContextOfItsDialer follows net.Dialer, whose context is for connecting only.
func TestAConnectionOutlivesTheContextOfItsDialer(t *testing.T) {
	n := opened(t, func(ctx context.Context, c net.Conn, _ Arrival) {
		io.ReadFull(c, make([]byte, 1))
		trail.Add(ctx, "handler", "", "serves")
		if ctx.Err() == nil {
			io.WriteString(c, "alive")
		}
	})
	way := &trail.Trail{}
	ctx, cancel := context.WithCancel(trail.With(t.Context(), way))
	c, err := n.Dial(ctx, private1, endpoint)
	require.NoError(t, err)
	cancel()
	io.WriteString(c, "x")
	said, err := io.ReadAll(c)
	require.NoError(t, err)
	assert.Equal(t, "alive", string(said))
	steps := way.Steps()
	assert.Equal(t, trail.Step{Place: "handler", Text: "serves"}, steps[len(steps)-1], "the trail goes with it")
}

func TestATrailSaysWhatStoppedAConnection(t *testing.T) {
	way := &trail.Trail{}
	_, err := New(livetest.Open(t, world)).Dial(trail.With(t.Context(), way), Place{Subnet: "subnet-alone"}, endpoint)
	require.Error(t, err)
	steps := way.Steps()
	assert.Equal(t, trail.Step{Place: "network", Source: "sg-vpce",
		Text: "timed out: no rule of sg-vpce admits 10.1.11.254 to port 443"}, steps[len(steps)-1])
}

func TestCloseEndsConnectionsAndLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	n := New(livetest.Open(t, world))
	canceled := make(chan bool, 10)
	var ended atomic.Int32
	n.ListenService("execute-api", HandlerFunc(func(ctx context.Context, c net.Conn, _ Arrival) {
		_, err := io.Copy(io.Discard, c)
		canceled <- ctx.Err() != nil && err != nil
		time.Sleep(10 * time.Millisecond)
		ended.Add(1)
	}))
	var open []net.Conn
	for range 10 {
		c, err := n.Dial(t.Context(), private1, endpoint)
		require.NoError(t, err)
		open = append(open, c)
	}
	n.Close()
	assert.EqualValues(t, 10, ended.Load(), "Close waits for the handlers")
	for _, c := range open {
		assert.True(t, <-canceled, "the handler's context is canceled")
		_, err := c.Read(make([]byte, 1))
		assert.Error(t, err)
	}
	_, err := n.Dial(t.Context(), private1, endpoint)
	assert.ErrorIs(t, err, net.ErrClosed)
	for deadline := time.Now().Add(time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		require.True(t, time.Now().Before(deadline), "%d goroutines, before %d", runtime.NumGoroutine(), before)
	}
}

func TestAClientThatSendsNoMoreStillGetsTheAnswer(t *testing.T) {
	n := opened(t, func(_ context.Context, c net.Conn, _ Arrival) {
		got, _ := io.ReadAll(c)
		c.Write(got)
	})
	c, err := n.Dial(t.Context(), private1, endpoint)
	require.NoError(t, err)
	io.WriteString(c, "question")
	require.NoError(t, c.(interface{ CloseWrite() error }).CloseWrite())
	said, err := io.ReadAll(c)
	require.NoError(t, err)
	assert.Equal(t, "question", string(said))
}

func TestACanceledDialerGetsNoConnection(t *testing.T) {
	n := opened(t, func(context.Context, net.Conn, Arrival) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := n.Dial(ctx, private1, endpoint)
	assert.ErrorIs(t, err, context.Canceled)
}

// TestReadsHaveDeadlines matters to net/http, which ends idle connections so.
func TestReadsHaveDeadlines(t *testing.T) {
	n := opened(t, func(ctx context.Context, _ net.Conn, _ Arrival) { <-ctx.Done() })
	c, err := n.Dial(t.Context(), private1, endpoint)
	require.NoError(t, err)
	require.NoError(t, c.SetReadDeadline(time.Now().Add(time.Millisecond)))
	_, err = c.Read(make([]byte, 1))
	var timeout net.Error
	require.True(t, errors.As(err, &timeout))
	assert.True(t, timeout.Timeout())
}

// webServer returns a network whose API Gateway is an HTTPS server, and a client in the private subnet.
func webServer(t testing.TB, http2 bool) *http.Client {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(w, r.Body)
		io.WriteString(w, r.Proto)
	}))
	server.EnableHTTP2 = http2
	conns := make(chan net.Conn)
	server.Listener = &listener{conns: conns, done: make(chan struct{})}
	server.StartTLS()
	t.Cleanup(server.Close)
	n := opened(t, func(ctx context.Context, c net.Conn, _ Arrival) {
		ended := &closing{Conn: c, done: make(chan struct{})}
		conns <- ended
		select {
		case <-ended.done:
		case <-ctx.Done():
		}
	})
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	transport := &http.Transport{
		ForceAttemptHTTP2: http2,
		TLSClientConfig:   &tls.Config{RootCAs: roots, ServerName: "example.com"},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return n.Dial(ctx, private1, endpoint)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// listener is a listener whose connections come from a channel.
type listener struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

func (l *listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(endpoint) }

// closing tells when a connection is closed.
type closing struct {
	net.Conn
	once sync.Once
	done chan struct{}
}

func (c *closing) Close() error {
	c.once.Do(func() { close(c.done) })
	return c.Conn.Close()
}

func TestTLSAndBothVersionsOfHTTPPass(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	for version, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		client := webServer(t, http2)
		response, err := client.Post("https://api.example.com/", "text/plain", strings.NewReader(big))
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, big+version, string(body))
	}
}

// BenchmarkDial measures a connection with a TLS handshake and a request.
func BenchmarkDial(b *testing.B) {
	client := webServer(b, false)
	client.Transport.(*http.Transport).DisableKeepAlives = true
	for b.Loop() {
		response, err := client.Get("https://api.example.com/")
		require.NoError(b, err)
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

// BenchmarkConnect measures a connection without TLS.
func BenchmarkConnect(b *testing.B) {
	n := opened(b, func(_ context.Context, c net.Conn, _ Arrival) { io.WriteString(c, "x") })
	for b.Loop() {
		c, err := n.Dial(b.Context(), private1, endpoint)
		require.NoError(b, err)
		io.ReadAll(c)
		c.Close()
	}
}

package balancer

import (
	"context"
	"crypto/tls"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pires/go-proxyproto/tlvparse"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/network"
)

func TestTLSListenerServesItsCertificateAndEncryptsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, scene{targets: oneTarget})
		b := &backend{config: speaks()}
		w.network.Listen("10.0.1.20:443", b)
		conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
		require.NoError(t, err)
		assert.Equal(t, []string{"api.example.com"}, conn.ConnectionState().PeerCertificates[0].DNSNames)
		answer, err := ask(conn, "hello")
		require.NoError(t, err)
		assert.Equal(t, "HELLO", answer)
		conn.Close()
		synctest.Wait()
		assert.Equal(t, "nlb front us-east-1a: TLS 1.3, TLS_AES_128_GCM_SHA256, certificate of api.example.com, "+
			"no ALPN: the client offers none\n"+
			"nlb front us-east-1a: connects with target 10.0.1.20:443: TLS 1.3, no ALPN, "+
			"the certificate is not verified",
			w.trail())
		assert.Equal(t, "", b.states[0].ServerName)
	})
}

// TestEveryConnectionLeavesNoGoroutine ends connections in each way in a bubble, which
// fails if a goroutine is left.
func TestEveryConnectionLeavesNoGoroutine(t *testing.T) {
	for why, end := range map[string]func(*world, *tls.Conn, context.CancelFunc){
		"the client closes":       func(_ *world, c *tls.Conn, _ context.CancelFunc) { c.Close() },
		"the client drops out":    func(_ *world, c *tls.Conn, _ context.CancelFunc) { c.NetConn().Close() },
		"the client says no more": func(_ *world, c *tls.Conn, _ context.CancelFunc) { c.CloseWrite() },
		"the client sends no TLS": func(_ *world, c *tls.Conn, _ context.CancelFunc) {
			c.NetConn().Write([]byte("no TLS"))
		},
		"the dialer's context ends": func(_ *world, _ *tls.Conn, cancel context.CancelFunc) { cancel() },
		"nobody says anything at all": func(*world, *tls.Conn, context.CancelFunc) {
			time.Sleep(idleTimeout + time.Second)
		},
	} {
		t.Run(why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, scene{targets: oneTarget})
				w.network.Listen("10.0.1.20:443", &backend{config: speaks()})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				conn, err := w.secure(w.connect(ctx, network.Arrival{}))
				require.NoError(t, err)
				_, err = ask(conn, "hello")
				require.NoError(t, err)
				end(w, conn, cancel)
				conn.NetConn().SetReadDeadline(time.Now().Add(time.Second))
				_, err = conn.Read(make([]byte, 1))
				assert.Error(t, err)
				assert.NotErrorIs(t, err, context.DeadlineExceeded)
			})
		})
	}
}

func TestClientThatSendsNoMoreStillGetsTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, scene{targets: oneTarget})
		w.network.Listen("10.0.1.20:443", network.HandlerFunc(lateAnswer))
		conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
		require.NoError(t, err)
		_, err = conn.Write([]byte("question"))
		require.NoError(t, err)
		require.NoError(t, conn.CloseWrite())
		answer := make([]byte, 100)
		n, err := conn.Read(answer)
		require.NoError(t, err)
		assert.Equal(t, "question, answered", string(answer[:n]))
		conn.Close()
	})
}

func TestHandshakeThatDoesNotBeginEndsAfterTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, scene{targets: oneTarget})
		conn, started := w.connect(t.Context(), network.Arrival{}), time.Now()
		_, err := conn.Read(make([]byte, 1))
		assert.Error(t, err)
		assert.Equal(t, handshakeTimeout, time.Since(started))
		conn.Close()
	})
}

func TestIdleConnectionEndsAfterItsTimeout(t *testing.T) {
	for _, row := range []struct {
		why, listener, group string
		after                time.Duration
	}{
		{"TLS listeners cannot change it", "", "", 350 * time.Second},
		{"TCP listeners can", "protocol: TCP, tcpIdleTimeoutSeconds: 60", "protocol: TCP", time.Minute},
		{"TCP listeners have the same by default", "protocol: TCP", "protocol: TCP", 350 * time.Second},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, scene{listener: row.listener, group: row.group, targets: oneTarget})
				w.network.Listen("10.0.1.20:443", &backend{config: speaks()})
				conn, err := w.secureEither(w.connect(t.Context(), network.Arrival{}))
				require.NoError(t, err)
				time.Sleep(row.after - time.Second)
				_, err = ask(conn, "still here")
				require.NoError(t, err, "before it")
				active := time.Now()
				_, err = conn.Read(make([]byte, 1))
				assert.Error(t, err)
				assert.Equal(t, row.after, time.Since(active), "bytes start the time again")
				synctest.Wait()
				assert.Contains(t, w.trail(), "closes the connection, which was idle for "+row.after.String())
				conn.Close()
			})
		})
	}
}

func TestListenersThatTakeNoTCPConnectionsAreClosedPorts(t *testing.T) {
	for _, row := range []struct {
		protocol, group string
		open            bool
	}{{"UDP", "UDP", false}, {"TCP_UDP", "TCP_UDP", true}, {"TCP", "TCP", true}} {
		t.Run(row.protocol, func(t *testing.T) {
			w := newWorld(t, scene{listener: "protocol: " + row.protocol, targets: oneTarget,
				group: "protocol: " + row.group})
			assert.Equal(t, row.open, len(w.balancers.Listeners()) == 1)
		})
	}
}

// alpnCases are the outcomes of each ALPN policy.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html#alpn-policies
var alpnCases = []struct {
	why, policy string
	offered     []string
	want        string
}{
	{"None negotiates nothing", "None", []string{"h2", "http/1.1"}, ""},
	{"HTTP1Only takes HTTP/1.1", "HTTP1Only", []string{"h2", "http/1.1"}, "http/1.1"},
	{"HTTP1Only connects without ALPN", "HTTP1Only", []string{"h2"}, ""},
	{"HTTP2Only takes HTTP/2", "HTTP2Only", []string{"http/1.1", "h2"}, "h2"},
	{"HTTP2Only connects without ALPN", "HTTP2Only", []string{"http/1.1"}, ""},
	{"HTTP2Optional prefers HTTP/1", "HTTP2Optional", []string{"h2", "http/1.0"}, "http/1.0"},
	{"HTTP2Optional takes HTTP/2", "HTTP2Optional", []string{"h2"}, "h2"},
	{"HTTP2Preferred prefers HTTP/2", "HTTP2Preferred", []string{"http/1.1", "h2"}, "h2"},
	{"HTTP2Preferred takes HTTP/1", "HTTP2Preferred", []string{"http/1.1"}, "http/1.1"},
	{"HTTP2Preferred does not know others", "HTTP2Preferred", []string{"spdy/3"}, ""},
	{"a client without ALPN gets none", "HTTP2Preferred", nil, ""},
}

func TestALPNFollowsThePolicyAndReachesTheTarget(t *testing.T) {
	for _, row := range alpnCases {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, scene{listener: "alpnPolicy: " + row.policy, targets: oneTarget})
				b := &backend{config: speaks("h2", "http/1.1", "http/1.0")}
				w.network.Listen("10.0.1.20:443", b)
				conn, err := w.secure(w.connect(t.Context(), network.Arrival{}), row.offered...)
				require.NoError(t, err)
				assert.Equal(t, row.want, conn.ConnectionState().NegotiatedProtocol)
				_, err = ask(conn, "hello")
				require.NoError(t, err)
				assert.Equal(t, row.want, b.states[0].NegotiatedProtocol, "the target gets what the client has")
				conn.Close()
			})
		})
	}
}

func TestTargetThatRefusesTheProtocolEndsTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, scene{listener: "alpnPolicy: HTTP2Preferred", targets: oneTarget})
		w.network.Listen("10.0.1.20:443", &backend{config: speaks("http/1.1")})
		conn, err := w.secure(w.connect(t.Context(), network.Arrival{}), "h2")
		require.NoError(t, err)
		_, err = ask(conn, "hello")
		assert.Error(t, err)
		assert.Contains(t, w.trail(), "no connection with target 10.0.1.20:443: TLS handshake: remote error: "+
			"tls: no application protocol")
		conn.Close()
	})
}

func TestSecurityPolicyDecidesVersionsAndSuites(t *testing.T) {
	for _, row := range []struct {
		why, policy string
		client      *tls.Config
		accepted    bool
	}{
		{"TLS 1.3 only", "TLS13-1-3-2021-06", &tls.Config{MaxVersion: tls.VersionTLS12}, false},
		{"TLS 1.2 of a policy with 1.3", "TLS13-1-2-2021-06", &tls.Config{MaxVersion: tls.VersionTLS12}, true},
		{"no TLS 1.1", "TLS13-1-2-2021-06",
			&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, false},
		{"no TLS 1.3 in the default policy", "2016-08", &tls.Config{MinVersion: tls.VersionTLS13}, false},
		{"TLS 1.0 in the default policy", "2016-08",
			&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, true},
		{"no SHA-1 in the restricted one", "TLS13-1-2-Res-2021-06", &tls.Config{MaxVersion: tls.VersionTLS12,
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}, false},
		{"SHA-1 in the widest", "TLS13-1-2-Ext2-FIPS-PQ-2025-09", &tls.Config{MaxVersion: tls.VersionTLS12,
			CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}, true},
		{"quantum-safe key exchange", "TLS13-1-2-PQ-2025-09",
			&tls.Config{CurvePreferences: []tls.CurveID{tls.X25519MLKEM768}}, true},
		{"no quantum-safe key exchange", "TLS13-1-2-2021-06",
			&tls.Config{CurvePreferences: []tls.CurveID{tls.X25519MLKEM768}}, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, scene{listener: "protocol: TLS, certificateArn: '" + certARN +
					"', sslPolicy: ELBSecurityPolicy-" + row.policy, targets: oneTarget})
				w.network.Listen("10.0.1.20:443", &backend{config: speaks()})
				row.client.RootCAs, row.client.ServerName = w.authority.Pool(), "api.example.com"
				conn := tls.Client(w.connect(t.Context(), network.Arrival{}), row.client)
				err := conn.Handshake()
				assert.Equal(t, row.accepted, err == nil, "%v", err)
				conn.Close()
			})
		})
	}
}

// TestEverySecurityPolicyIsKnown follows the account, which refuses others.
func TestEverySecurityPolicyIsKnown(t *testing.T) {
	for _, name := range accountPolicies(t) {
		_, err := policyNamed(name)
		assert.NoError(t, err)
	}
	_, err := policyNamed("ELBSecurityPolicy-Mine")
	assert.ErrorContains(t, err, `sslPolicy = "ELBSecurityPolicy-Mine": want a security policy of AWS`)
}

// zoneCases are targets and the one that a connection to the first node gets.
var zoneCases = []struct {
	why            string
	scene          scene
	listening      []string
	want, recorded string
}{
	{
		why:       "a node uses the targets of its zone",
		scene:     scene{targets: []string{"targetId: 10.0.2.20", "targetId: 10.0.1.20"}},
		listening: []string{"10.0.1.20:443", "10.0.2.20:443"}, want: "10.0.1.20:443",
	},
	{
		why:       "a zone without a target serves nobody",
		scene:     scene{targets: []string{"targetId: 10.0.2.20"}},
		listening: []string{"10.0.2.20:443"},
		recorded:  "target group tg has no target for zone us-east-1a, and cross-zone load balancing is off",
	},
	{
		why:       "a load balancer that crosses zones uses the targets of others",
		scene:     scene{balancer: "enableCrossZoneLoadBalancing: true", targets: []string{"targetId: 10.0.2.20"}},
		listening: []string{"10.0.2.20:443"}, want: "10.0.2.20:443",
	},
	{
		why: "a target group decides for itself",
		scene: scene{balancer: "enableCrossZoneLoadBalancing: true", targets: []string{"targetId: 10.0.2.20"},
			group: `loadBalancingCrossZoneEnabled: "false"`},
		listening: []string{"10.0.2.20:443"}, recorded: "cross-zone load balancing is off",
	},
	{
		why:       "a target group may cross zones alone",
		scene:     scene{targets: []string{"targetId: 10.0.2.20"}, group: `loadBalancingCrossZoneEnabled: "true"`},
		listening: []string{"10.0.2.20:443"}, want: "10.0.2.20:443",
	},
	{
		why:       "a target outside the VPC is in all zones",
		scene:     scene{targets: []string{"targetId: 172.16.0.5, availabilityZone: all"}},
		listening: []string{"172.16.0.5:443"}, want: "172.16.0.5:443",
	},
	{
		why: "a target in a zone that is not enabled gets nothing, even across zones",
		scene: scene{balancer: "enableCrossZoneLoadBalancing: true",
			targets: []string{"targetId: 10.0.3.20"}},
		listening: []string{"10.0.3.20:443"},
		recorded: "does not use target 10.0.3.20:443: Target.NotInUse: zone us-east-1c is not enabled for the load " +
			"balancer",
	},
	{
		why:       "an unhealthy target gets nothing while another is healthy",
		scene:     scene{targets: []string{"targetId: 10.0.1.20", "targetId: 10.0.1.21"}},
		listening: []string{"10.0.1.21:443"}, want: "10.0.1.21:443",
		recorded: "target 10.0.1.20:443 is unhealthy: Target.FailedHealthChecks: connection refused: nothing listens",
	},
	{
		why:       "a registration has a port of its own",
		scene:     scene{targets: []string{"targetId: 10.0.1.20, port: 8443"}},
		listening: []string{"10.0.1.20:8443"}, want: "10.0.1.20:8443",
	},
	{
		why:      "if all are unhealthy, all get connections, which fail",
		scene:    scene{targets: oneTarget},
		recorded: "all targets are unhealthy, so it fails open and uses them all",
	},
	{
		why: "a health check on a port that nobody serves makes a target unhealthy, and the load balancer fails open",
		scene: scene{targets: oneTarget,
			group: `healthCheck: {protocol: TCP, port: "8080"}`},
		listening: []string{"10.0.1.20:443"}, want: "10.0.1.20:443", recorded: "fails open",
	},
	{
		why: "an instance is a target in the zone of its subnet",
		scene: scene{group: "targetType: instance", targets: []string{"targetId: i-00000000000000001"},
			more: instanceYAML},
		listening: []string{"10.0.1.30:443"}, want: "10.0.1.30:443",
	},
}

const instanceYAML = `
- type: aws:ec2/instance:Instance
  id: i-00000000000000001
  inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro, subnetId: subnet-0000000000000000a, privateIp: 10.0.1.30}
`

func TestTargetIsAHealthyOneOfTheZone(t *testing.T) {
	for _, row := range zoneCases {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, row.scene)
				for _, addr := range row.listening {
					w.network.Listen(addr, &backend{config: speaks(), name: addr + " "})
				}
				conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
				require.NoError(t, err, "the load balancer ends TLS before it connects with a target")
				answer, err := ask(conn, "hello")
				if row.want == "" {
					assert.Error(t, err)
				} else {
					assert.Equal(t, row.want+" HELLO", answer)
				}
				conn.Close()
				synctest.Wait()
				assert.Contains(t, w.trail(), row.recorded)
			})
		})
	}
}

func TestHealthCheckHoldsForAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, scene{targets: oneTarget})
		w.network.Listen("10.0.1.20:443", &backend{config: speaks()})
		dials := func() int {
			before := len(w.network.Dials())
			conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
			require.NoError(t, err)
			_, err = ask(conn, "hello")
			require.NoError(t, err)
			conn.Close()
			return len(w.network.Dials()) - before
		}
		assert.Equal(t, 2, dials(), "a check and the connection")
		assert.Equal(t, 1, dials(), "the connection")
		time.Sleep(healthMoment)
		assert.Equal(t, 2, dials(), "a new check")
	})
}

func TestNameLeadsToTheNodesThatHaveAHealthyTarget(t *testing.T) {
	for _, row := range []struct {
		why       string
		scene     scene
		listening []string
		want      []string
	}{
		{"one in each zone", scene{targets: []string{"targetId: 10.0.1.20", "targetId: 10.0.2.20"}},
			[]string{"10.0.1.20:443", "10.0.2.20:443"}, []string{"10.0.1.10", "10.0.2.10"}},
		{"one in one zone", scene{targets: oneTarget}, []string{"10.0.1.20:443"}, []string{"10.0.1.10"}},
		{"one is unhealthy", scene{targets: []string{"targetId: 10.0.1.20", "targetId: 10.0.2.20"}},
			[]string{"10.0.2.20:443"}, []string{"10.0.2.10"}},
		{"one for all zones", scene{targets: oneTarget, balancer: "enableCrossZoneLoadBalancing: true"},
			[]string{"10.0.1.20:443"}, []string{"10.0.1.10", "10.0.2.10"}},
		{"none at all", scene{targets: oneTarget}, nil, []string{"10.0.1.10", "10.0.2.10"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, row.scene)
				for _, addr := range row.listening {
					w.network.Listen(addr, &backend{})
				}
				var got []string
				for _, addr := range w.balancers.InDNS(t.Context(), balancerARN) {
					got = append(got, addr.String())
				}
				assert.Equal(t, row.want, got)
			})
		})
	}
}

// TestHTTPHealthCheckAsksByAddress gets the answer of a target that knows its own name
// only, as API Gateway does.
func TestHTTPHealthCheckAsksByAddress(t *testing.T) {
	for _, row := range []struct {
		why, check, recorded string
		config               *tls.Config
	}{
		{"a status that the matcher lacks", `{protocol: HTTPS, path: /up, matcher: "200-399"}`,
			"Target.ResponseCodeMismatch: health checks failed with these codes: [403]", speaks()},
		{"a status that the matcher has", `{protocol: HTTPS, path: /up, matcher: "200,403"}`, "", speaks()},
		{"a target that speaks TLS 1.3 only", `{protocol: HTTPS, path: /up, matcher: "403"}`,
			"Target.FailedHealthChecks: remote error: tls: protocol version not supported",
			func() *tls.Config { c := speaks(); c.MinVersion = tls.VersionTLS13; return c }()},
		{"plain HTTP to a target that speaks TLS", `{protocol: HTTP, path: /up}`, "Target.FailedHealthChecks",
			speaks()},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, scene{targets: oneTarget, group: "healthCheck: " + row.check})
				site := &site{config: row.config}
				w.network.Listen("10.0.1.20:443", site)
				conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
				require.NoError(t, err)
				conn.Close()
				synctest.Wait()
				if row.recorded == "" {
					assert.NotContains(t, w.trail(), "unhealthy")
					assert.Equal(t, []string{"GET /up 10.0.1.20:443 ELB-HealthChecker/2.0"}, site.seen)
				} else {
					assert.Contains(t, w.trail(), "is unhealthy: "+row.recorded)
				}
			})
		})
	}
}

// preservationCases are the sources that a target sees.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
var preservationCases = []struct {
	why     string
	scene   scene
	arrival network.Arrival
	want    string
}{
	{why: "off by default for addresses by TLS", scene: scene{targets: oneTarget}, want: "10.0.1.10"},
	{why: "on if the group says so", scene: scene{targets: oneTarget, group: `preserveClientIp: "true"`},
		want: "192.0.2.1"},
	{why: "on by default for instances", scene: scene{group: "targetType: instance",
		targets: []string{"targetId: i-00000000000000001"}, more: instanceYAML}, want: "192.0.2.1"},
	{why: "off if the group says so", scene: scene{group: `targetType: instance, preserveClientIp: "false"`,
		targets: []string{"targetId: i-00000000000000001"}, more: instanceYAML}, want: "10.0.1.10"},
	{why: "never through PrivateLink", scene: scene{targets: oneTarget, group: `preserveClientIp: "true"`},
		arrival: network.Arrival{PrivateLink: true, Endpoint: "vpce-00000000000000001"}, want: "10.0.1.10"},
	{why: "never from IPv6 to IPv4", scene: scene{targets: oneTarget, group: `preserveClientIp: "true"`},
		arrival: network.Arrival{From: netip.MustParseAddrPort("[2001:db8::1]:50000")}, want: "10.0.1.10"},
}

func TestTargetSeesTheClientsAddressIfItIsPreserved(t *testing.T) {
	for _, row := range preservationCases {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, row.scene)
				b := &backend{config: speaks()}
				w.network.Listen("10.0.1.20:443", b)
				w.network.Listen("10.0.1.30:443", b)
				conn, err := w.secure(w.connect(t.Context(), row.arrival))
				require.NoError(t, err)
				_, err = ask(conn, "hello")
				require.NoError(t, err)
				conn.Close()
				dials := w.network.Dials()
				last := dials[len(dials)-1]
				assert.Equal(t, row.want, last.From.Addrs[0].String())
				assert.Equal(t, balancerARN, last.From.Owner)
				assert.Equal(t, "subnet-0000000000000000a", last.From.Subnet)
				assert.Equal(t, "10.0.1.10", dials[0].From.Addrs[0].String(), "health checks come from the node")
			})
		})
	}
}

// TestPreservedAddressLosesTheConnectionWithAnEndpoint makes the endpoint of execute-api
// the target.
func TestPreservedAddressLosesTheConnectionWithAnEndpoint(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, scene{listener: "protocol: TCP", group: `protocol: TCP, preserveClientIp: "true"`,
			targets: []string{"targetId: 10.0.1.40"}, more: `
- type: aws:ec2/vpcEndpoint:VpcEndpoint
  id: vpce-00000000000000001
  inputs:
    vpcId: vpc-00000000000000001
    serviceName: com.amazonaws.us-east-1.execute-api
    vpcEndpointType: Interface
    subnetIds: [subnet-0000000000000000a]
    subnetConfigurations: [{subnetId: subnet-0000000000000000a, ipv4: 10.0.1.40}]
`})
		w.network.Listen("10.0.1.40:443", &backend{config: speaks()})
		conn := w.connect(t.Context(), network.Arrival{})
		_, err := ask(conn, "hello")
		var stopped *network.Stopped
		require.True(t, errors.As(err, &stopped), "%v", err)
		assert.Equal(t, network.TimedOut, stopped.End)
		assert.Contains(t, stopped.Reason, "10.0.1.40 belongs to vpce-00000000000000001")
		conn.Close()
	})
}

func TestTCPListenerHandsOnHowTheTargetRefuses(t *testing.T) {
	for _, end := range []network.End{network.Refused, network.TimedOut} {
		t.Run(string(end), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, scene{listener: "protocol: TCP", group: "protocol: TCP", targets: oneTarget})
				if end == network.TimedOut {
					w.network.Drop("10.0.1.20:443")
				}
				conn := w.connect(t.Context(), network.Arrival{})
				_, err := ask(conn, "hello")
				var stopped *network.Stopped
				require.True(t, errors.As(err, &stopped), "%v", err)
				assert.Equal(t, end, stopped.End)
				conn.Close()
			})
		})
	}
}

// TestTCPListenerPassesBytesThrough lets the client do TLS with the target itself.
func TestTCPListenerPassesBytesThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, scene{listener: "protocol: TCP", group: "protocol: TCP", targets: oneTarget})
		w.network.Listen("10.0.1.20:443", &backend{config: speaks()})
		_, err := w.secure(w.connect(t.Context(), network.Arrival{}))
		assert.ErrorContains(t, err, "certificate is valid for another.name", "the target's certificate")
	})
}

func TestProxyHeaderNamesTheClientAndTheEndpoint(t *testing.T) {
	for _, row := range []struct {
		why      string
		arrival  network.Arrival
		from, to string
		endpoint string
	}{
		{why: "a client of the load balancer", from: "192.0.2.1:50000", to: "10.0.1.10:443"},
		{why: "a client of IPv6", from: "[2001:db8::1]:50000", to: "[2001:db8:1::10]:443",
			arrival: network.Arrival{From: netip.MustParseAddrPort("[2001:db8::1]:50000"),
				To: netip.MustParseAddrPort("[2001:db8:1::10]:443")}},
		{why: "a consumer of the endpoint service", from: "10.9.0.5:50000", to: "10.0.1.10:443",
			endpoint: "vpce-00000000000000001", arrival: network.Arrival{PrivateLink: true,
				From: netip.MustParseAddrPort("10.9.0.5:50000"), Endpoint: "vpce-00000000000000001"}},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, scene{group: "proxyProtocolV2: true", targets: oneTarget})
				b := &backend{config: speaks(), proxy: true}
				w.network.Listen("10.0.1.20:443", b)
				conn, err := w.secure(w.connect(t.Context(), row.arrival))
				require.NoError(t, err)
				_, err = ask(conn, "hello")
				require.NoError(t, err)
				conn.Close()
				synctest.Wait()
				require.Len(t, b.headers, 2)
				check, header := b.headers[0], b.headers[1]
				if header.Command.IsLocal() { // Each connection has its own goroutine.
					check, header = header, check
				}
				assert.True(t, check.Command.IsLocal(), "a health check has no client")
				assert.Equal(t, row.from, header.SourceAddr.String())
				assert.Equal(t, row.to, header.DestinationAddr.String())
				tlvs, err := header.TLVs()
				require.NoError(t, err)
				assert.Equal(t, row.endpoint, tlvparse.FindAWSVPCEndpointID(tlvs))
				assertChecksum(t, header)
			})
		})
	}
}

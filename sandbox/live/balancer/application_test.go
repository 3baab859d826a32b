package balancer

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/httpconn"
	"private-api-blueprints/sandbox/live/network"
)

const (
	applicationARN = elbARN + "loadbalancer/app/web/00000000000000dd"
	webListenerARN = elbARN + "listener/app/web/00000000000000dd/00000000000000ee"
)

// webScene is an Application Load Balancer with one target group. Rules are inputs of
// rules.
type webScene struct {
	balancer, listener, group string
	defaultAction             string
	rules                     []string
	targets                   []string
}

func (s webScene) yaml() string {
	action, listener, group := s.defaultAction, s.listener, s.group
	if action == "" {
		action = "type: forward, targetGroupArn: '" + groupARN + "'"
	}
	if listener == "" {
		listener = "port: 443, protocol: HTTPS, certificateArn: '" + certARN + "'"
	}
	if group == "" {
		group = "protocol: HTTP, port: 80"
	}
	text := networkYAML + fmt.Sprintf(`
- type: aws:lb/loadBalancer:LoadBalancer
  id: %s
  inputs: {name: web, loadBalancerType: application, internal: true,
    subnets: [subnet-0000000000000000a, subnet-0000000000000000b], %s}
- type: aws:lb/targetGroup:TargetGroup
  id: "%s"
  inputs: {name: tg, vpcId: vpc-00000000000000001, targetType: ip, %s}
- type: aws:lb/listener:Listener
  id: %s
  inputs: {loadBalancerArn: "%s", defaultActions: [{%s}], %s}
`, applicationARN, s.balancer, groupARN, group, webListenerARN, applicationARN, action, listener)
	for i, target := range s.targets {
		text += fmt.Sprintf(`
- type: aws:lb/targetGroupAttachment:TargetGroupAttachment
  id: attachment-%d
  inputs: {targetGroupArn: "%s", %s}
`, i, groupARN, target)
	}
	for i, rule := range s.rules {
		text += fmt.Sprintf(`
- {type: "aws:lb/listenerRule:ListenerRule", id: rule-%d, inputs: {listenerArn: "%s", %s}}
`, i, webListenerARN, rule)
	}
	return text
}

// webServer is a target that says what it got.
type webServer struct {
	config *tls.Config
	h2c    bool
	handle http.HandlerFunc
}

// Serve serves one connection.
func (s webServer) Serve(ctx context.Context, conn net.Conn, _ network.Arrival) {
	defer conn.Close()
	server := &http.Server{Handler: s.handle}
	if s.h2c {
		server.Protocols = new(http.Protocols)
		server.Protocols.SetUnencryptedHTTP2(true)
	}
	if s.config != nil {
		secure := tls.Server(conn, s.config)
		if secure.HandshakeContext(ctx) != nil {
			return
		}
		conn = secure
	}
	httpconn.Serve(ctx, conn, server)
}

// echo answers with the request line and the header fields that a load balancer adds.
func echo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s %s %s|%s|%s|%s|%t", r.Method, r.RequestURI, r.Proto, r.Host,
		strings.Join(r.Header["X-Forwarded-For"], ";"), r.Header.Get("X-Forwarded-Proto"),
		r.Header.Get("X-Forwarded-Port"), strings.HasPrefix(r.Header.Get("X-Amzn-Trace-Id"), "Root=1-"))
}

// client returns an HTTP client of the load balancer.
func (w *world) client(h2 bool) *http.Client { return w.clientOf(h2, network.Arrival{}) }

// clientOf returns an HTTP client whose connections arrive in a way.
func (w *world) clientOf(h2 bool, a network.Arrival) *http.Client {
	transport := &http.Transport{ForceAttemptHTTP2: h2, DisableKeepAlives: true,
		TLSClientConfig: &tls.Config{RootCAs: w.authority.Pool(), ServerName: "api.example.com"},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return w.connect(context.WithoutCancel(ctx), a), nil
		}}
	return &http.Client{Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// get sends a request and returns the answer with its body.
func (w *world) get(client *http.Client, request *http.Request) (*http.Response, string) {
	w.t.Helper()
	response, err := client.Do(request)
	require.NoError(w.t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	response.Body.Close()
	return response, string(body)
}

func newRequest(t *testing.T, url string, fields ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func TestApplicationLoadBalancerForwardsRequests(t *testing.T) {
	for _, row := range []struct {
		why      string
		scene    webScene
		h2       bool
		server   webServer
		fields   []string
		protocol int // The client's major version.
		want     string
	}{
		{why: "HTTP/2 in front, HTTP/1.1 behind", h2: true, protocol: 2,
			want: "GET /a?b=%zz HTTP/1.1 api.example.com|192.0.2.1|https|443|true"},
		{why: "HTTP/1.1 if HTTP/2 is off", h2: true, protocol: 1, scene: webScene{balancer: "enableHttp2: false"},
			want: "GET /a?b=%zz HTTP/1.1 api.example.com|192.0.2.1|https|443|true"},
		{why: "an address that another proxy has seen", protocol: 1, fields: []string{"X-Forwarded-For: 203.0.113.7"},
			want: "GET /a?b=%zz HTTP/1.1 api.example.com|203.0.113.7, 192.0.2.1|https|443|true"},
		{why: "header fields that stay", protocol: 1, fields: []string{"X-Forwarded-For: 203.0.113.7"},
			scene: webScene{balancer: "xffHeaderProcessingMode: preserve"},
			want:  "GET /a?b=%zz HTTP/1.1 api.example.com|203.0.113.7|https|443|true"},
		{why: "header fields that are removed", protocol: 1, fields: []string{"X-Forwarded-For: 203.0.113.7"},
			scene: webScene{balancer: "xffHeaderProcessingMode: remove"},
			want:  "GET /a?b=%zz HTTP/1.1 api.example.com||https|443|true"},
		{why: "HTTPS to a target with a certificate that nobody trusts", protocol: 1,
			scene:  webScene{group: "protocol: HTTPS, port: 80, healthCheck: {protocol: HTTPS}"},
			server: webServer{config: speaks("http/1.1")},
			want:   "GET /a?b=%zz HTTP/1.1 api.example.com|192.0.2.1|https|443|true"},
		{why: "HTTP/2 to a target in plain text", h2: true, protocol: 2, server: webServer{h2c: true},
			scene: webScene{group: "protocol: HTTP, port: 80, protocolVersion: HTTP2"},
			want:  "GET /a?b=%zz HTTP/2.0 api.example.com|192.0.2.1|https|443|true"},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				row.scene.targets = oneTarget
				w := newWorldOf(t, row.scene.yaml())
				row.server.handle = echo
				w.network.Listen("10.0.1.20:80", row.server)
				request := newRequest(t, "https://api.example.com/a?b=%zz", row.fields...)
				response, body := w.get(w.client(row.h2), request)
				assert.Equal(t, row.want, body, w.trail())
				assert.Equal(t, row.protocol, response.ProtoMajor, w.trail())
			})
		})
	}
}

// ruleCases are rules with a request and what answers it.
var ruleCases = []struct {
	why, rule, url string
	fields         []string
	matches        bool
}{
	{"a host", `conditions: [{hostHeader: {values: ["*.example.com"]}}]`, "https://API.example.com/", nil, true},
	{"another host", `conditions: [{hostHeader: {values: [www.example.com]}}]`, "https://api.example.com/", nil, false},
	{"a path", `conditions: [{pathPattern: {values: ["/orders/*"]}}]`, "https://api.example.com/orders/1", nil, true},
	{"a path in other letters", `conditions: [{pathPattern: {values: ["/orders/*"]}}]`,
		"https://api.example.com/Orders/1", nil, false},
	{"one character", `conditions: [{pathPattern: {values: ["/v?"]}}]`, "https://api.example.com/v1", nil, true},
	{"not two characters", `conditions: [{pathPattern: {values: ["/v?"]}}]`, "https://api.example.com/v12", nil, false},
	{"a pattern is no regular expression", `conditions: [{pathPattern: {values: ["/a.c"]}}]`,
		"https://api.example.com/abc", nil, false},
	{"a header field", `conditions: [{httpHeader: {httpHeaderName: X-Team, values: ["a*"]}}]`,
		"https://api.example.com/", []string{"X-Team: Alpha"}, true},
	{"no header field", `conditions: [{httpHeader: {httpHeaderName: X-Team, values: ["a*"]}}]`,
		"https://api.example.com/", nil, false},
	{"all conditions", `conditions: [{pathPattern: {values: ["/a", "/b"]}}, {httpRequestMethod: {values: [POST]}}]`,
		"https://api.example.com/a", nil, false},
	{"a query", `conditions: [{queryStrings: [{key: v, value: "1*"}]}]`, "https://api.example.com/?v=12", nil, true},
	{"another query", `conditions: [{queryStrings: [{key: v, value: "1*"}]}]`,
		"https://api.example.com/?w=12", nil, false},
	{"the client's address", `conditions: [{sourceIp: {values: [192.0.2.0/24]}}]`,
		"https://api.example.com/", nil, true},
	{"another address", `conditions: [{sourceIp: {values: [192.0.3.0/24]}}]`, "https://api.example.com/", nil, false},
}

func TestAGroupTakesTheVersionOfHTTPThatItSays(t *testing.T) {
	for _, row := range []struct {
		why, version, method string
		h2                   bool
		want                 int
	}{
		{"HTTP/1.1 to a group of HTTP/2", "HTTP2", http.MethodPost, false, 464},
		{"HTTP/1.1 to a group of gRPC", "GRPC", http.MethodPost, false, 464},
		{"no POST to a group of gRPC", "GRPC", http.MethodGet, true, 464},
		{"POST by HTTP/2 to a group of gRPC", "GRPC", http.MethodPost, true, 200},
		{"no POST to a group of HTTP/2", "HTTP2", http.MethodGet, true, 200},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				group := "protocol: HTTP, port: 80, protocolVersion: " + row.version
				scene := webScene{group: group, targets: oneTarget}
				w := newWorldOf(t, scene.yaml())
				w.network.Listen("10.0.1.20:80", webServer{h2c: true, handle: echo})
				request := newRequest(t, "https://api.example.com/")
				request.Method = row.method
				response, _ := w.get(w.client(row.h2), request)
				assert.Equal(t, row.want, response.StatusCode, w.trail())
			})
		})
	}
}

func TestRuleMatchesRequestsThatMeetAllConditions(t *testing.T) {
	for _, row := range ruleCases {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorldOf(t, webScene{
					defaultAction: "type: fixed-response, " +
						"fixedResponse: {contentType: text/plain, messageBody: no, statusCode: '404'}",
					rules: []string{row.rule + ", priority: 10, actions: [{type: fixed-response, " +
						"fixedResponse: {contentType: application/json, messageBody: '{}', statusCode: '201'}}]"},
				}.yaml())
				response, body := w.get(w.client(false), newRequest(t, row.url, row.fields...))
				assert.Equal(t, row.matches, response.StatusCode == 201, "%d", response.StatusCode)
				assert.Equal(t, map[bool]string{true: "{}", false: "no"}[row.matches], body)
				assert.Equal(t, map[bool]string{true: "application/json", false: "text/plain"}[row.matches],
					response.Header.Get("Content-Type"))
				assert.Equal(t, "awselb/2.0", response.Header.Get("Server"))
			})
		})
	}
}

func TestRulesAreTriedByPriority(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rules []string
		for _, priority := range []int{20, 10, 30} {
			rules = append(rules, fmt.Sprintf("conditions: [{pathPattern: {values: ['*']}}], priority: %d, actions: "+
				"[{type: fixed-response, fixedResponse: {contentType: text/plain, messageBody: '%[1]d'}}]", priority))
		}
		w := newWorldOf(t, webScene{rules: rules}.yaml())
		_, body := w.get(w.client(false), newRequest(t, "https://api.example.com/"))
		assert.Equal(t, "10", body)
		assert.Contains(t, w.trail(), "alb web us-east-1a: rule 10 matches GET api.example.com/")
	})
}

func TestRedirectKeepsThePartsThatItDoesNotName(t *testing.T) {
	for _, row := range []struct {
		why, action, want string
		status            int
	}{
		{"to HTTPS", "protocol: HTTPS, port: '443', statusCode: HTTP_301",
			"https://api.example.com:443/a%20b?c=d", 301},
		{"to another host", "host: 'new.#{host}', statusCode: HTTP_302",
			"http://new.api.example.com:80/a%20b?c=d", 302},
		{"to another path", "path: '/old/#{path}', query: 'x=1', statusCode: HTTP_302",
			"http://api.example.com:80/old/a%20b?x=1", 302},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorldOf(t, webScene{listener: "port: 80, protocol: HTTP",
					defaultAction: "type: redirect, redirect: {" + row.action + "}"}.yaml())
				client := w.clientOf(false, network.Arrival{To: netip.MustParseAddrPort("10.0.1.10:80")})
				response, _ := w.get(client, newRequest(t, "http://api.example.com/a%20b?c=d"))
				assert.Equal(t, row.status, response.StatusCode)
				assert.Equal(t, row.want, response.Header.Get("Location"))
			})
		})
	}
}

// TestLoadBalancerAnswersForItsTargets has the lengths of the pages that AWS sends.
func TestLoadBalancerAnswersForItsTargets(t *testing.T) {
	for _, row := range []struct {
		why     string
		targets []string
		server  network.Handler
		dropped bool
		status  int
		title   string
		length  int64
	}{
		{why: "no target", status: 503, title: "503 Service Temporarily Unavailable", length: 162},
		{why: "nothing listens", targets: oneTarget, status: 502, title: "502 Bad Gateway", length: 122},
		{why: "packets are dropped", targets: oneTarget, dropped: true, status: 504,
			title: "504 Gateway Time-out", length: 132},
		{why: "the target breaks the connection", targets: oneTarget, status: 502, title: "502 Bad Gateway",
			length: 122,
			server: network.HandlerFunc(func(_ context.Context, conn net.Conn, _ network.Arrival) { conn.Close() })},
		{why: "the target speaks no HTTP", targets: oneTarget, status: 502, title: "502 Bad Gateway", length: 122,
			server: network.HandlerFunc(func(_ context.Context, conn net.Conn, _ network.Arrival) {
				io.WriteString(conn, "SSH-2.0-OpenSSH\r\n")
				bufio.NewReader(conn).ReadString('\n')
				conn.Close()
			})},
		{why: "the target does not answer in time", targets: oneTarget, status: 504, title: "504 Gateway Time-out",
			length: 132, server: webServer{handle: func(w http.ResponseWriter, r *http.Request) {
				if r.UserAgent() != "ELB-HealthChecker/2.0" {
					<-r.Context().Done()
				}
			}}},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, started := newWorldOf(t, webScene{targets: row.targets}.yaml()), time.Now()
				if row.server != nil {
					w.network.Listen("10.0.1.20:80", row.server)
				}
				if row.dropped {
					w.network.Drop("10.0.1.20:80")
				}
				response, body := w.get(w.client(false), newRequest(t, "https://api.example.com/"))
				assert.Equal(t, row.status, response.StatusCode)
				assert.Contains(t, body, "<center><h1>"+row.title+"</h1></center>\r\n")
				assert.Equal(t, row.length, response.ContentLength)
				assert.Equal(t, "awselb/2.0", response.Header.Get("Server"))
				assert.LessOrEqual(t, time.Since(started), time.Minute, "idleTimeout is 60 seconds by default")
			})
		})
	}
}

func TestRequestThatCannotBeReadGetsAPageOfAWS(t *testing.T) {
	for _, row := range []struct{ why, request, status string }{
		{"garbage", "GARBAGE\r\n\r\n", "400 Bad Request"},
		{"no Host", "GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
		{"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 Bad Request"},
		{"an unknown encoding", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n", "501 Not Implemented"},
		{"an unknown version", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported"},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorldOf(t, webScene{}.yaml())
				conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
				require.NoError(t, err)
				io.WriteString(conn, row.request)
				response, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				body, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				assert.Equal(t, row.status, response.Status)
				assert.Equal(t, "awselb/2.0", response.Header.Get("Server"))
				assert.Equal(t, page(row.status), string(body))
				conn.Close()
			})
		})
	}
}

// TestConnectionThatTheTargetTakesOverEnds upgrades a connection and leaves no goroutine.
func TestConnectionThatTheTargetTakesOverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorldOf(t, webScene{targets: oneTarget}.yaml())
		w.network.Listen("10.0.1.20:80", webServer{handle: func(rw http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Upgrade") == "" {
				return
			}
			conn, both, err := http.NewResponseController(rw).Hijack()
			if err != nil {
				return
			}
			defer conn.Close()
			io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
			line, _ := both.ReadString('\n')
			io.WriteString(conn, line)
		}})
		conn, err := w.secure(w.connect(t.Context(), network.Arrival{}))
		require.NoError(t, err)
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
		reader := bufio.NewReader(conn)
		response, err := http.ReadResponse(reader, nil)
		require.NoError(t, err)
		require.Equal(t, http.StatusSwitchingProtocols, response.StatusCode)
		fmt.Fprintln(conn, "hello")
		line, err := reader.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "hello\n", line)
		conn.Close()
	})
}

// TestAdditionalCertificatesAreChosenByServerName gives a Network Load Balancer two more
// certificates.
func TestAdditionalCertificatesAreChosenByServerName(t *testing.T) {
	const more = "arn:aws:acm:us-east-1:123456789012:certificate/22222222-2222-2222-2222-22222222222"
	text := scene{targets: oneTarget}.yaml()
	for i, certificate := range []string{
		"domainName: '*.example.org'", "domainName: shop.example.org, keyAlgorithm: EC_prime256v1",
	} {
		text += fmt.Sprintf(`
- type: aws:acm/certificate:Certificate
  id: "%[1]s%[2]d"
  inputs: {%[3]s, validationMethod: DNS}
  private: {issued: true}
- type: aws:lb/listenerCertificate:ListenerCertificate
  id: extra-%[2]d
  inputs: {listenerArn: "%[4]s", certificateArn: "%[1]s%[2]d"}
`, more, i, certificate, listenerARN)
	}
	for _, row := range []struct{ why, asked, want string }{
		{"the only one with the name", "www.example.org", "*.example.org"},
		{"of two the one with an elliptic curve", "shop.example.org", "shop.example.org"},
		{"the default one for its own name", "api.example.com", "api.example.com"},
		{"the default one for a name that none has", "other.example.net", "api.example.com"},
		{"the default one without a name", "", "api.example.com"},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorldOf(t, text)
				conn := tls.Client(w.connect(t.Context(), network.Arrival{}),
					&tls.Config{ServerName: row.asked, InsecureSkipVerify: true})
				require.NoError(t, conn.Handshake())
				assert.Equal(t, row.want, conn.ConnectionState().PeerCertificates[0].Subject.CommonName)
				conn.Close()
			})
		})
	}
}

// TestNetworkLoadBalancerReachesTheNodesOfAnApplicationLoadBalancer uses a target group
// of type alb.
func TestNetworkLoadBalancerReachesTheNodesOfAnApplicationLoadBalancer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		front := scene{listener: "protocol: TCP, tcpIdleTimeoutSeconds: 350", group: "protocol: TCP, targetType: alb",
			targets: []string{"targetId: '" + applicationARN + "'"}}.yaml()
		web := strings.TrimPrefix(strings.ReplaceAll(webScene{
			defaultAction: "type: fixed-response, fixedResponse: {contentType: text/plain, messageBody: web}"}.yaml(),
			groupARN, strings.Replace(groupARN, "/tg/", "/web/", 1)), networkYAML)
		web = strings.ReplaceAll(web, "name: tg,", "name: web,")
		w := newWorldOf(t, networkYAML+web+strings.TrimPrefix(front, networkYAML))
		var nlb network.Handler
		for _, l := range w.balancers.Listeners() {
			if l.LoadBalancer == balancerARN {
				nlb = l
				continue
			}
			for _, n := range w.balancers.nodes(l.LoadBalancer) {
				w.network.Listen(netip.AddrPortFrom(n.addrs[0], l.Port).String(), l)
			}
		}
		require.NotNil(t, nlb)
		w.first = nlb
		_, body := w.get(w.client(false), newRequest(t, "https://api.example.com/"))
		assert.Equal(t, "web", body)
		dials := w.network.Dials()
		assert.Equal(t, "192.0.2.1", dials[len(dials)-1].From.Addrs[0].String(), "the address is preserved by default")
	})
}

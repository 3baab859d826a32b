package gateway

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/httpconn"
	"private-api-blueprints/sandbox/live/memconn"
	"private-api-blueprints/sandbox/live/network"
)

// link is a VPC link to a load balancer, and paths that lead there.
const link = `
- type: aws:lb/loadBalancer:LoadBalancer
  id: arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/backend/0d0d0d0d0d0d0d0d
  inputs:
    name: backend
    loadBalancerType: network
    internal: true
    subnetMappings: [{subnetId: subnet-0a10000000000000a, privateIpv4Address: 172.20.10.80}]
- type: aws:apigateway/vpcLink:VpcLink
  id: link01
  inputs:
    name: link
    targetArn: arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/backend/0d0d0d0d0d0d0d0d
`

// proxyPaths returns a greedy proxy to a server, with a setting or none.
func proxyPaths(uri, setting string) string {
	return `{"/{proxy+}":{"x-amazon-apigateway-any-method":{"x-amazon-apigateway-integration":{"type":"http_proxy",` +
		`"httpMethod":"ANY","uri":"` + uri + `",` + setting + `"requestParameters":{"integration.request.path.proxy":` +
		`"method.request.path.proxy"}}}}}`
}

const overLink = `"connectionType":"VPC_LINK","connectionId":"link01",`

// backend is an HTTPS server in memory.
type backend struct {
	names   []string // Of its certificate.
	handler http.HandlerFunc
	dialed  []netip.AddrPort
	from    []network.Place
	stop    error // What the network says, if it stops every connection.
	expired bool
}

// dial opens a connection with the server.
func (b *backend) dial(from network.Place, to netip.AddrPort) (net.Conn, error) {
	b.dialed, b.from = append(b.dialed, to), append(b.from, from)
	if b.stop != nil {
		return nil, b.stop
	}
	client, server := memconn.Pipe()
	certificate, err := issuer.Certificate(b.names...)
	if err != nil {
		return nil, err
	}
	secure := tls.Server(server, &tls.Config{Certificates: []tls.Certificate{*certificate}})
	go httpconn.Serve(context.Background(), secure, &http.Server{Handler: b.handler})
	return client, nil
}

// newBackendWorld returns a world with an API that proxies to a server.
func newBackendWorld(t *testing.T, b *backend, paths string, more ...string) *world {
	return newWorld(t, role+link+api("proxied001", "REGIONAL", paths, "", more...), func(o *Options) {
		o.Dialer = dialer(b.dial)
		o.Lookup = func(_ context.Context, name string) ([]netip.Addr, error) {
			if name == "backend.example.com" {
				return []netip.Addr{netip.MustParseAddr("198.51.100.80")}, nil
			}
			return nil, errors.New("NXDOMAIN")
		}
		if b.expired {
			o.Now = func() time.Time { return time.Now().Add(40 * 24 * time.Hour) }
		}
	})
}

// echo answers with what it got.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Host", r.Host)
	w.Header().Set("X-Query", r.URL.RawQuery)
	w.Header().Set("X-Forwarded", r.Header.Get("X-Forwarded-For"))
	w.Header().Set("X-Api", r.Header.Get("X-Amzn-Apigateway-Api-Id"))
	w.Header().Set("Server", "nginx")
	w.WriteHeader(201)
	_, _ = io.WriteString(w, r.Method+" "+r.URL.EscapedPath()+" "+string(body))
}

func TestAVPCLinkLeadsToItsLoadBalancer(t *testing.T) {
	b := &backend{names: []string{"backend.example.com"}, handler: echo}
	w := newBackendWorld(t, b, proxyPaths("https://backend.example.com/v2/{proxy}", overLink))
	got := w.do(internet, request(t, "PUT", base("proxied001")+"/v1/a/b?x=1&x=2", "body", "X-Forwarded-For",
		"192.0.2.1"))
	assert.Equal(t, 201, got.status)
	assert.Equal(t, "PUT /v2/a/b body", got.body)
	assert.Equal(t, "backend.example.com", got.header.Get("X-Host"), "the host of the URI is the Host header")
	assert.Equal(t, "x=1&x=2", got.header.Get("X-Query"))
	assert.Equal(t, "192.0.2.1, 203.0.113.7", got.header.Get("X-Forwarded"))
	assert.Equal(t, "proxied001", got.header.Get("X-Api"))
	assert.Equal(t, "nginx", got.header.Get("x-amzn-Remapped-server"))
	assert.Empty(t, got.header.Get("Server"))
	assert.Equal(t, []netip.AddrPort{netip.MustParseAddrPort("172.20.10.80:443")}, b.dialed)
	assert.Equal(t, network.Place{Outside: network.Service, Owner: "link01"}, b.from[0])
}

func TestAnIntegrationOverTheInternetIsResolved(t *testing.T) {
	b := &backend{names: []string{"backend.example.com"}, handler: echo}
	w := newBackendWorld(t, b, proxyPaths("https://backend.example.com:8443/{proxy}", ""))
	assert.Equal(t, 201, w.get(internet, base("proxied001")+"/v1/a").status)
	assert.Equal(t, []netip.AddrPort{netip.MustParseAddrPort("198.51.100.80:8443")}, b.dialed)
	w = newBackendWorld(t, b, proxyPaths("https://missing.example.com/{proxy}", ""))
	assert.Equal(t, 500, w.get(internet, base("proxied001")+"/v1/a").status)
	assert.Contains(t, w.journal.of(execution("proxied001")), "Invalid endpoint address")
}

func TestAnIntegrationsCertificateIsVerified(t *testing.T) {
	const skip, untrusted = `"tlsConfig":{"insecureSkipVerification":true},`, "PKIX path building failed"
	for _, row := range []struct {
		names         []string
		trusted       bool
		setting, want string // What the execution log says, or nothing.
		expired       bool
		why           string
	}{
		{[]string{"backend.example.com"}, true, "", "", false, "the right name of a trusted authority"},
		{
			[]string{"other.example.com"}, true, "", "Host name 'backend.example.com' does not match the certificate " +
				"subject " +
				"provided by the peer (CN=other.example.com)", false, "another name",
		},
		{[]string{"backend.example.com"}, false, "", untrusted, false, "a private authority"},
		{[]string{"backend.example.com"}, false, skip, "", false, "a private authority that need not be trusted"},
		{
			[]string{"other.example.com"}, false, skip, "does not match the certificate subject", false,
			"the name counts always",
		},
		{[]string{"backend.example.com"}, false, skip, "validity check failed", true, "the dates count always"},
	} {
		t.Run(row.why, func(t *testing.T) {
			b := &backend{names: row.names, handler: echo, expired: row.expired}
			w := newBackendWorld(t, b, proxyPaths("https://backend.example.com/{proxy}", overLink+row.setting))
			if !row.trusted {
				w.gateway.options.Roots = x509.NewCertPool()
			}
			got := w.get(internet, base("proxied001")+"/v1/a")
			if row.want == "" {
				assert.Equal(t, 201, got.status, got.body)
				return
			}
			assert.Equal(t, 500, got.status)
			assert.Equal(t, `{"message": "Internal server error"}`, got.body)
			assert.Contains(t, w.journal.of(execution("proxied001")),
				"Execution failed due to configuration error: ")
			assert.Contains(t, w.journal.of(execution("proxied001")), row.want)
		})
	}
}

func TestWhatStopsAConnectionDecidesTheAnswer(t *testing.T) {
	for _, row := range []struct {
		stop error
		body string
	}{
		{&network.Stopped{End: network.TimedOut, Reason: "no rule"}, `{"message": "Endpoint request timed out"}`},
		{&network.Stopped{End: network.Refused, Reason: "closed"}, `{"message": "Network error communicating with ` +
			`endpoint"}`},
		{&network.Stopped{End: network.Unreachable}, `{"message": "Network error communicating with endpoint"}`},
	} {
		w := newBackendWorld(t, &backend{stop: row.stop}, proxyPaths("https://backend.example.com/{proxy}", overLink))
		got := w.get(internet, base("proxied001")+"/v1/a")
		assert.Equal(t, 504, got.status)
		assert.Equal(t, row.body, got.body)
	}
}

func TestAServerThatIsSlowTimesOut(t *testing.T) {
	b := &backend{names: []string{"backend.example.com"}, handler: func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	}}
	w := newBackendWorld(t, b, proxyPaths("https://backend.example.com/{proxy}", overLink+`"timeoutInMillis":50,`))
	got := w.get(internet, base("proxied001")+"/v1/a")
	assert.Equal(t, 504, got.status)
	assert.Equal(t, `{"message": "Endpoint request timed out"}`, got.body)
}

// gzip begins a compressed body.
const gzip = "\x1f\x8b\x08\x00"

func TestAnAPIWithoutBinaryTypesDamagesOtherBodies(t *testing.T) {
	handler := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, gzip) }
	for _, row := range []struct {
		types []string
		want  string
	}{{nil, "\x1f\uFFFD\x08\x00"}, {[]string{`binaryMediaTypes: ["*/*"]`}, gzip}} {
		b := &backend{names: []string{"backend.example.com"}, handler: handler}
		w := newBackendWorld(t, b, proxyPaths("https://backend.example.com/{proxy}", overLink), row.types...)
		assert.Equal(t, row.want, w.get(internet, base("proxied001")+"/v1/a").body, "a body is read as UTF-8")
	}
}

func TestTheConnectionTypeDecidesWhereAServerIs(t *testing.T) {
	for kind, want := range map[string]string{"VPC_LINK": "172.20.10.80:443", "INTERNET": "198.51.100.80:443"} {
		b := &backend{names: []string{"backend.example.com"}, handler: echo}
		setting := strings.Replace(overLink, "VPC_LINK", kind, 1)
		w := newBackendWorld(t, b, proxyPaths("https://backend.example.com/{proxy}", setting))
		w.get(internet, base("proxied001")+"/v1/a")
		assert.Equal(t, []netip.AddrPort{netip.MustParseAddrPort(want)}, b.dialed, kind)
	}
}

func TestServersOfAPIGatewayTakeDifferentNodesBehindALink(t *testing.T) {
	nodes := []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("10.0.1.1")}
	for to, first := range map[string]int{"192.0.2.192:443": 0, "192.0.2.193:443": 1, "[2001:db8::1]:443": 1} {
		x := &exchange{arrival: network.Arrival{To: netip.MustParseAddrPort(to)}}
		assert.Equal(t, []netip.Addr{nodes[first], nodes[1-first]}, x.inTurn(nodes), to)
	}
}

func TestASignatureIsNotPassedOn(t *testing.T) {
	var got string
	b := &backend{names: []string{"backend.example.com"}, handler: func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
	}}
	paths := strings.Replace(proxyPaths("https://backend.example.com/{proxy}", overLink),
		`"x-amazon-apigateway-any-method":{`,
		`"x-amazon-apigateway-any-method":{"x-amazon-apigateway-auth":{"type":"AWS_IAM"},`, 1)
	w := newBackendWorld(t, b, paths)
	r := request(t, "GET", base("proxied001")+"/v1/a", "")
	newSigner().sign(r)
	require.Equal(t, 200, w.do(internet, r).status)
	assert.Empty(t, got)
	w = newBackendWorld(t, b, proxyPaths("https://backend.example.com/{proxy}", overLink))
	w.get(internet, base("proxied001")+"/v1/a", "Authorization", "Bearer x")
	assert.Equal(t, "Bearer x", got)
}

func TestAnIntegrationThatIsNoProxyMapsEverything(t *testing.T) {
	paths := `{"/{id}":{"get":{"x-amazon-apigateway-integration":{"type":"http","httpMethod":"POST",` +
		`"uri":"https://backend.example.com/items/{id}","connectionType":"VPC_LINK","connectionId":"link01",` +
		`"requestParameters":{"integration.request.path.id":"method.request.path.id",` +
		`"integration.request.querystring.q":` +
		`"method.request.querystring.search"},` +
		`"requestTemplates":{"application/json":"{\"of\":\"$input.params(''''id'''')\"}"},` +
		`"responses":{"default":{"statusCode":"200"},"2\\d{2}":{"statusCode":"202","responseParameters":` +
		`{"method.response.header.From":"integration.response.header.X-Query"}}}}}}}`
	b := &backend{names: []string{"backend.example.com"}, handler: echo}
	w := newBackendWorld(t, b, strings.ReplaceAll(paths, "''''", "''"))
	got := w.get(internet, base("proxied001")+"/v1/7?search=x&other=y")
	assert.Equal(t, 202, got.status, got.body)
	assert.Equal(t, `POST /items/7 {"of":"7"}`, got.body)
	assert.Equal(t, "q=x", got.header.Get("From"))
	assert.Empty(t, got.header.Get("X-Query"), "no header passes by itself")
}

func TestHeadersOfOneConnectionAreNotPassedOn(t *testing.T) {
	var got http.Header
	b := &backend{names: []string{"backend.example.com"}, handler: func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.Header().Set("Keep-Alive", "timeout=5")
		w.Header().Set("Trailer", "X-Sum")
		w.Header().Set("X-Passed", "yes")
	}}
	w := newBackendWorld(t, b, proxyPaths("https://backend.example.com/{proxy}", overLink))
	answer := w.get(internet, base("proxied001")+"/v1/a", "Keep-Alive", "timeout=5", "Te", "trailers", "X-Passed",
		"yes",
		"X-Api-Key", "key")
	assert.Equal(t, "yes", got.Get("X-Passed"))
	assert.Equal(t, "key", got.Get("X-Api-Key"))
	assert.Empty(t, got.Get("Keep-Alive")+got.Get("Te"))
	assert.Equal(t, "yes", answer.header.Get("X-Passed"))
	assert.Empty(t, answer.header.Get("Keep-Alive")+answer.header.Get("Trailer"))
}

func TestATemplateHasTheBody(t *testing.T) {
	paths := `{"/items":{"post":{"x-amazon-apigateway-integration":{"type":"http","httpMethod":"PUT","uri":` +
		`"https://backend.example.com/items","connectionType":"VPC_LINK","connectionId":"link01",` +
		`"passthroughBehavior":"never","requestTemplates":{"application/json":"{\"is\":$input.body,\"stage\":` +
		`\"$context.stage\"}"},"responses":{"default":{"statusCode":"200"}}}}}}`
	b := &backend{names: []string{"backend.example.com"}, handler: echo}
	w := newBackendWorld(t, b, paths)
	got := w.do(internet, request(t, "POST", base("proxied001")+"/v1/items", `{"a":1}`))
	assert.Equal(t, `PUT /items {"is":{"a":1},"stage":"v1"}`, got.body)
	got = w.do(internet, request(t, "POST", base("proxied001")+"/v1/items", "a=1", "Content-Type", "text/plain"))
	assert.Equal(t, 415, got.status)
	assert.Equal(t, `{"message":"Unsupported Media Type"}`, got.body)
}

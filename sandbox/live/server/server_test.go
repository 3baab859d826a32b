package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rsa"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"text/template"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/livetest"
	"private-api-blueprints/sandbox/live/livetest/flat"
	"private-api-blueprints/sandbox/live/network"
)

const networkYAML = `
- {type: "aws:ec2/vpc:Vpc", id: vpc-00000000000000001, inputs: {cidrBlock: 10.0.0.0/16}}
- type: aws:ec2/subnet:Subnet
  id: subnet-0000000000000000a
  inputs: {vpcId: vpc-00000000000000001, cidrBlock: 10.0.1.0/24, availabilityZone: us-east-1a}
`

// instanceYAML is an instance with inputs.
const instanceYAML = networkYAML + `
- type: aws:ec2/instance:Instance
  id: i-00000000000000001
  inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro, subnetId: subnet-0000000000000000a,
    privateIp: 10.0.1.30, tags: {Name: shared-web-a}%s}
`

// script returns the blueprints' user data.
func script(t testing.TB, proxyProtocol bool) string {
	t.Helper()
	source, err := os.ReadFile("../../../components/web_server.sh.tmpl")
	require.NoError(t, err)
	var text bytes.Buffer
	require.NoError(t, template.Must(template.New("").Parse(string(source))).Execute(&text,
		map[string]any{"ServerName": "backend.example.com", "ProxyProtocol": proxyProtocol}))
	return text.String()
}

// world is an instance in a network.
type world struct {
	t         testing.TB
	network   *flat.Network
	listeners []Listener
}

const repository = "192.0.2.200"

func repositories(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr(repository)} }

// launch launches an instance that reaches the package repositories.
func launch(t testing.TB, inputs string) *world {
	w := &world{t: t, network: &flat.Network{}}
	w.network.Listen(repository+":443", network.HandlerFunc(func(_ context.Context, conn net.Conn, _ network.Arrival) {
		conn.Close()
	}))
	return w.listen(inputs)
}

func (w *world) listen(inputs string) *world {
	w.t.Helper()
	w.listeners = Listen(w.t.Context(), livetest.Open(w.t, fmt.Sprintf(instanceYAML, inputs)), Options{
		Dialer: w.network, Repositories: repositories,
	})
	for _, l := range w.listeners {
		w.network.Listen(fmt.Sprintf("10.0.1.30:%d", l.Port), l)
	}
	return w
}

// launchScript launches a web server of the blueprints.
func launchScript(t testing.TB, proxyProtocol bool) *world {
	return launch(t, fmt.Sprintf(", userData: %q", script(t, proxyProtocol)))
}

// dial connects a client with the instance.
func (w *world) dial() net.Conn {
	w.t.Helper()
	conn, err := w.network.Dial(w.t.Context(), network.Place{Addrs: []netip.Addr{netip.MustParseAddr("10.0.1.10")}},
		netip.MustParseAddrPort("10.0.1.30:443"))
	require.NoError(w.t, err)
	return conn
}

// secure does a TLS handshake.
func (w *world) secure(conn net.Conn, protocols ...string) (*tls.Conn, error) {
	secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: protocols})
	return secure, secure.HandshakeContext(w.t.Context())
}

func TestInstanceServesIfItsUserDataMakesAWebServer(t *testing.T) {
	blueprint := script(t, false)
	encoded := base64.StdEncoding.EncodeToString([]byte(blueprint))
	for _, row := range []struct {
		why, inputs string
		port        uint16
	}{
		{"the blueprints' script", fmt.Sprintf(", userData: %q", blueprint), 443},
		{"in Base64", fmt.Sprintf(", userDataBase64: %q", encoded), 443},
		{"in Base64 where plain text belongs", fmt.Sprintf(", userData: %q", encoded), 443},
		{"on another port", fmt.Sprintf(", userData: %q", strings.ReplaceAll(blueprint, "443 ssl", "8443 ssl")), 8443},
		{"a script that installs no nginx", fmt.Sprintf(", userData: %q",
			strings.ReplaceAll(blueprint, "nginx openssl", "httpd openssl")), 0},
		{"a script that writes no server block", `, userData: "#!/bin/bash\ndnf install -y nginx\n"`, 0},
		{"a shared server, which existed before any stack", "", 443},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := launch(t, row.inputs)
			if row.port == 0 {
				assert.Empty(t, w.listeners)
				return
			}
			require.Len(t, w.listeners, 1)
			assert.Equal(t, row.port, w.listeners[0].Port)
			assert.Equal(t, "i-00000000000000001", w.listeners[0].Instance)
		})
	}
}

func TestInstanceServesOnlyIfItCouldInstallPackages(t *testing.T) {
	inputs := fmt.Sprintf(", userData: %q", script(t, false))
	w := &world{t: t, network: &flat.Network{}}
	w.network.Drop(repository + ":443")
	assert.Empty(t, w.listen(inputs).listeners, "no way to the repositories")
	dials := w.network.Dials()
	require.Len(t, dials, 1)
	assert.Equal(t, "i-00000000000000001", dials[0].From.Owner)
	assert.Equal(t, []netip.Addr{netip.MustParseAddr("10.0.1.30")}, dials[0].From.Addrs)
	assert.NotEmpty(t, dials[0].From.Groups)

	w = &world{t: t, network: &flat.Network{}}
	assert.Len(t, w.listen(inputs).listeners, 1, "a reset shows that packets arrive")

	silent := strings.Replace(fmt.Sprintf(instanceYAML, inputs), "cidrBlock: 10.0.0.0/16", "cidrBlock: 10.0.0.0/16, "+
		"enableDnsSupport: false", 1)
	options := Options{Dialer: &flat.Network{}, Repositories: repositories}
	assert.Empty(t, Listen(t.Context(), livetest.Open(t, silent), options), "no resolver")
}

func TestCertificateIsTheOneThatTheScriptMakes(t *testing.T) {
	for _, row := range []struct {
		why, subject, name string
		launch             func(testing.TB) *world
	}{
		{"the script's", "web-server", "backend.example.com",
			func(t testing.TB) *world { return launchScript(t, false) }},
		{"a shared server's", "shared-web-a", "shared-web-a", func(t testing.TB) *world { return launch(t, "") }},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn, err := row.launch(t).secureNow()
				require.NoError(t, err)
				defer conn.Close()
				cert := conn.ConnectionState().PeerCertificates[0]
				assert.Equal(t, row.subject, cert.Subject.CommonName)
				assert.Equal(t, row.subject, cert.Issuer.CommonName, "self-signed")
				assert.Equal(t, []string{row.name}, cert.DNSNames)
				assert.Equal(t, 3650*24*time.Hour, cert.NotAfter.Sub(cert.NotBefore))
				assert.Equal(t, 2048, cert.PublicKey.(*rsa.PublicKey).N.BitLen())
			})
		})
	}
}

// secureNow connects and does a TLS handshake.
func (w *world) secureNow(protocols ...string) (*tls.Conn, error) {
	return w.secure(w.dial(), protocols...)
}

func TestServerSpeaksTheProtocolThatTheClientNegotiates(t *testing.T) {
	for _, row := range []struct {
		why     string
		offered []string
		want    string
		fails   bool
	}{
		{"HTTP/2", []string{"h2", "http/1.1"}, "h2", false},
		{"HTTP/1.1", []string{"http/1.1"}, "http/1.1", false},
		{"no ALPN", nil, "", false},
		{"a protocol that nginx lacks", []string{"spdy/3"}, "", true},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				conn, err := launchScript(t, false).secureNow(row.offered...)
				assert.Equal(t, row.fails, err != nil, "%v", err)
				assert.Equal(t, row.want, conn.ConnectionState().NegotiatedProtocol)
				conn.Close()
			})
		})
	}
}

func TestAnswerNamesTheProtocolTheHostAndTheClient(t *testing.T) {
	for _, row := range []struct {
		why       string
		proxy, h2 bool
		want      string
	}{
		{"HTTP/1.1", false, false, "You are speaking HTTP/1.1 to ip-10-0-1-30.\n"},
		{"HTTP/2", false, true, "You are speaking HTTP/2.0 to ip-10-0-1-30.\n"},
		{"behind a PROXY header", true, true, "You are speaking HTTP/2.0 to ip-10-0-1-30 from 203.0.113.7.\n"},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := launchScript(t, row.proxy)
				transport := &http.Transport{ForceAttemptHTTP2: row.h2,
					TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
					DialContext: func(context.Context, string, string) (net.Conn, error) {
						conn := w.dial()
						if row.proxy {
							writeHeader(t, conn, 2)
						}
						return conn, nil
					}}
				defer transport.CloseIdleConnections()
				response, err := (&http.Client{Transport: transport}).Get("https://backend.example.com/any/path")
				require.NoError(t, err)
				body, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				response.Body.Close()
				assert.Equal(t, row.want, string(body))
				assert.Equal(t, "text/plain", response.Header.Get("Content-Type"))
				assert.Equal(t, version, response.Header.Get("Server"))
			})
		})
	}
}

// TestAnswersAreCompressedForClientsThatAskForIt has a script that switches compression on, for one of the types.
func TestAnswersAreCompressedForClientsThatAskForIt(t *testing.T) {
	plain := script(t, false)
	compressing := strings.Replace(plain, "default_type text/plain;",
		"default_type text/plain;\n    gzip on;\n    gzip_types application/json text/plain;", 1)
	for _, row := range []struct {
		why, script, accepts string
		h2, want             bool
	}{
		{"a client that asks for it", compressing, "br, gzip", false, true},
		{"by HTTP/2", compressing, "gzip", true, true},
		{"a client that prefers another encoding", compressing, "gzip;q=0.5, br", false, true},
		{"a client that refuses it", compressing, "br, gzip; q=0.0", false, false},
		{"a client that does not", compressing, "br", false, false},
		{"a server that does not compress", plain, "gzip", false, false},
		{"another type", strings.Replace(compressing, "json text/plain", "json", 1), "gzip", false, false},
		{"a short answer", strings.Replace(compressing, "You are speaking $server_protocol to $hostname.", "Hi", 1),
			"gzip", false, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := launch(t, fmt.Sprintf(", userData: %q", row.script))
				transport := &http.Transport{ForceAttemptHTTP2: row.h2, DisableCompression: true,
					TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
					DialContext:     func(context.Context, string, string) (net.Conn, error) { return w.dial(), nil }}
				defer transport.CloseIdleConnections()
				request, err := http.NewRequest(http.MethodGet, "https://backend.example.com/", nil)
				require.NoError(t, err)
				request.Header.Set("Accept-Encoding", row.accepts)
				response, err := transport.RoundTrip(request)
				require.NoError(t, err)
				defer response.Body.Close()
				assert.Equal(t, row.want, response.Header.Get("Content-Encoding") == "gzip")
				var body io.Reader = response.Body
				if row.want {
					body, err = gzip.NewReader(response.Body)
					require.NoError(t, err)
				}
				text, err := io.ReadAll(body)
				require.NoError(t, err)
				assert.Regexp(t, `^(You are speaking HTTP/|Hi\n$)`, string(text))
			})
		})
	}
}

// writeHeader writes a PROXY header of a version.
func writeHeader(t testing.TB, w io.Writer, version byte) {
	t.Helper()
	header := proxyproto.HeaderProxyFromAddrs(version, &net.TCPAddr{IP: net.ParseIP("203.0.113.7").To4(), Port: 5},
		&net.TCPAddr{IP: net.ParseIP("10.0.1.30").To4(), Port: 443})
	_, err := header.WriteTo(w)
	require.NoError(t, err)
}

// TestConnectionWithoutPROXYHeaderIsClosed follows nginx, which answers nothing.
func TestConnectionWithoutPROXYHeaderIsClosed(t *testing.T) {
	for _, row := range []struct {
		why      string
		begin    func(testing.TB, net.Conn)
		accepted bool
	}{
		{"version 2", func(t testing.TB, c net.Conn) { writeHeader(t, c, 2) }, true},
		{"version 1", func(t testing.TB, c net.Conn) { writeHeader(t, c, 1) }, true},
		{"of a health check", func(_ testing.TB, c net.Conn) {
			(&proxyproto.Header{Version: 2, Command: proxyproto.LOCAL, TransportProtocol: proxyproto.UNSPEC}).WriteTo(c)
		}, true},
		{"none", func(testing.TB, net.Conn) {}, false},
		{"a broken one", func(_ testing.TB, c net.Conn) { io.WriteString(c, "PROXY TCP9 a b\r\n") }, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := launchScript(t, true)
				conn := w.dial()
				row.begin(t, conn)
				secure, err := w.secure(conn)
				assert.Equal(t, row.accepted, err == nil, "%v", err)
				secure.Close()
			})
		})
	}
}

func TestHealthCheckHasNoClientEvenIfItsHeaderHasAddresses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := launchScript(t, true)
		conn := w.dial()
		header := proxyproto.HeaderProxyFromAddrs(2, &net.TCPAddr{IP: net.ParseIP("203.0.113.7").To4(), Port: 5},
			&net.TCPAddr{IP: net.ParseIP("10.0.1.30").To4(), Port: 443})
		header.Command = proxyproto.LOCAL
		_, err := header.WriteTo(conn)
		require.NoError(t, err)
		secure, err := w.secure(conn)
		require.NoError(t, err)
		io.WriteString(secure, "GET / HTTP/1.0\r\n\r\n")
		answer, err := io.ReadAll(secure)
		require.NoError(t, err)
		assert.Contains(t, string(answer), "to ip-10-0-1-30 from .\n")
		secure.Close()
	})
}

// requestCases are requests by HTTP/1 and the statuses and bodies that nginx answered to
// them.
var requestCases = []struct {
	why, request, status, body string
	open                       bool // Whether the connection stays open.
}{
	{"a request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "200 OK", "You are speaking HTTP/1.1", true},
	{"a request with a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "200 OK", "HTTP/1.1", true},
	{"a chunked body", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
		"200 OK", "HTTP/1.1", true},
	{"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "200 OK", "You are speaking HTTP/1.0", false},
	{"the last request", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "200 OK", "HTTP/1.1", false},
	{"no Host", "GET / HTTP/1.1\r\n\r\n", "400 Bad Request", "<h1>400 Bad Request</h1>", false},
	{"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 Bad Request", "400", false},
	{"garbage", "GARBAGE\r\n\r\n", "400 Bad Request", "<title>400 Bad Request</title>", false},
	{"a method in small letters", "get / HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request", "400", false},
	{"a header field without a colon", "GET / HTTP/1.1\r\nHost a\r\n\r\n", "400 Bad Request", "400", false},
	{"a length that is none", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
		"400 Bad Request", "400", false},
	{"two ways to tell the length",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
		"400 Bad Request", "400", false},
	{"the same in the other order",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
		"400 Bad Request", "400", false},
	{"an encoding that HTTP/1.0 lacks", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"400 Bad Request", "400", false},
	{"the length twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n",
		"400 Bad Request", "400", false},
	{"another encoding", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
		"501 Not Implemented", "<title>501 Not Implemented</title>", false},
	{"a header field without a name", "GET / HTTP/1.1\r\nHost: a\r\n: c\r\n\r\n", "400 Bad Request", "400", false},
	{"HTTP/3", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported", "505 HTTP Version", false},
	{"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", "405 Not Allowed", "<title>405 Not Allowed</title>", false},
	{"a long path", "GET /" + strings.Repeat("a", 9000) + " HTTP/1.1\r\n", "414 Request-URI Too Large",
		"414 Request-URI Too Large", false},
	{"a long header field", "GET / HTTP/1.1\r\nHost: a\r\nA: " + strings.Repeat("a", 9000) + "\r\n\r\n",
		"400 Bad Request", "<center>Request Header Or Cookie Too Large</center>", false},
	{"many header fields", "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("A: "+strings.Repeat("a", 5000)+"\r\n", 8),
		"400 Bad Request", "Request Header Or Cookie Too Large", false},
}

// TestRequestsGetWhatNginxAnswers leaves the server serving after each request.
func TestRequestsGetWhatNginxAnswers(t *testing.T) {
	for _, row := range requestCases {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := launchScript(t, false)
				conn, err := w.secureNow()
				require.NoError(t, err)
				_, err = io.WriteString(conn, row.request)
				require.NoError(t, err)
				conn.SetReadDeadline(time.Now().Add(time.Second))
				answer, err := io.ReadAll(conn)
				assert.Equal(t, row.open, err != nil, "%v", err)
				head := "HTTP/1.1 " + row.status + "\r\nServer: nginx/"
				assert.True(t, strings.HasPrefix(string(answer), head), "%s", answer)
				assert.Contains(t, string(answer), row.body)
				conn.Close()
			})
		})
	}
}

// TestPageOfARefusalIsThatOfNginx has the bytes that nginx sent, except for its version.
func TestPageOfARefusalIsThatOfNginx(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := launchScript(t, false).dial()
		_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		require.NoError(t, err)
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		text := regexp.MustCompile(`nginx/[0-9.]+`).ReplaceAllString(string(answer), "nginx/1.22.1")
		assert.Equal(t, "HTTP/1.1 400 Bad Request\r\nServer: nginx/1.22.1\r\nDate: Sat, 01 Jan 2000 00:00:00 GMT\r\n"+
			"Content-Type: text/html\r\nContent-Length: 255\r\nConnection: close\r\n\r\n<html>\r\n<head>"+
			"<title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n"+
			"<center><h1>400 Bad Request</h1></center>\r\n"+
			"<center>The plain HTTP request was sent to HTTPS port</center>\r\n"+
			"<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n", text)
		conn.Close()
	})
}

func TestSlowClientsAreClosedAndLeaveNoGoroutine(t *testing.T) {
	for _, row := range []struct {
		why   string
		after time.Duration
		begin func(*world, net.Conn) net.Conn
	}{
		{"before TLS", headerTimeout, func(_ *world, c net.Conn) net.Conn { return c }},
		{"in the middle of a request", headerTimeout, func(w *world, c net.Conn) net.Conn {
			secure, err := w.secure(c)
			require.NoError(w.t, err)
			io.WriteString(secure, "GET / HTTP/1.1\r\n")
			return secure
		}},
		{"after a request", keepaliveTimeout, func(w *world, c net.Conn) net.Conn {
			secure, err := w.secure(c)
			require.NoError(w.t, err)
			io.WriteString(secure, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			return secure
		}},
	} {
		t.Run(row.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := launchScript(t, false)
				conn, started := row.begin(w, w.dial()), time.Now()
				_, err := io.ReadAll(conn)
				require.NoError(t, err)
				assert.Equal(t, row.after, time.Since(started))
				conn.Close()
			})
		})
	}
}

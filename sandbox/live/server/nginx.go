package server

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pires/go-proxyproto"

	"private-api-blueprints/sandbox/live/httpconn"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// version is the server that Amazon Linux 2023 installs.
const version = "nginx/1.28.0"

// Time-outs of nginx.
// https://nginx.org/en/docs/http/ngx_http_core_module.html#client_header_timeout
const (
	headerTimeout    = 60 * time.Second
	keepaliveTimeout = 65 * time.Second // That of Amazon Linux's nginx.conf.
)

// site is a web server with one answer.
type site struct {
	instance, hostname string
	port               uint16
	tls, http2, proxy  bool
	gzip               bool // Whether clients that ask for it get compressed answers.
	contentType, text  string
	status             int
	subject, name      string // Of the certificate.
	once               sync.Once
	certificate        *tls.Certificate
	certificateProblem error
}

// visit is one connection with a site.
type visit struct {
	*site
	ctx    context.Context // Of the dialer, with its trail.
	remote netip.AddrPort
	client string // The client's address according to the PROXY header.
}

// Serve serves one connection.
func (s *site) Serve(ctx context.Context, conn net.Conn, a network.Arrival) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	v := &visit{site: s, ctx: ctx, remote: a.From}
	place := "server " + s.instance
	if s.proxy {
		var problem error
		if conn, problem = v.readProxyHeader(conn); problem != nil {
			trail.Add(ctx, place, s.instance, "closes the connection: broken PROXY header: %v", problem)
			return
		}
		trail.Add(ctx, place, s.instance, "the PROXY header names %s", v.client)
	}
	if !s.tls {
		v.serveHTTP1(conn)
		return
	}
	_ = conn.SetReadDeadline(time.Now().Add(headerTimeout))
	reader := bufio.NewReaderSize(conn, lineLimit)
	if first, err := reader.Peek(1); err != nil || first[0] != tlsHandshake {
		v.refusePlain(conn, reader)
		return
	}
	secure := tls.Server(buffered{conn, reader}, s.config())
	if err := secure.HandshakeContext(ctx); err != nil {
		trail.Add(ctx, place, s.instance, "TLS handshake failed: %v", err)
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	defer func() { _ = secure.Close() }() // Says that no more will come.
	state := secure.ConnectionState()
	trail.Add(ctx, place, s.instance, "%s, self-signed certificate of %s, ALPN %s", tls.VersionName(state.Version),
		s.subject, cmp.Or(state.NegotiatedProtocol, "none"))
	if state.NegotiatedProtocol == "h2" {
		httpconn.Serve(ctx, secure, &http.Server{Handler: v, IdleTimeout: keepaliveTimeout})
		return
	}
	v.serveHTTP1(secure)
}

// tlsHandshake is the first byte of a client that begins TLS.
const tlsHandshake = 22

// buffered is a connection of which a reader has read some bytes.
type buffered struct {
	net.Conn
	reader *bufio.Reader
}

// Read reads what the reader has first.
func (b buffered) Read(p []byte) (int, error) { return b.reader.Read(p) }

// readProxyHeader reads the PROXY header, of version 1 or 2, that must come first.
func (v *visit) readProxyHeader(conn net.Conn) (net.Conn, error) {
	proxied := proxyproto.NewConn(conn, proxyproto.WithPolicy(proxyproto.REQUIRE),
		proxyproto.SetReadHeaderTimeout(headerTimeout))
	header := proxied.ProxyHeader()
	if header == nil {
		_, err := proxied.Read(nil)
		return nil, err
	}
	if source, ok := header.SourceAddr.(*net.TCPAddr); ok && header.Command.IsProxy() {
		v.client = source.IP.String()
	}
	return proxied, nil
}

// config returns the TLS settings.
func (s *site) config() *tls.Config {
	protocols := []string{"http/1.1", "http/1.0", "http/0.9"}
	if s.http2 {
		protocols = append([]string{"h2"}, protocols...)
	}
	return &tls.Config{NextProtos: protocols, MinVersion: tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return s.ownCertificate() }}
}

// ownCertificate returns the certificate that the script makes for itself.
func (s *site) ownCertificate() (*tls.Certificate, error) {
	s.once.Do(func() { s.certificate, s.certificateProblem = s.selfSign() })
	return s.certificate, s.certificateProblem
}

// selfSign does what "openssl req -x509 -days 3650" does.
func (s *site) selfSign() (*tls.Certificate, error) {
	key, err := sharedKey()
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 159))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: s.subject},
		NotBefore: time.Now(), NotAfter: time.Now().AddDate(0, 0, 3650),
		BasicConstraintsValid: true, IsCA: true,
	}
	if s.name != "" {
		template.DNSNames = []string{s.name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// sharedKey returns a key as the script makes it. All servers of the process share it, because it takes a quarter of a
// second.
var sharedKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// ServeHTTP answers a request by HTTP/2.
func (v *visit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Server", version)
	if r.Method == http.MethodTrace || r.Method == http.MethodConnect {
		header.Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusMethodNotAllowed)
		fmt.Fprint(w, errorPage("405 Not Allowed", ""))
		return
	}
	header.Set("Content-Type", v.contentType)
	asked := &request{method: r.Method, uri: r.URL.RequestURI(), protocol: "HTTP/2.0", host: r.Host,
		encodings: r.Header.Get("Accept-Encoding")}
	body := v.answer(asked)
	if v.compresses(asked, body) {
		header.Set("Content-Encoding", "gzip")
		body = compressed(body)
	}
	w.WriteHeader(v.status)
	fmt.Fprint(w, body)
}

// answer returns the answer to a request, and adds it to the trail.
func (v *visit) answer(r *request) string {
	trail.Add(v.ctx, "server "+v.instance, v.instance,
		"answers %s %s by %s with %d", r.method, r.uri, r.protocol, v.status)
	return v.body(r)
}

// leastCompressed is the size from which nginx compresses a body, in bytes.
// https://nginx.org/en/docs/http/ngx_http_gzip_module.html#gzip_min_length
const leastCompressed = 20

// compresses reports whether a client gets a body compressed.
func (s *site) compresses(r *request, body string) bool {
	return s.gzip && len(body) >= leastCompressed && r.protocol != "HTTP/1.0" && acceptsGzip(r.encodings)
}

// acceptsGzip reports whether a header Accept-Encoding names gzip, with a weight that is not 0.
// https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
func acceptsGzip(encodings string) bool {
	for encoding := range strings.SplitSeq(encodings, ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(encoding, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.Trim(weight, "q=0.") != "" || weight == ""
		}
	}
	return false
}

// compressed returns a body in gzip's format.
func compressed(body string) string {
	var text strings.Builder
	w := gzip.NewWriter(&text)
	_, _ = w.Write([]byte(body)) // A Builder takes everything.
	_ = w.Close()
	return text.String()
}

// body returns the answer to a request, with nginx's variables.
// https://nginx.org/en/docs/varindex.html
func (v *visit) body(r *request) string {
	return os.Expand(v.text, func(name string) string {
		switch name {
		case "server_protocol":
			return r.protocol
		case "hostname":
			return short(v.hostname)
		case "proxy_protocol_addr":
			return v.client
		case "remote_addr":
			return v.remote.Addr().String()
		case "host":
			return r.host
		case "request_uri":
			return r.uri
		case "request_method":
			return r.method
		case "server_port":
			return fmt.Sprint(v.port)
		}
		return ""
	})
}

package balancer

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"time"

	"private-api-blueprints/sandbox/live/inventory"
)

// handshakeTimeout is how long a load balancer waits for a client's TLS handshake.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html
const handshakeTimeout = 10 * time.Second

// frontTLS is the TLS of a listener towards its clients.
type frontTLS struct {
	certificates Certificates
	arns         []string // The default certificate first.
	alpnPolicy   string
	policy       securityPolicy
	config       *tls.Config
	byProtocol   map[string]*tls.Config // By the negotiated protocol, which may be none.
	err          error                  // What is wrong with the listener's settings.
}

func newFrontTLS(all *Balancers, listener *inventory.Object, alpnPolicy string) *frontTLS {
	f := &frontTLS{certificates: all.options.Certificates, alpnPolicy: alpnPolicy,
		arns: []string{listener.Out.String("certificateArn")}, byProtocol: map[string]*tls.Config{}}
	for _, extra := range all.inv.Where(listenerCertificateType, "listenerArn", listener.ID) {
		f.arns = append(f.arns, extra.Out.String("certificateArn"))
	}
	name := listener.Out.StringOr("sslPolicy", "ELBSecurityPolicy-2016-08")
	policy, err := policyNamed(name)
	f.policy, f.err = policy, err
	f.config = &tls.Config{GetConfigForClient: f.configFor}
	for _, protocol := range append([]string{""}, alpnPolicies[alpnPolicy]...) {
		config := &tls.Config{MinVersion: policy.min, MaxVersion: policy.max, CipherSuites: policy.suites,
			CurvePreferences: groups(name), GetCertificate: f.certificateFor}
		if protocol != "" {
			config.NextProtos = []string{protocol}
		}
		f.byProtocol[protocol] = config
	}
	return f
}

// hello is what a client's first message says, and what the listener chose.
type hello struct {
	serverName  string
	offered     []string // Protocols, by ALPN.
	certificate string   // The ARN.
}

type helloKey struct{}

// handshake ends a client's TLS. It returns what it learned of the client even if
// the handshake fails.
func (f *frontTLS) handshake(ctx context.Context, conn net.Conn) (*tls.Conn, *hello, error) {
	seen := &hello{}
	if f.err != nil {
		return nil, seen, f.err
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, helloKey{}, seen), handshakeTimeout)
	defer cancel()
	secure := tls.Server(conn, f.config)
	return secure, seen, secure.HandshakeContext(ctx)
}

// configFor returns the TLS settings for a client. They offer the one protocol that
// the ALPN policy and the client agree on, because Go refuses a client that agrees to
// none of several, and AWS does not.
func (f *frontTLS) configFor(info *tls.ClientHelloInfo) (*tls.Config, error) {
	if seen, ok := info.Context().Value(helloKey{}).(*hello); ok {
		seen.serverName, seen.offered = info.ServerName, info.SupportedProtos
	}
	return f.byProtocol[negotiate(f.alpnPolicy, info.SupportedProtos)], nil
}

// certificateFor returns the certificate for a client.
func (f *frontTLS) certificateFor(info *tls.ClientHelloInfo) (*tls.Certificate, error) {
	cert, arn, err := f.choose(info)
	if seen, ok := info.Context().Value(helloKey{}).(*hello); ok {
		seen.certificate = arn
	}
	return cert, err
}

// choose returns the certificate for a client: the best one of the listener's list
// that has the name that the client asks for, or the default one.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html
func (f *frontTLS) choose(info *tls.ClientHelloInfo) (*tls.Certificate, string, error) {
	var best *tls.Certificate
	var arn string
	for _, candidate := range f.arns {
		cert, err := f.certificates.ACM(candidate)
		if err != nil {
			return nil, "", err
		}
		if info.ServerName != "" && cert.Leaf.VerifyHostname(info.ServerName) == nil && better(cert, best) {
			best, arn = cert, candidate
		}
	}
	if best != nil {
		return best, arn, nil
	}
	cert, err := f.certificates.ACM(f.arns[0])
	return cert, f.arns[0], err
}

// better reports whether AWS prefers a certificate to the best one so far: one with an
// elliptic curve to one with RSA.
func better(cert, best *tls.Certificate) bool {
	if best == nil {
		return true
	}
	_, curve := cert.PrivateKey.(*ecdsa.PrivateKey)
	_, already := best.PrivateKey.(*ecdsa.PrivateKey)
	return curve && !already
}

// describe says what a handshake came to, for a trail.
func (f *frontTLS) describe(state tls.ConnectionState, seen *hello) string {
	text := fmt.Sprintf("%s, %s", tls.VersionName(state.Version), suiteName(state.CipherSuite))
	if cert, err := f.certificates.ACM(seen.certificate); err == nil {
		text += ", certificate of " + strings.Join(cert.Leaf.DNSNames, ", ")
	}
	switch {
	case state.NegotiatedProtocol != "":
		return text + ", ALPN " + state.NegotiatedProtocol
	case len(seen.offered) == 0:
		return text + ", no ALPN: the client offers none"
	}
	return fmt.Sprintf("%s, no ALPN: the client offers %s, and the policy is %s", text,
		strings.Join(seen.offered, ", "), f.alpnPolicy)
}

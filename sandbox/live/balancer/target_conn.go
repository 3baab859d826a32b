package balancer

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"

	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// dial connects a client's connection with a target: the network's connection, the
// PROXY header, and TLS if the target group asks for them.
func (c *connection) dial(ctx context.Context, t *target) (net.Conn, error) {
	lb, group, from := c.listener.lb, t.group, c.listener.lb.place(c.node)
	if group.preserves(t, c.arrival) {
		if reason := group.losesPreserved(t, c.arrival); reason != "" {
			return nil, &network.Stopped{End: network.TimedOut, Source: group.ID, Reason: reason}
		}
		from.Addrs = []netip.Addr{c.arrival.From.Addr()}
	}
	conn, err := lb.all.options.Dialer.Dial(ctx, from, t.addr)
	if err != nil {
		return nil, err
	}
	if group.Out.Bool("proxyProtocolV2") {
		if _, err := proxyHeader(&c.arrival, c.arrival.Endpoint).WriteTo(conn); err != nil {
			conn.Close()
			return nil, err
		}
		trail.Add(ctx, lb.label(c.node), group.ID, "sends target %s a PROXY header with %s as the source", t,
			c.arrival.From)
	}
	if group.Out.String("protocol") != "TLS" {
		trail.Add(ctx, lb.label(c.node), group.ID, "connects with target %s", t)
		return conn, nil
	}
	secure, err := c.encrypt(ctx, conn)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("TLS handshake: %w", err)
	}
	state := secure.ConnectionState()
	c.backend = state.NegotiatedProtocol
	trail.Add(ctx, lb.label(c.node), group.ID, "connects with target %s: %s, %s, the certificate is not verified", t,
		tls.VersionName(state.Version), protocolName(c.backend))
	return secure, nil
}

// encrypt begins TLS with a target. A load balancer does not verify the target's
// certificate. It offers the target the protocol that the client got by ALPN. Its
// security policy for targets has TLS 1.3 if that for clients has. AWS does not say
// that it sends a server name; this one sends none.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
func (c *connection) encrypt(ctx context.Context, conn net.Conn) (*tls.Conn, error) {
	config := &tls.Config{InsecureSkipVerify: true, CipherSuites: everything,
		MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS12}
	if front := c.listener.tls; front != nil && front.policy.max == tls.VersionTLS13 {
		config.MaxVersion = tls.VersionTLS13
	}
	if c.state != nil && c.state.NegotiatedProtocol != "" {
		config.NextProtos = []string{c.state.NegotiatedProtocol}
	}
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	secure := tls.Client(conn, config)
	return secure, secure.HandshakeContext(ctx)
}

// protocolName describes the outcome of ALPN.
func protocolName(protocol string) string {
	if protocol == "" {
		return "no ALPN"
	}
	return "ALPN " + protocol
}

package balancer

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"private-api-blueprints/sandbox/redact"
)

// logInterval is how long entries wait for others until they are written to a file of
// access logs. AWS collects them for five minutes, which nobody here wants to wait.
const logInterval = 5 * time.Second

// accessLog collects the entries of a load balancer.
type accessLog struct {
	options              Options
	region, loadBalancer string
	secrets              []string // What no entry shows.

	mu      sync.Mutex
	entries []string
	timer   *time.Timer
	err     error // Of a file that a timer wrote.
}

// add adds an entry, which the next file will have.
func (l *accessLog) add(entry string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, redact.Text(entry, l.secrets))
	if l.timer == nil {
		l.timer = time.AfterFunc(logInterval, func() {
			if err := l.flush(); err != nil {
				l.mu.Lock()
				defer l.mu.Unlock()
				l.err = err
			}
		})
	}
}

// flush writes the collected entries to a file, and returns the error of an earlier
// file, too.
func (l *accessLog) flush() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	earlier := l.err
	l.err = nil
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	if len(l.entries) == 0 {
		return earlier
	}
	var body bytes.Buffer
	zipped := gzip.NewWriter(&body)
	_, err := zipped.Write([]byte(strings.Join(l.entries, "\n") + "\n"))
	if err := errors.Join(earlier, err, zipped.Close()); err != nil {
		return err
	}
	bucket, key, err := l.options.LogFile(l.region, l.loadBalancer)
	if err != nil {
		return fmt.Errorf("access log of %s: %w", l.loadBalancer, err)
	}
	l.entries = nil
	if bucket == "" {
		return nil // The load balancer is gone, or keeps no access logs anymore.
	}
	if err := l.options.Journal.PutObject(bucket, key, body.Bytes()); err != nil {
		return fmt.Errorf("access log of %s: %w", l.loadBalancer, err)
	}
	return nil
}

// keepsLog reports whether the load balancer keeps access logs.
func (lb *loadBalancer) keepsLog() bool {
	return lb.all.options.LogFile != nil && lb.Out.Object("accessLogs").Bool("enabled")
}

// log adds the entry of a TLS connection, if the load balancer keeps access logs.
func (c *connection) log() {
	if lb := c.listener.lb; lb.keepsLog() {
		lb.all.logs[lb.ID].add(c.entry(time.Now()))
	}
}

// entry returns the entry of a TLS connection that ended.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
func (c *connection) entry(end time.Time) string {
	const second = "2006-01-02T15:04:05"
	_, balancer, _ := strings.Cut(c.listener.lb.ID, ":loadbalancer/")
	fields := []string{
		"tls", "2.0", end.UTC().Format(second), balancer, lastPart(c.listener.ID),
		addressPort(c.arrival.From), addressPort(c.destination()),
		milliseconds(end.Sub(c.started)), milliseconds(c.handshaken.Sub(c.started)),
		strconv.FormatInt(c.pipe.received.Load(), 10), strconv.FormatInt(c.pipe.sent.Load(), 10),
		cmp.Or(c.alert, "-"), cmp.Or(c.hello.certificate, "-"), "-",
	}
	cipher, version, negotiated := "-", "-", ""
	if c.state != nil {
		cipher, version, negotiated = suiteName(c.state.CipherSuite), versionNames[c.state.Version],
			c.state.NegotiatedProtocol
	}
	fields = append(fields, cipher, version, "-", cmp.Or(url.QueryEscape(c.hello.serverName), "-"),
		cmp.Or(negotiated, "-"), cmp.Or(c.backend, "-"), c.preferences(), c.started.UTC().Format(second))
	return strings.Join(fields, " ")
}

// versionNames are the names that access logs have for the versions of TLS.
var versionNames = map[uint16]string{
	tls.VersionTLS10: "tlsv10", tls.VersionTLS11: "tlsv11", tls.VersionTLS12: "tlsv12", tls.VersionTLS13: "tlsv13",
}

// preferences returns the protocols that the client offers by ALPN, if the listener has
// a policy about them.
func (c *connection) preferences() string {
	if c.listener.tls.alpnPolicy == "None" || len(c.hello.offered) == 0 {
		return "-"
	}
	quoted := make([]string, len(c.hello.offered))
	for i, protocol := range c.hello.offered {
		quoted[i] = `"` + strings.ReplaceAll(url.QueryEscape(protocol), "%2F", "/") + `"`
	}
	list := strings.Join(quoted, ",")
	return list[:min(len(list), 256)]
}

// destination returns the address that the client sent its packets to: the listener's,
// or that of the endpoint in the node's zone.
func (c *connection) destination() netip.AddrPort {
	inv := c.listener.lb.all.inv
	endpoint := inv.Find(endpointType, c.arrival.Endpoint)
	if endpoint == nil {
		return c.arrival.To
	}
	for _, eni := range endpoint.Interfaces {
		subnet := inv.Find(subnetType, eni.Subnet)
		text := eni.IPv4
		if !c.arrival.From.Addr().Unmap().Is4() {
			text = eni.IPv6
		}
		addr, err := netip.ParseAddr(text)
		if err == nil && subnet != nil && subnet.Out.String("availabilityZone") == c.node.zone {
			return netip.AddrPortFrom(addr, c.arrival.To.Port())
		}
	}
	return c.arrival.To
}

// addressPort writes an address and a port. Access logs put no brackets around IPv6
// addresses.
func addressPort(a netip.AddrPort) string { return fmt.Sprintf("%s:%d", a.Addr().Unmap(), a.Port()) }

func milliseconds(d time.Duration) string { return strconv.FormatInt(max(d, 0).Milliseconds(), 10) }

// alertOf returns the number of the TLS alert that a client sent, or nothing. The
// standard library has a type for it that it does not export.
func alertOf(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" {
		return ""
	}
	if v := reflect.ValueOf(op.Err); v.Kind() == reflect.Uint8 {
		return strconv.FormatUint(v.Uint(), 10)
	}
	return ""
}

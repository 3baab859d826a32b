package balancer

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// frontConnection is what all requests of a connection share.
type frontConnection struct {
	id    string // The ID that access logs have for the connection.
	hello *hello
	state *tls.ConnectionState // Nil without TLS.
}

// newFrontConnection returns a connection without TLS.
func newFrontConnection() *frontConnection {
	random := make([]byte, 16)
	rand.Read(random) // Never fails.
	return &frontConnection{id: fmt.Sprintf("TID_%x", random), hello: &hello{}}
}

// result is what became of a request, for the access log.
type result struct {
	rule     *rule
	group    *targetGroup
	target   *target      // Nil if the load balancer sent the request to none.
	status   int          // Of the target; 0 if it gave none.
	received atomic.Int64 // Bytes of the body.
	// begun and answered are the moments at which the load balancer got the request and had the head of the answer. The
	// latter is zero if there is none.
	begun, answered time.Time
	sent            atomic.Int64 // When the target had the request, as a Unix time in nanoseconds; 0 if it has not.
}

// recorder notes what a client gets.
type recorder struct {
	http.ResponseWriter
	status int
	sent   int64 // Bytes of the body.
}

// Unwrap returns the writer for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// WriteHeader notes the status. One below 200 comes before the answer, except that of another protocol.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts the bytes.
func (r *recorder) Write(p []byte) (int, error) {
	n, err := r.ResponseWriter.Write(p)
	r.sent += int64(n)
	return n, err
}

// countedBody counts the bytes of a request's body.
type countedBody struct {
	io.ReadCloser
	count *atomic.Int64
}

// Read counts the bytes.
func (b countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.count.Add(int64(n))
	return n, err
}

// traced returns a context in which the moment at which a request was sent becomes known.
func (v *visit) traced(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) {
		if info.Err == nil {
			v.result.sent.Store(time.Now().UnixNano())
		}
	}})
}

// log adds the entry of a request that ended.
func (v *visit) log(r *recorder) {
	if lb := v.listener.lb; lb.keepsLog() {
		lb.all.logs[lb.ID].add(v.entry(r, time.Now()))
	}
}

// microsecond is the format of times. Those at which requests arrived end with three zeros.
const microsecond = "2006-01-02T15:04:05.000000Z"

// entry returns the entry of a request. The numbers of bytes are those of HTTP/1.1, without the sizes of chunks.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
func (v *visit) entry(r *recorder, end time.Time) string {
	_, name, _ := strings.Cut(v.listener.lb.ID, ":loadbalancer/")
	group, to, status, action, redirected := "-", "-", "-", "-", "-"
	if v.result.group != nil {
		group = v.result.group.ID
	}
	if v.result.target != nil {
		to = addressPort(v.result.target.addr)
	}
	if v.result.status != 0 {
		status = strconv.Itoa(v.result.status)
	}
	if v.result.rule != nil {
		action = v.result.rule.action.String("type")
	}
	if action == "redirect" {
		redirected = cmp.Or(r.Header().Get("Location"), "-")
	}
	fields := append([]string{v.kind(r.status), end.UTC().Format(microsecond), name, addressPort(v.arrival.From), to},
		v.times(end)...)
	fields = append(fields, strconv.Itoa(r.status), status, strconv.FormatInt(v.size(), 10),
		strconv.FormatInt(sizeOf(r), 10), quote(v.requestLine()), quote(cmp.Or(v.UserAgent(), "-")))
	fields = append(fields, v.front.cipher()...)
	fields = append(fields, group, quote(v.trace), quote(v.domain()), quote(cmp.Or(v.front.hello.certificate, "-")),
		v.priority(), v.result.begun.UTC().Truncate(time.Millisecond).Format(microsecond), quote(action),
		quote(redirected), quote("-"), quote(to), quote(status), quote("-"), quote("-"), v.front.id)
	return strings.Join(append(fields, quote("-"), quote("-"), quote("-")), " ") // Rules transform nothing.
}

// unreadableEntry returns the entry of a request that cannot be read.
func (l *applicationListener) unreadableEntry(v *visit, sent int) string {
	_, name, _ := strings.Cut(l.lb.ID, ":loadbalancer/")
	now := time.Now().UTC()
	answered, arrived := now.Format(microsecond), now.Truncate(time.Millisecond).Format(microsecond)
	return fmt.Sprintf(`%s %s %s %s - -1 -1 -1 400 - 0 %d "- %s://%s:%d- -" "-" - - - "-" "-" "-" - %s `+
		`"-" "-" "-" "-" "-" "-" "-" %s "-" "-" "-"`, v.scheme, answered, name, addressPort(v.arrival.From), sent,
		v.scheme, l.lb.Out.String("dnsName"), v.arrival.To.Port(), arrived, v.front.id)
}

// kind returns the protocol of the client.
func (v *visit) kind(status int) string {
	switch {
	case status == http.StatusSwitchingProtocols:
		return map[string]string{"http": "ws", "https": "wss"}[v.scheme]
	case v.result.group != nil && v.result.group.Out.String("protocolVersion") == "GRPC":
		return "grpcs"
	case v.ProtoMajor == 2:
		return "h2"
	}
	return v.scheme
}

// times returns the seconds until the request was sent, until the target answered, and until the client had the answer.
// What did not happen takes -1. A target may answer before it has the whole request.
func (v *visit) times(end time.Time) []string {
	times := []string{"-1", "-1", "-1"}
	seconds := func(from, to time.Time) string { return fmt.Sprintf("%.3f", max(to.Sub(from), 0).Seconds()) }
	sent := v.result.begun
	if at := v.result.sent.Load(); at != 0 {
		sent = time.Unix(0, at)
		times[0] = seconds(v.result.begun, sent)
	}
	if !v.result.answered.IsZero() {
		times[1], times[2] = seconds(sent, v.result.answered), seconds(v.result.answered, end)
	}
	return times
}

// size returns the number of bytes of the request.
func (v *visit) size() int64 {
	line := len(v.Method) + len(v.URL.RequestURI()) + len("  HTTP/1.1\r\n") + len("Host: \r\n") + len(v.Host)
	return int64(line) + headerSize(v.Header) + v.result.received.Load()
}

// sizeOf returns the number of bytes of an answer.
func sizeOf(r *recorder) int64 {
	line := len("HTTP/1.1 200 \r\n") + len(http.StatusText(r.status))
	return int64(line) + headerSize(r.Header()) + r.sent
}

// headerSize returns the number of bytes of header fields with the empty line after them.
func headerSize(header http.Header) int64 {
	size := len("\r\n")
	for name, values := range header {
		for _, value := range values {
			size += len(name) + len(": \r\n") + len(value)
		}
	}
	return int64(size)
}

// requestLine returns the request with its whole URL, which names the port.
func (v *visit) requestLine() string {
	host := v.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return fmt.Sprintf("%s %s://%s:%d%s %s", v.Method, v.scheme, host, v.arrival.To.Port(), v.URL.RequestURI(), v.Proto)
}

// domain returns the server name that the client asked for, if the certificate is for it.
func (v *visit) domain() string {
	name := v.front.hello.serverName
	if name == "" {
		return "-"
	}
	certificate, err := v.listener.lb.all.options.Certificates.ACM(v.front.hello.certificate)
	if err != nil || certificate.Leaf.VerifyHostname(name) != nil {
		return "-"
	}
	return name
}

// priority returns the priority of the rule that matched, 0 for the default one.
func (v *visit) priority() string {
	switch {
	case v.result.rule == nil:
		return "-"
	case v.result.rule.priority == "default":
		return "0"
	}
	return v.result.rule.priority
}

// cipher returns the cipher suite and the version of TLS.
func (c *frontConnection) cipher() []string {
	if c.state == nil {
		return []string{"-", "-"}
	}
	version := strings.Replace(tls.VersionName(c.state.Version), "TLS ", "TLSv", 1)
	return []string{suiteName(c.state.CipherSuite), version}
}

// quote returns a text as access logs have it.
func quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `\x22`) + `"` }

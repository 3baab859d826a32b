package balancer

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"math/bits"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/httpconn"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// connectTimeout is how long an Application Load Balancer waits for the connection with
// a target.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
const connectTimeout = 10 * time.Second

// applicationListener is a listener of an Application Load Balancer.
type applicationListener struct {
	*inventory.Object
	lb      *loadBalancer
	tls     *frontTLS // Nil for an HTTP listener.
	rules   []*rule   // In order; the last one is the default action.
	counter atomic.Uint64
}

func newApplicationListener(lb *loadBalancer, o *inventory.Object) *applicationListener {
	l := &applicationListener{Object: o, lb: lb, rules: rulesOf(lb, o)}
	if o.Out.String("protocol") == "HTTPS" {
		policy := "HTTP1Only"
		if lb.Out.Bool("enableHttp2") {
			policy = "HTTP2Preferred"
		}
		l.tls = newFrontTLS(lb.all, o, policy)
	}
	return l
}

// Serve serves the requests of one connection.
func (l *applicationListener) Serve(ctx context.Context, conn net.Conn, a network.Arrival) {
	defer conn.Close()
	n, scheme, protocol := l.lb.nodeAt(a.To.Addr()), "http", ""
	front := newFrontConnection()
	if l.tls != nil {
		secure, seen, err := l.tls.handshake(ctx, conn)
		if err != nil {
			trail.Add(ctx, l.lb.label(n), l.ID, "TLS handshake with the client failed: %v", err)
			return
		}
		state := secure.ConnectionState()
		front.hello, front.state = seen, &state
		trail.Add(ctx, l.lb.label(n), l.ID, "%s", l.tls.describe(state, seen))
		conn, scheme, protocol = secure, "https", state.NegotiatedProtocol
	}
	connection := visit{listener: l, node: n, arrival: a, scheme: scheme, front: front}
	if protocol != "h2" {
		conn = httpconn.Refusing(conn, connection.refuse)
	}
	idle := time.Duration(l.lb.Out.Int("idleTimeout")) * time.Second
	httpconn.Serve(ctx, conn, &http.Server{ReadHeaderTimeout: idle, IdleTimeout: idle,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v := connection
			v.Request = r
			v.serve(w)
		})})
}

// visit is a request at a node.
type visit struct {
	*http.Request
	listener *applicationListener
	node     *node
	arrival  network.Arrival
	scheme   string
	front    *frontConnection
	trace    string // The header X-Amzn-Trace-Id.
	result   *result
}

// serve answers a request and logs it.
func (v *visit) serve(w http.ResponseWriter) {
	v.trace = cmp.Or(v.Header.Get("X-Amzn-Trace-Id"), traceID())
	v.result = &result{begun: time.Now()}
	v.Body = countedBody{v.Body, &v.result.received}
	r := &recorder{ResponseWriter: w}
	defer v.log(r) // The proxy panics if the client is gone.
	v.listener.answer(r, v)
}

// refuse returns the answer to a request that cannot be read, and logs it.
func (v *visit) refuse(statusLine string) []byte {
	answer := unreadable(statusLine)
	if lb := v.listener.lb; lb.keepsLog() {
		lb.all.logs[lb.ID].add(v.listener.unreadableEntry(v, len(answer)))
	}
	return answer
}

// add adds a step to the trail of the request.
func (v *visit) add(format string, args ...any) {
	trail.Add(v.Context(), v.listener.lb.label(v.node), v.listener.ID, format, args...)
}

// answer does what the first rule that matches a request says.
func (l *applicationListener) answer(w http.ResponseWriter, v *visit) {
	for _, r := range l.rules {
		if !r.matches(v) {
			continue
		}
		if r.priority != "default" {
			v.add("rule %s matches %s %s%s", r.priority, v.Method, v.Host, v.URL.Path)
		}
		v.result.rule = r
		switch kind := r.action.String("type"); kind {
		case "forward":
			l.forward(w, v, r)
		case "redirect":
			redirect(w, v, r.action.Object("redirect"))
		case "fixed-response":
			fixedResponse(w, r.action.Object("fixedResponse"))
		default:
			v.add("the sandbox does not simulate the action %s", kind)
			refuse(w, http.StatusInternalServerError, "Internal Server Error")
		}
		return
	}
	refuse(w, http.StatusServiceUnavailable, "Service Temporarily Unavailable")
}

// forward sends a request to a target of a rule.
func (l *applicationListener) forward(w http.ResponseWriter, v *visit, r *rule) {
	turn := l.counter.Add(1) - 1
	group := choose(r.groups, func(*targetGroup) uint64 { return bits.RotateLeft64(turn, 32) ^ turn })
	if group == nil {
		v.add("the rule forwards to no target group")
		refuse(w, http.StatusServiceUnavailable, "Service Temporarily Unavailable")
		return
	}
	v.result.group = group
	if group.incompatible(v.Request) {
		v.add("target group %s takes no %s %s", group.Out.String("name"), v.Method, v.Proto)
		refuse(w, statusIncompatible, "")
		return
	}
	targets := group.usable(v.Context(), v.node)
	if len(targets) == 0 {
		refuse(w, http.StatusServiceUnavailable, "Service Temporarily Unavailable")
		return
	}
	t := targets[turn%uint64(len(targets))]
	v.result.target = t
	transport := group.transport(v)
	defer transport.CloseIdleConnections()
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(p *httputil.ProxyRequest) { v.rewrite(p, t) },
		Transport: transport,
		ModifyResponse: func(r *http.Response) error {
			v.result.answered, v.result.status = time.Now(), r.StatusCode
			return nil
		},
		ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			v.add("no answer from target %s: %s", t, ended(err))
			failed(w, err)
		},
	}
	v.add("forwards to target %s by %s", t, group.Out.String("protocol"))
	proxy.ServeHTTP(w, v.Request)
}

// statusIncompatible is what a load balancer answers to a version of HTTP that the target group does not take.
const statusIncompatible = 464

// incompatible reports whether a group does not take the version of HTTP of a request. A group for HTTP/2 takes nothing
// else, and a group for gRPC takes POST by HTTP/2.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
func (g *targetGroup) incompatible(r *http.Request) bool {
	switch strings.ToUpper(g.Out.String("protocolVersion")) {
	case "HTTP2":
		return r.ProtoMajor < 2
	case "GRPC":
		return r.ProtoMajor < 2 || r.Method != http.MethodPost
	}
	return false
}

// transport returns how a request reaches the targets of a group: over a separate
// connection, whose steps belong to the request's trail. A load balancer does not verify
// the certificate of a target.
func (g *targetGroup) transport(v *visit) *http.Transport {
	transport := &http.Transport{
		DisableKeepAlives:     true,
		DisableCompression:    true,
		TLSClientConfig:       &tls.Config{InsecureSkipVerify: true},
		ResponseHeaderTimeout: time.Duration(g.lb.Out.Int("idleTimeout")) * time.Second,
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			ctx, cancel := context.WithTimeout(ctx, connectTimeout)
			defer cancel()
			return g.lb.all.options.Dialer.Dial(ctx, g.lb.place(v.node), netip.MustParseAddrPort(addr))
		},
	}
	if strings.EqualFold(g.Out.String("protocolVersion"), "HTTP1") {
		return transport
	}
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP2(true)
	transport.Protocols.SetUnencryptedHTTP2(true)
	return transport
}

// rewrite makes the request that a target gets. The Host header stays.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
func (v *visit) rewrite(p *httputil.ProxyRequest, t *target) {
	p.Out = p.Out.WithContext(v.traced(p.Out.Context()))
	p.Out.URL.Scheme = strings.ToLower(t.group.Out.String("protocol"))
	p.Out.URL.Host = t.addr.String()
	p.Out.URL.RawQuery = p.In.URL.RawQuery // As it is, even if it is malformed.
	p.Out.Host = p.In.Host
	before := p.In.Header["X-Forwarded-For"]
	switch client := v.arrival.From.Addr().Unmap().String(); v.listener.lb.Out.String("xffHeaderProcessingMode") {
	case "preserve":
		p.Out.Header["X-Forwarded-For"] = before
	case "remove":
	default:
		p.Out.Header.Set("X-Forwarded-For", strings.Join(append(before[:len(before):len(before)], client), ", "))
	}
	p.Out.Header.Set("X-Forwarded-Proto", v.scheme)
	p.Out.Header.Set("X-Forwarded-Port", fmt.Sprint(v.arrival.To.Port()))
	p.Out.Header.Set("X-Amzn-Trace-Id", v.trace)
}

// traceID returns a new trace ID.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
func traceID() string {
	random := make([]byte, 12)
	rand.Read(random) // Never fails.
	return fmt.Sprintf("Root=1-%08x-%x", time.Now().Unix(), random)
}

// statusClientGone is what an access log has if the client leaves before the answer.
const statusClientGone = 460

// failed answers a request whose target does not: 504 if it does not answer in time, 502
// if it refuses or breaks the connection, and 460 if the client has left.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
func failed(w http.ResponseWriter, err error) {
	var timeout net.Error
	if errors.Is(err, context.Canceled) {
		w.WriteHeader(statusClientGone) // Only the access log shows it.
		return
	}
	if errors.As(err, &timeout) && timeout.Timeout() {
		refuse(w, http.StatusGatewayTimeout, "Gateway Time-out")
		return
	}
	refuse(w, http.StatusBadGateway, "Bad Gateway")
}

// unreadable returns the answer to a request that cannot be read: 400, 501 for an unknown
// encoding of the body, or 505 for an unknown version of HTTP.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
func unreadable(statusLine string) []byte {
	status := "400 Bad Request"
	for _, known := range []string{"501 Not Implemented", "505 HTTP Version Not Supported"} {
		if strings.Contains(statusLine, " "+known[:3]+" ") {
			status = known
		}
	}
	body := page(status)
	return fmt.Appendf(nil, "HTTP/1.1 %s\r\nServer: awselb/2.0\r\nDate: %s\r\nContent-Type: text/html\r\n"+
		"Content-Length: %d\r\nConnection: close\r\n\r\n%s", status, time.Now().UTC().Format(http.TimeFormat),
		len(body), body)
}

// page returns a load balancer's own page about a status.
func page(status string) string {
	return "<html>\r\n<head><title>" + status + "</title></head>\r\n<body>\r\n<center><h1>" + status +
		"</h1></center>\r\n</body>\r\n</html>\r\n"
}

// refuse answers with a load balancer's own page.
func refuse(w http.ResponseWriter, status int, text string) {
	page := page(fmt.Sprintf("%d %s", status, text))
	own(w, "text/html", len(page))
	w.WriteHeader(status)
	io.WriteString(w, page)
}

// own sets the header fields of an answer that no target gives.
func own(w http.ResponseWriter, contentType string, length int) {
	w.Header().Set("Server", "awselb/2.0")
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", fmt.Sprint(length))
}

// fixedResponse answers with what an action says.
func fixedResponse(w http.ResponseWriter, action cloud.Props) {
	body := action.String("messageBody")
	own(w, action.StringOr("contentType", "text/plain"), len(body))
	w.WriteHeader(statusOf(action.String("statusCode"), http.StatusServiceUnavailable))
	io.WriteString(w, body)
}

// redirect answers with another address. Parts that the action does not name stay.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
func redirect(w http.ResponseWriter, v *visit, action cloud.Props) {
	host := v.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	parts := strings.NewReplacer("#{protocol}", v.scheme, "#{host}", host,
		"#{port}", fmt.Sprint(v.arrival.To.Port()), "#{path}", strings.TrimPrefix(v.URL.EscapedPath(), "/"),
		"#{query}", v.URL.RawQuery)
	part := func(key, original string) string { return parts.Replace(action.StringOr(key, original)) }
	to := &url.URL{Scheme: strings.ToLower(part("protocol", "#{protocol}")),
		Host: net.JoinHostPort(part("host", "#{host}"), part("port", "#{port}"))}
	location := to.String() + part("path", "/#{path}")
	if query := part("query", "#{query}"); query != "" {
		location += "?" + query
	}
	w.Header().Set("Location", location)
	status := statusOf(strings.TrimPrefix(action.String("statusCode"), "HTTP_"), http.StatusFound)
	refuse(w, status, map[int]string{http.StatusMovedPermanently: "Moved Permanently"}[status])
}

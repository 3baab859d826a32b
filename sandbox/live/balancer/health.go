package balancer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// healthMoment is how long a health check holds. Nobody wants to wait until as many
// checks fail as AWS needs.
const healthMoment = 10 * time.Second

// check is the outcome of a health check.
type check struct {
	at     time.Time
	reason string // Why the target is unhealthy. Empty means that it is healthy.
}

// healthy returns those of some targets that pass their health checks from a node.
func (g *targetGroup) healthy(ctx context.Context, n *node, targets []*target) []*target {
	reasons := make([]string, len(targets))
	var wg sync.WaitGroup
	for i, t := range targets {
		wg.Go(func() { reasons[i] = t.health(ctx, n) })
	}
	wg.Wait()
	var healthy []*target
	for i, t := range targets {
		if reasons[i] == "" {
			healthy = append(healthy, t)
			continue
		}
		trail.Add(ctx, g.lb.label(n), g.ID, "target %s is unhealthy: %s", t, reasons[i])
	}
	return healthy
}

// health returns why a target is unhealthy as a node sees it, or nothing. The target
// is asked once in a moment.
func (t *target) health(ctx context.Context, n *node) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	last, known := t.checks[n.zone]
	if known && time.Since(last.at) < healthMoment {
		return last.reason
	}
	// The check is not part of the request, which may end before it.
	ctx = trail.With(context.WithoutCancel(ctx), nil)
	reason := t.group.check(ctx, n, t)
	t.checks[n.zone] = check{at: time.Now(), reason: reason}
	return reason
}

// check asks a target whether it is healthy.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
func (g *targetGroup) check(ctx context.Context, n *node, t *target) string {
	settings := g.Out.Object("healthCheck")
	timeout := time.Duration(settings.Int("timeout")) * time.Second
	if timeout == 0 {
		timeout = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	addr := t.addr
	if port, err := strconv.ParseUint(settings.String("port"), 10, 16); err == nil {
		addr = netip.AddrPortFrom(addr.Addr(), uint16(port))
	}
	conn, err := g.lb.all.options.Dialer.Dial(ctx, g.lb.place(n), addr)
	if err != nil {
		return "Target.FailedHealthChecks: " + err.Error()
	}
	defer conn.Close()
	if g.Out.Bool("proxyProtocolV2") {
		if _, err := proxyHeader(nil, "").WriteTo(conn); err != nil {
			return "Target.FailedHealthChecks: " + err.Error()
		}
	}
	if settings.String("protocol") == "TCP" {
		return ""
	}
	return g.checkHTTP(ctx, conn, addr)
}

// checkHTTP sends the request of a health check. Its Host header is the address of the
// target and the port. A check by HTTPS does not verify the target's certificate and
// does not speak TLS 1.3.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html
func (g *targetGroup) checkHTTP(ctx context.Context, conn net.Conn, addr netip.AddrPort) string {
	settings := g.Out.Object("healthCheck")
	scheme := strings.ToLower(settings.String("protocol"))
	transport := &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return conn, nil },
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, MaxVersion: g.checkVersion()},
		DisableKeepAlives: true,
	}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet,
		scheme+"://"+addr.String()+settings.StringOr("path", "/"), nil)
	if err != nil {
		return "Target.FailedHealthChecks: " + err.Error()
	}
	request.Header.Set("User-Agent", "ELB-HealthChecker/2.0")
	response, err := transport.RoundTrip(request)
	switch {
	case ctx.Err() != nil:
		return "Target.Timeout: the request timed out"
	case err != nil:
		return "Target.FailedHealthChecks: " + err.Error()
	}
	response.Body.Close()
	if !matches(settings.StringOr("matcher", "200-399"), response.StatusCode) {
		return fmt.Sprintf("Target.ResponseCodeMismatch: health checks failed with these codes: [%d]",
			response.StatusCode)
	}
	return ""
}

// checkVersion returns the highest version of TLS of health checks.
func (g *targetGroup) checkVersion() uint16 {
	if g.lb.Out.String("loadBalancerType") == "network" {
		return tls.VersionTLS12
	}
	return tls.VersionTLS13
}

// matches reports whether a matcher such as "200,301-399" contains a status code.
func matches(matcher string, status int) bool {
	return slices.ContainsFunc(strings.Split(matcher, ","), func(part string) bool {
		low, high, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			high = low
		}
		first, errFirst := strconv.Atoi(low)
		last, errLast := strconv.Atoi(high)
		return errFirst == nil && errLast == nil && first <= status && status <= last
	})
}

// ended returns how a network stopped a connection, in the words of a trail.
func ended(err error) string {
	var stopped *network.Stopped
	if errors.As(err, &stopped) {
		return string(stopped.End)
	}
	return err.Error()
}

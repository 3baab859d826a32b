package balancer

import (
	"context"
	"crypto/tls"
	"math/bits"
	"net"
	"time"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

// networkListener is a listener of a Network Load Balancer.
type networkListener struct {
	*inventory.Object
	lb     *loadBalancer
	tls    *frontTLS // Nil for a TCP listener.
	groups []weighted
	idle   time.Duration
}

func newNetworkListener(lb *loadBalancer, o *inventory.Object) *networkListener {
	l := &networkListener{Object: o, lb: lb, idle: idleTimeout}
	if o.Out.String("protocol") == "TLS" {
		l.tls = newFrontTLS(lb.all, o, o.Out.StringOr("alpnPolicy", "None"))
	} else if seconds := o.Out.Int("tcpIdleTimeoutSeconds"); seconds > 0 {
		l.idle = time.Duration(seconds) * time.Second
	}
	for _, action := range o.Out.Objects("defaultActions") {
		// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
		if action.String("type") != "forward" {
			continue // Application Load Balancers only have other actions.
		}
		l.groups = append(l.groups, lb.forward(action)...)
	}
	return l
}

// Serve carries one connection.
func (l *networkListener) Serve(ctx context.Context, conn net.Conn, a network.Arrival) {
	defer conn.Close()
	c := &connection{listener: l, node: l.lb.nodeAt(a.To.Addr()), arrival: a, started: time.Now(), front: conn}
	if l.tls == nil {
		c.carry(ctx)
		return
	}
	defer c.log()
	secure, seen, err := l.tls.handshake(ctx, conn)
	c.hello, c.handshaken = seen, time.Now()
	if err != nil {
		c.alert = alertOf(err)
		trail.Add(ctx, l.lb.label(c.node), l.ID, "TLS handshake with the client failed: %v", err)
		return
	}
	state := secure.ConnectionState()
	c.state, c.front = &state, secure
	trail.Add(ctx, l.lb.label(c.node), l.ID, "%s", l.tls.describe(state, seen))
	c.carry(ctx)
}

// connection is a client's connection with a Network Load Balancer.
type connection struct {
	listener *networkListener
	node     *node
	arrival  network.Arrival
	started  time.Time
	front    net.Conn

	// What access logs say.
	hello      *hello
	handshaken time.Time
	state      *tls.ConnectionState // Nil if there was no TLS or its handshake failed.
	pipe       pipe
	alert      string // The TLS alert that the client sent, as a number.
	backend    string // The protocol that the target chose by ALPN.
}

// carry connects the client with a target and carries the bytes.
func (c *connection) carry(ctx context.Context) {
	l, place := c.listener, c.listener.lb.label(c.node)
	group := l.groupFor(c.arrival)
	if group == nil {
		trail.Add(ctx, place, l.ID, "the listener forwards to no target group")
		return
	}
	targets := group.usable(ctx, c.node)
	if len(targets) == 0 {
		return
	}
	target := targets[group.flow(c.arrival)%uint64(len(targets))]
	back, err := c.dial(ctx, target)
	if err != nil {
		trail.Add(ctx, place, group.ID, "no connection with target %s: %s", target, ended(err))
		if l.tls == nil { // A Network Load Balancer hands on the packets of a TCP connection.
			abort(c.front, err)
		}
		return
	}
	c.pipe.front, c.pipe.back, c.pipe.idle = c.front, back, l.idle
	c.pipe.run(ctx)
	if c.pipe.expired.Load() {
		trail.Add(ctx, place, l.ID, "closes the connection, which was idle for %s", l.idle)
	}
}

// groupFor returns the target group for a connection, or nil.
func (l *networkListener) groupFor(a network.Arrival) *targetGroup {
	return choose(l.groups, func(g *targetGroup) uint64 { return bits.RotateLeft64(g.flow(a), 32) })
}

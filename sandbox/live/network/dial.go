package network

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/memconn"
	"private-api-blueprints/sandbox/live/trail"
)

// Network is the account's networks with those who listen in them. Its methods may be called concurrently.
type Network struct {
	topology *topology
	port     atomic.Uint32

	mu        sync.Mutex
	listeners map[listenerKey]Handler
	open      map[*conn]context.CancelFunc // The receivers' ends.
	closed    bool
	serving   sync.WaitGroup
}

// listenerKey is an object or a service of AWS with a port. Port 0 is every port.
type listenerKey struct {
	object string
	port   uint16
}

// New returns the networks of an account. Nobody listens yet.
func New(inv *inventory.Inventory) *Network {
	return &Network{topology: read(inv), listeners: map[listenerKey]Handler{}, open: map[*conn]context.CancelFunc{}}
}

// Listen lets a handler serve a port of an object, at all addresses of its interfaces: of an instance, or of a
// load balancer, whose nodes [Arrival.To] tells apart. Port 0 is every port without a separate handler. A
// later handler replaces an earlier one.
func (n *Network) Listen(object string, port uint16, h Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.listeners[listenerKey{object, port}] = h
}

// ListenService lets a handler serve a service of AWS, such as execute-api, on port 443: at its public addresses and
// behind its interface endpoints, in every region.
func (n *Network) ListenService(name string, h Handler) { n.Listen(name, 443, h) }

// FailZone lets everything in an Availability Zone, such as us-east-1a, stop: nothing there sends, answers or passes
// packets on. It must be called before clients dial. What servers did before, such as installing packages, has worked.
func (n *Network) FailZone(zone string) { n.topology.failed = zone }

// Close ends all connections and waits for their handlers. Nobody can dial afterwards.
func (n *Network) Close() {
	n.mu.Lock()
	n.closed = true
	for c, cancel := range n.open {
		cancel()
		_ = c.Close() // It cannot fail.
	}
	n.mu.Unlock()
	n.serving.Wait()
}

// Dial connects a place with an address. The handler's context has the values of ctx, such as the trail, but
// ends with the connection or the network only. The error is a *Stopped if a network stops the connection.
func (n *Network) Dial(ctx context.Context, from Place, to netip.AddrPort) (net.Conn, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	local, l, stop := n.route(ctx, from, to)
	if stop != nil {
		trail.Add(ctx, "network", stop.Source, "%s", stop)
		return nil, stop
	}
	return n.connect(ctx, l, local, to)
}

// route returns the dialer's address and where the connection arrives.
func (n *Network) route(ctx context.Context, from Place, to netip.AddrPort) (netip.AddrPort, *landing, *Stopped) {
	p, stop := n.topology.depart(ctx, from, to)
	if stop != nil {
		return netip.AddrPort{}, nil, stop
	}
	own := p.src
	l, stop := n.topology.carry(p)
	if stop == nil {
		stop = n.closedPort(l)
	}
	if stop != nil {
		return netip.AddrPort{}, nil, stop
	}
	port := uint16(uint32(p.ports.from) + n.port.Add(1)%uint32(p.ports.to-p.ports.from+1))
	l.arrival.From = netip.AddrPortFrom(p.src, port)
	return netip.AddrPortFrom(own, port), l, nil
}

// depart returns the first packet of a connection. It stops a place that has no address of the IP version.
func (t *topology) depart(ctx context.Context, from Place, to netip.AddrPort) (*packet, *Stopped) {
	p := &packet{ctx: ctx, from: from, to: to, groups: from.Groups, ports: linuxPorts}
	addrs := from.Addrs
	if len(addrs) == 0 {
		addrs = t.clientAddrs(from)
	}
	p.src = sameVersion(addrs, to.Addr())
	if !p.src.IsValid() {
		version := map[bool]string{true: "IPv4", false: "IPv6"}[to.Addr().Is4()]
		return nil, &Stopped{End: Unreachable, Source: from.Subnet,
			Reason: fmt.Sprintf("the client has no %s address to reach %s from", version, to.Addr())}
	}
	if o := t.inv.Find(loadBalancerType, from.Owner); o != nil {
		p.ports = nodePorts
		p.preserved = true
		for _, c := range t.nics[o.ID] {
			p.preserved = p.preserved && c.addr(p.src) != p.src
		}
	}
	return p, nil
}

// closedPort returns what the receiver says if nobody listens. A Network Load Balancer drops what matches no
// listener.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
func (n *Network) closedPort(l *landing) *Stopped {
	port := l.arrival.To.Port()
	if n.handler(l.object, port) != nil {
		return nil
	}
	switch o := l.node; {
	case o == nil:
		return &Stopped{End: Refused, Source: l.arrival.Endpoint,
			Reason: fmt.Sprintf("the sandbox simulates nothing on port %d of %s", port, l.object)}
	case o.owner.Type == loadBalancerType && o.owner.Out.String("loadBalancerType") == "network":
		return dropped(o.owner.ID, "%s has no listener on port %d", o.label(), port)
	default:
		return &Stopped{End: Refused, Source: o.owner.ID,
			Reason: fmt.Sprintf("nothing listens on port %d of %s", port, o.label())}
	}
}

// handler returns who listens on a port of an object, or nil.
func (n *Network) handler(object string, port uint16) Handler {
	n.mu.Lock()
	defer n.mu.Unlock()
	if h := n.listeners[listenerKey{object, port}]; h != nil {
		return h
	}
	return n.listeners[listenerKey{object, 0}]
}

// conn is an end of a connection with the addresses of the simulated network.
type conn struct {
	*memconn.Conn
	local, remote netip.AddrPort
}

// LocalAddr returns the address of this end.
func (c *conn) LocalAddr() net.Addr { return net.TCPAddrFromAddrPort(c.local) }

// RemoteAddr returns the address of the other end, as this one sees it.
func (c *conn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.remote) }

// connect starts the handler and returns the dialer's end.
func (n *Network) connect(ctx context.Context, l *landing, local, remote netip.AddrPort) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	client, server := memconn.Pipe()
	if !n.serve(ctx, &conn{Conn: server, local: l.arrival.To, remote: l.arrival.From}, l) {
		return nil, net.ErrClosed
	}
	return &conn{Conn: client, local: local, remote: remote}, nil
}

// serve starts the handler of a connection. It reports whether the network is open.
func (n *Network) serve(ctx context.Context, server *conn, l *landing) bool {
	h := n.handler(l.object, l.arrival.To.Port())
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		cancel()
		return false
	}
	n.open[server] = cancel
	n.serving.Go(func() {
		defer n.finish(server)
		h.Serve(ctx, server, l.arrival)
	})
	return true
}

// finish forgets a connection that its handler has served.
func (n *Network) finish(server *conn) {
	_ = server.Close() // It cannot fail.
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open[server]()
	delete(n.open, server)
}

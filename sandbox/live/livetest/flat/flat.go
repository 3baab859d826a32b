// Package flat is a network for tests of what listens in networks: everything reaches
// everything.
package flat

import (
	"context"
	"net"
	"net/netip"
	"sync"

	"private-api-blueprints/sandbox/live/memconn"
	"private-api-blueprints/sandbox/live/network"
)

// Network is a network in which everything reaches everything. Nothing listens until
// it is told so.
type Network struct {
	mu       sync.Mutex
	handlers map[netip.AddrPort]network.Handler
	dropped  map[netip.AddrPort]bool
	dials    []Dial
	port     uint16
}

// Dial is an attempt to connect.
type Dial struct {
	From network.Place
	To   netip.AddrPort
}

// Listen makes a handler serve an address and port.
func (n *Network) Listen(addr string, handler network.Handler) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.handlers == nil {
		n.handlers = map[netip.AddrPort]network.Handler{}
	}
	n.handlers[netip.MustParseAddrPort(addr)] = handler
}

// Drop makes connections to an address and port time out.
func (n *Network) Drop(addr string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.dropped == nil {
		n.dropped = map[netip.AddrPort]bool{}
	}
	n.dropped[netip.MustParseAddrPort(addr)] = true
}

// Dials returns the attempts to connect so far.
func (n *Network) Dials() []Dial {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]Dial{}, n.dials...)
}

// Dial connects a place with an address. As in the real network, the handler may outlive
// the context of the dialer.
func (n *Network) Dial(ctx context.Context, from network.Place, to netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dials = append(n.dials, Dial{from, to})
	switch {
	case n.dropped[to]:
		return nil, &network.Stopped{End: network.TimedOut, Reason: "dropped"}
	case n.handlers[to] == nil:
		return nil, &network.Stopped{End: network.Refused, Reason: "nothing listens"}
	}
	n.port++
	arrival := network.Arrival{From: netip.AddrPortFrom(from.Addrs[0], 40000+n.port), To: to, Region: "us-east-1"}
	client, server := memconn.Pipe()
	go n.handlers[to].Serve(context.WithoutCancel(ctx), server, arrival)
	return client, nil
}

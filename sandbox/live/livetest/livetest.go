// Package livetest helps to test a part of the live sandbox without the others: a
// small account, a network that carries everything, and connections in memory.
package livetest

import (
	"context"
	"net"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
)

// Inventory returns an account that holds the objects of a text in the form of
// sandbox/catalog/existing.yaml, in us-east-1.
func Inventory(t testing.TB, yaml string) *inventory.Inventory {
	t.Helper()
	kinds := catalog.New()
	kinds.Existing = []byte(yaml)
	account, err := cloud.Open(filepath.Join(t.TempDir(), "aws.json"), kinds)
	require.NoError(t, err)
	return inventory.New(account.Objects())
}

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

// Dial connects a place with an address.
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
	client, server := Pipe()
	go n.handlers[to].Serve(ctx, server, arrival)
	return client, nil
}

package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"

	"private-api-blueprints/sandbox/live/dns"
	"private-api-blueprints/sandbox/live/proxy"
)

// Front is what a person's own tools reach of one place: a DNS server and an HTTP proxy, both on loopback.
type Front struct {
	From  string         // The place, as [World.Place] reads it.
	DNS   netip.AddrPort // For UDP and TCP.
	Proxy netip.AddrPort

	wait func()
}

// Wait waits until the servers have stopped.
func (f *Front) Wait() { f.wait() }

// Serve starts the servers of a place. They stop when the context ends. They follow the account: after a change of it,
// they answer for the place of that name in the new world. Their errors, and that of Serve, show no secret.
func (c *Current) Serve(ctx context.Context, from string) (*Front, error) {
	w, done := c.Use()
	_, err := w.Place(from)
	done()
	if err != nil {
		return nil, w.Redacted(err)
	}
	ctx, stop := context.WithCancel(ctx)
	lookup := func(ctx context.Context, name string, kind uint16) (*dns.Answer, error) {
		w, done := c.Use()
		defer done()
		place, err := w.Place(from)
		if err != nil {
			return nil, err
		}
		return w.Resolver(place).Lookup(ctx, name, kind)
	}
	resolver, err := dns.Serve(ctx, "127.0.0.1:0", lookup)
	if err != nil {
		stop()
		return nil, err
	}
	tunnels, err := proxy.Serve(ctx, "127.0.0.1:0", func(ctx context.Context, hostPort string) (net.Conn, error) {
		return c.connect(ctx, from, hostPort)
	})
	if err != nil {
		stop()
		resolver.Wait()
		return nil, err
	}
	return &Front{From: from, DNS: resolver.Addr(), Proxy: tunnels.Addr(), wait: func() {
		resolver.Wait()
		tunnels.Wait()
		stop()
	}}, nil
}

// connect connects a place with a host and port. The connection keeps the world in which it was made.
func (c *Current) connect(ctx context.Context, from, hostPort string) (net.Conn, error) {
	w, done := c.Use()
	conn, err := w.Reach(ctx, from, hostPort)
	if err != nil {
		done()
		return nil, w.Redacted(err)
	}
	return &kept{Conn: conn, done: done}, nil
}

// Reach resolves a host at a place and connects with it, as a client that speaks TCP would. The host has a port.
func (w *World) Reach(ctx context.Context, from, hostPort string) (net.Conn, error) {
	place, err := w.Place(from)
	if err != nil {
		return nil, err
	}
	host, service, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, err
	}
	port, err := net.LookupPort("tcp", service)
	if err != nil {
		return nil, fmt.Errorf("port = %q: want a number of up to 65535", service)
	}
	addrs, err := w.addresses(ctx, Call{}, place, host, &Result{})
	if err != nil {
		return nil, err
	}
	return w.connect(ctx, place, addrs, uint16(port), &Result{})
}

// kept is a connection that uses a world until it is closed.
type kept struct {
	net.Conn
	done func()
}

// CloseWrite says that no more bytes will come.
func (k *kept) CloseWrite() error {
	if half, ok := k.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}

// Close closes the connection. It may be called several times.
func (k *kept) Close() error {
	defer k.done()
	return k.Conn.Close()
}

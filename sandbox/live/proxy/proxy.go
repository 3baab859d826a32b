// Package proxy is an HTTP proxy into the simulated network, for a person's own tools such as curl. It resolves names
// and connects as a client at one place would. Nothing but the simulated network can be reached through it.
package proxy

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"sync"
	"time"
)

// Connect connects with a host, which is a name or an address, and a port. A net.Error that is a time-out is answered
// with 504, any other error with 502. The caller closes the connection.
type Connect func(ctx context.Context, hostPort string) (net.Conn, error)

// Server is a proxy at a loopback address.
type Server struct {
	addr    netip.AddrPort
	connect Connect
	running sync.WaitGroup
}

// Serve starts a proxy at a loopback address such as 127.0.0.1:0. It stops when the context ends, and ends its
// connections then.
func Serve(ctx context.Context, addr string, connect Connect) (*Server, error) {
	if at, err := netip.ParseAddrPort(addr); err != nil || !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("address = %q: want a loopback address, such as 127.0.0.1:0", addr)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &Server{addr: listener.Addr().(*net.TCPAddr).AddrPort(), connect: connect}
	server := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.serve(ctx, w, r) }),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       time.Minute,
		ConnState:         s.count,
	}
	s.running.Go(func() { _ = server.Serve(listener) }) // It ends when the server is closed.
	s.running.Go(func() {
		<-ctx.Done()
		_ = server.Close()
	})
	return s, nil
}

// Addr returns the address of the proxy.
func (s *Server) Addr() netip.AddrPort { return s.addr }

// Wait waits until the proxy and its connections have ended.
func (s *Server) Wait() { s.running.Wait() }

// count counts the open connections. A tunnel ends with its handler.
func (s *Server) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.running.Add(1)
	case http.StateClosed:
		s.running.Done()
	}
}

// serve serves one request. The context is the server's: that of the request ends when the client sends no more.
func (s *Server) serve(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodConnect:
		s.tunnel(ctx, w, r)
	case r.URL.Scheme == "http" && r.URL.Host != "":
		s.forward(w, r)
	default:
		http.Error(w, "This is a proxy: want CONNECT, or the whole URL of scheme http in the request line.",
			http.StatusBadRequest)
	}
}

// refuse answers that no connection was made, and why.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadGateway
	if late := net.Error(nil); errors.As(err, &late) && late.Timeout() {
		status = http.StatusGatewayTimeout
	}
	http.Error(w, err.Error(), status)
}

// tunnel connects, and carries the bytes of both sides.
func (s *Server) tunnel(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	if _, _, err := net.SplitHostPort(r.Host); err != nil {
		http.Error(w, fmt.Sprintf("CONNECT %q: want a host and a port", r.Host), http.StatusBadRequest)
		return
	}
	back, err := s.connect(ctx, r.Host)
	if err != nil {
		refuse(w, err)
		return
	}
	defer back.Close()
	front, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		refuse(w, err)
		return
	}
	defer s.running.Done()
	defer front.Close()
	if _, err := io.WriteString(front, "HTTP/1.1 200 Connection established\r\n\r\n"); err == nil {
		carry(ctx, front, buffered.Reader, back)
	}
}

// carry carries the bytes of both sides until both have ended, one is broken, or the context ends. The client's first
// bytes may be in the reader.
func carry(ctx context.Context, front net.Conn, sent *bufio.Reader, back net.Conn) {
	closeBoth := sync.OnceFunc(func() {
		front.Close()
		back.Close()
	})
	defer closeBoth()
	defer context.AfterFunc(ctx, closeBoth)()
	var both sync.WaitGroup
	both.Go(func() { copyTo(back, sent, closeBoth) })
	copyTo(front, back, closeBoth)
	both.Wait()
}

// copyTo copies the bytes of one direction, and then tells the receiver that no more will come.
func copyTo(to net.Conn, from io.Reader, closeBoth func()) {
	_, err := io.Copy(to, from)
	half, ok := to.(interface{ CloseWrite() error })
	if err != nil || !ok || half.CloseWrite() != nil {
		closeBoth()
	}
}

// forward makes a request of scheme http for the client. The request is the client's, except for the headers that are
// for the proxy.
func (s *Server) forward(w http.ResponseWriter, r *http.Request) {
	transport := &http.Transport{ // For one request: the connection ends with it.
		DialContext: func(ctx context.Context, _, hostPort string) (net.Conn, error) {
			return s.connect(ctx, hostPort)
		},
		DisableCompression: true, // It would add a header.
	}
	defer transport.CloseIdleConnections()
	proxy := httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.RawQuery = p.In.URL.RawQuery // Whatever the client wrote.
			for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
				if values, given := p.In.Header[name]; given {
					p.Out.Header[name] = values
				}
			}
		},
		ErrorHandler:  func(w http.ResponseWriter, _ *http.Request, err error) { refuse(w, err) },
		FlushInterval: -1,
	}
	proxy.ServeHTTP(w, r)
}

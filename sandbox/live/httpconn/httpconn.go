// Package httpconn serves HTTP on single connections, which no listener accepts.
package httpconn

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
)

// silent takes the messages of servers about clients' mistakes.
var silent = log.New(io.Discard, "", 0)

// Serve serves HTTP on one connection until it ends and all handlers have returned, and
// closes it. A *tls.Conn may have chosen h2. Requests have the values of the context and
// end with it. The server is used for this connection only.
func Serve(ctx context.Context, conn net.Conn, server *http.Server) {
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	closed := make(chan struct{})
	once := sync.OnceFunc(func() { close(closed) })
	var handlers sync.WaitGroup
	handler := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handlers.Add(1)
		defer handlers.Done()
		handler.ServeHTTP(w, r)
	})
	server.ErrorLog = silent
	server.BaseContext = func(net.Listener) context.Context { return ctx }
	server.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			once()
		}
	}
	_ = server.Serve(&single{conn: conn, closed: closed}) // It always returns the error of Accept.
	handlers.Wait()                                       // One may have taken over the connection.
}

// single is a listener of one connection. It ends with it.
type single struct {
	conn   net.Conn
	closed chan struct{}
}

// Accept returns the connection once, and waits for its end afterwards.
func (s *single) Accept() (net.Conn, error) {
	if conn := s.conn; conn != nil {
		s.conn = nil
		return conn, nil
	}
	<-s.closed
	return nil, io.EOF
}

// Close does nothing. The connection belongs to the server.
func (s *single) Close() error { return nil }

// Addr returns an address without meaning.
func (s *single) Addr() net.Addr { return &net.TCPAddr{} }

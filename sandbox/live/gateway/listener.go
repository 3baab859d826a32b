package gateway

import (
	"io"
	"log"
	"net"
)

// silent is the log of a server whose clients may do what they want.
var silent = log.New(io.Discard, "", 0)

// single is a listener of one connection, for net/http, which serves listeners only. The
// second Accept returns when the connection is closed, and so ends the server.
type single struct {
	conn   net.Conn
	closed <-chan struct{}
}

// Accept returns the connection, or waits until it is closed.
func (l *single) Accept() (net.Conn, error) {
	if conn := l.conn; conn != nil {
		l.conn = nil
		return conn, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

// Close does nothing: the connection belongs to the one who made it.
func (l *single) Close() error { return nil }

// Addr returns the address of a connection that has one already.
func (l *single) Addr() net.Addr { return &net.TCPAddr{} }

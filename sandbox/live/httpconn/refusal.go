package httpconn

import (
	"bytes"
	"net"
)

// headers are what the standard library answers with to a request that it cannot read,
// after the status line. No handler's answer has these fields alone.
var headers = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")

// Refusing returns a connection for [Serve] that answers requests that cannot be read as
// another server does. Page returns the whole answer instead of one with a status
// line such as "HTTP/1.1 400 Bad Request".
func Refusing(conn net.Conn, page func(statusLine string) []byte) net.Conn {
	return &refusing{Conn: conn, page: page}
}

type refusing struct {
	net.Conn
	page func(statusLine string) []byte
}

// Write writes an answer.
func (c *refusing) Write(p []byte) (int, error) {
	line, _, ok := bytes.Cut(p, headers)
	if !ok || bytes.Contains(line, []byte("\r\n")) {
		return c.Conn.Write(p)
	}
	if _, err := c.Conn.Write(c.page(string(line))); err != nil {
		return 0, err
	}
	return len(p), nil
}

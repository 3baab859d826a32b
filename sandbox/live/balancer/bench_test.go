package balancer

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/network"
)

// BenchmarkRequestThroughTLS sends a request on a connection that stays open, through a
// TLS listener to a target by TLS.
func BenchmarkRequestThroughTLS(b *testing.B) {
	w := newWorld(b, scene{targets: oneTarget})
	w.network.Listen("10.0.1.20:443", network.HandlerFunc(webSite))
	clients := sync.Pool{New: func() any {
		conn, err := w.secure(w.connect(b.Context(), network.Arrival{}))
		require.NoError(b, err)
		return bufio.NewReadWriter(bufio.NewReader(conn), bufio.NewWriter(conn))
	}}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			client := clients.Get().(*bufio.ReadWriter)
			client.WriteString("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n")
			client.Flush()
			response, err := http.ReadResponse(client.Reader, nil)
			require.NoError(b, err)
			io.Copy(io.Discard, response.Body)
			clients.Put(client)
		}
	})
}

// BenchmarkConnectionThroughTLS opens a connection for each request.
func BenchmarkConnectionThroughTLS(b *testing.B) {
	w := newWorld(b, scene{targets: oneTarget})
	w.network.Listen("10.0.1.20:443", &backend{config: speaks()})
	for b.Loop() {
		conn, err := w.secure(w.connect(b.Context(), network.Arrival{}))
		require.NoError(b, err)
		_, err = ask(conn, "hello")
		require.NoError(b, err)
		conn.Close()
	}
}

// webSite answers each request of a connection.
func webSite(_ context.Context, conn net.Conn, _ network.Arrival) {
	secure := tls.Server(conn, speaks())
	defer secure.Close()
	reader := bufio.NewReader(secure)
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		request.Body.Close()
		io.WriteString(secure, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n")
	}
}

package balancer

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"sync"
	"testing"

	"github.com/pires/go-proxyproto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/network"
)

// lateAnswer answers when the client sends no more.
func lateAnswer(_ context.Context, conn net.Conn, _ network.Arrival) {
	defer conn.Close()
	secure := tls.Server(conn, speaks())
	question, err := io.ReadAll(secure)
	if err == nil {
		secure.Write(append(question, ", answered"...))
		secure.Close()
	}
}

// secureEither does a client's TLS handshake with whoever ends TLS.
func (w *world) secureEither(conn net.Conn) (*tls.Conn, error) {
	secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	return secure, secure.HandshakeContext(w.t.Context())
}

// accountPolicies returns the security policies that the simulated account accepts.
func accountPolicies(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../../catalog/elb_listener.go")
	require.NoError(t, err)
	names := regexp.MustCompile(`ELBSecurityPolicy-[A-Z0-9][A-Za-z0-9-]+`).FindAllString(string(source), -1)
	require.Greater(t, len(names), 30)
	return names
}

// site is a target that answers each request with 403 once.
type site struct {
	config *tls.Config

	mu   sync.Mutex
	seen []string
}

// Serve answers one request.
func (s *site) Serve(_ context.Context, conn net.Conn, _ network.Arrival) {
	defer conn.Close()
	conn = tls.Server(conn, s.config)
	defer conn.Close()
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	s.mu.Lock()
	s.seen = append(s.seen, request.Method+" "+request.URL.Path+" "+request.Host+" "+request.UserAgent())
	s.mu.Unlock()
	io.WriteString(conn, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

// assertChecksum compares the checksum of a PROXY header with one of its bytes, in which
// the checksum counts as zeros.
func assertChecksum(t *testing.T, header *proxyproto.Header) {
	t.Helper()
	tlvs, err := header.TLVs()
	require.NoError(t, err)
	require.Equal(t, proxyproto.PP2_TYPE_CRC32C, tlvs[0].Type)
	sum := binary.BigEndian.Uint32(tlvs[0].Value)
	zeroed := *header
	tlvs[0].Value = make([]byte, 4)
	require.NoError(t, zeroed.SetTLVs(tlvs))
	data, err := zeroed.Format()
	require.NoError(t, err)
	assert.Equal(t, crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)), sum)
}

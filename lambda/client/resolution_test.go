package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// DNS record types and response codes. https://www.rfc-editor.org/rfc/rfc1035#section-3.2.2
const (
	typeA          = 1
	noError        = 0
	serverFailure  = 2
	noSuchName     = 3
	responseHeader = 0x8180 // A response, recursion desired and available.
)

func TestErrorTellsAMissingNameFromAMissingAAAARecord(t *testing.T) {
	const lookupError = ": name resolution: dial tcp6: lookup api.example.com on "
	for _, row := range []struct {
		why  string
		zone zone
		want string
	}{
		{"the name does not exist", zone{code: noSuchName}, lookupError},
		{
			"there is only an A record", zone{a: net.IPv4(192, 0, 2, 10)},
			": name resolution: no AAAA record, IPv4 only: [192.0.2.10]: ",
		},
		{"there is neither an A nor an AAAA record", zone{code: noError}, lookupError},
		{"a failing name server proves nothing", zone{code: serverFailure, a: net.IPv4(192, 0, 2, 10)}, lookupError},
	} {
		t.Run(row.why, func(t *testing.T) {
			setEnv(t, "https://api.example.com/prod/hello", apiName)
			_, err := newClient(row.zone.resolver(t)).handle(t.Context())
			assert.ErrorContains(t, err, "GET https://api.example.com/prod/hello over IPv6"+row.want)
		})
	}
}

func TestIPv4AddressIsNotDialed(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	require.NoError(t, err)
	connected := make(chan struct{})
	go func() {
		if _, err := listener.Accept(); err == nil {
			close(connected)
		}
	}()
	setEnv(t, "https://"+listener.Addr().String(), "")
	_, err = newClient(net.DefaultResolver).handle(t.Context())
	assert.ErrorContains(t, err, "over IPv6: name resolution: no AAAA record, IPv4 only: [127.0.0.1]: ")
	listener.Close()
	select {
	case <-connected:
		t.Error("the production dialer used IPv4")
	default:
	}
}

// zone describes how a name server answers for every name: with code for AAAA,
// and with the address for A, if there is one.
type zone struct {
	code uint16
	a    net.IP
}

// resolver returns a resolver that asks a name server of this process. Messages
// go over a pipe, each after its length.
func (z zone) resolver(t *testing.T) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		t.Cleanup(func() { far.Close() })
		go z.serve(far)
		return near, nil
	}}
}

// serve answers the queries of one connection.
func (z zone) serve(conn net.Conn) {
	for {
		var size uint16
		if binary.Read(conn, binary.BigEndian, &size) != nil {
			return
		}
		query := make([]byte, size)
		if binary.Read(conn, binary.BigEndian, query) != nil {
			return
		}
		answer := z.answer(query)
		conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
	}
}

// answer returns the response to query, which asks one question.
// https://www.rfc-editor.org/rfc/rfc1035#section-4.1
func (z zone) answer(query []byte) []byte {
	id, rest := query[:2], query[12:]
	question := rest[:bytes.IndexByte(rest, 0)+5] // The name up to its root label, type and class.
	code, records := z.code, []byte(nil)
	if z.a != nil && binary.BigEndian.Uint16(question[len(question)-4:]) == typeA {
		code, records = noError, append([]byte{0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 60, 0, 4}, z.a.To4()...)
	}
	message := bytes.Clone(id)
	for _, field := range []uint16{responseHeader | code, 1, uint16(len(records) / 16), 0, 0} {
		message = binary.BigEndian.AppendUint16(message, field)
	}
	return append(append(message, question...), records...)
}

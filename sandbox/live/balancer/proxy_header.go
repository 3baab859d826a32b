package balancer

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"net"
	"net/netip"

	"github.com/pires/go-proxyproto"
	"github.com/pires/go-proxyproto/tlvparse"

	"private-api-blueprints/sandbox/live/network"
)

// header is a PROXY protocol header, as bytes.
type header []byte

// WriteTo writes a header.
func (h header) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(h)
	return int64(n), err
}

// proxyHeader returns the header of version 2 of a connection, or of a health check if
// the arrival is nil. It has the ID of the endpoint that the client used, if any, and
// a checksum.
// https://www.haproxy.org/download/3.2/doc/proxy-protocol.txt
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#proxy-protocol
func proxyHeader(a *network.Arrival, endpoint string) header {
	if a == nil {
		return format(&proxyproto.Header{Version: 2, Command: proxyproto.LOCAL,
			TransportProtocol: proxyproto.UNSPEC}, nil)
	}
	h := proxyproto.HeaderProxyFromAddrs(2, tcpAddr(a.From), tcpAddr(a.To))
	tlvs := []proxyproto.TLV{{Type: proxyproto.PP2_TYPE_CRC32C, Value: make([]byte, crc32.Size)}}
	if endpoint != "" {
		tlvs = append(tlvs, proxyproto.TLV{Type: tlvparse.PP2_TYPE_AWS,
			Value: append([]byte{tlvparse.PP2_SUBTYPE_AWS_VPCE_ID}, endpoint...)})
	}
	return format(h, tlvs)
}

// format returns the bytes of a header with fields. It fills in the checksum, which is
// the first field: its value counts as zeros in the sum.
func format(h *proxyproto.Header, tlvs []proxyproto.TLV) header {
	if err := h.SetTLVs(tlvs); err != nil {
		panic(err) // Fields of a few bytes are valid.
	}
	data, err := h.Format()
	if err != nil {
		panic(err) // The addresses are of one version.
	}
	if len(tlvs) > 0 {
		field := []byte{byte(proxyproto.PP2_TYPE_CRC32C), 0, crc32.Size, 0, 0, 0, 0}
		at := bytes.LastIndex(data, field) + len(field) - crc32.Size
		binary.BigEndian.PutUint32(data[at:], crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)))
	}
	return data
}

func tcpAddr(a netip.AddrPort) *net.TCPAddr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(a.Addr().Unmap(), a.Port()))
}

package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"

	"github.com/miekg/dns"
)

// Lookup answers a question, as [Resolver.Lookup] does.
type Lookup func(ctx context.Context, name string, kind uint16) (*Answer, error)

// Server is a DNS server for one place, over UDP and TCP.
type Server struct {
	addr    netip.AddrPort
	servers []*dns.Server
	running sync.WaitGroup
}

// Serve starts a DNS server at a loopback address such as 127.0.0.1:0. It stops when the context ends. A
// question that nobody answers gets no answer.
func Serve(ctx context.Context, addr string, lookup Lookup) (*Server, error) {
	tcp, udp, err := listen(addr)
	if err != nil {
		return nil, err
	}
	s := &Server{addr: tcp.Addr().(*net.TCPAddr).AddrPort()}
	handler := dns.HandlerFunc(func(w dns.ResponseWriter, request *dns.Msg) {
		if reply := answer(ctx, lookup, request); reply != nil {
			if _, overUDP := w.RemoteAddr().(*net.UDPAddr); overUDP {
				reply.Truncate(size(request))
			}
			_ = w.WriteMsg(reply) // The client may be gone.
		}
	})
	s.servers = []*dns.Server{{Listener: tcp, Handler: handler}, {PacketConn: udp, Handler: handler}}
	for _, server := range s.servers {
		started := make(chan struct{})
		server.NotifyStartedFunc = func() { close(started) }
		s.running.Go(func() { _ = server.ActivateAndServe() }) // It ends when the server shuts down.
		<-started
	}
	s.running.Go(func() {
		<-ctx.Done()
		for _, server := range s.servers {
			_ = server.Shutdown()
		}
	})
	return s, nil
}

// Addr returns the address of the server.
func (s *Server) Addr() netip.AddrPort { return s.addr }

// Wait waits until the server has stopped.
func (s *Server) Wait() { s.running.Wait() }

// listen opens the same port for TCP and UDP.
func listen(addr string) (net.Listener, net.PacketConn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, nil, err
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return nil, nil, fmt.Errorf("address = %q: want a loopback address, such as 127.0.0.1:0", addr)
	}
	var failed error
	for range 10 { // A port that is free for TCP may be taken for UDP.
		tcp, err := net.Listen("tcp", addr)
		if err != nil {
			return nil, nil, err
		}
		udp, err := net.ListenPacket("udp", tcp.Addr().String())
		if err == nil {
			return tcp, udp, nil
		}
		_ = tcp.Close() // The port is of no use.
		failed = errors.Join(failed, err)
	}
	return nil, nil, failed
}

// size returns the length of the longest message that a client takes over UDP.
func size(request *dns.Msg) int {
	if opt := request.IsEdns0(); opt != nil {
		return max(int(opt.UDPSize()), dns.MinMsgSize)
	}
	return dns.MinMsgSize
}

// answer returns the reply to a request, or nil if the client waits in vain.
func answer(ctx context.Context, lookup Lookup, request *dns.Msg) *dns.Msg {
	reply := new(dns.Msg)
	if request.Opcode != dns.OpcodeQuery || len(request.Question) != 1 ||
		request.Question[0].Qclass != dns.ClassINET {
		return reply.SetRcode(request, dns.RcodeNotImplemented)
	}
	reply.SetReply(request)
	reply.RecursionAvailable = true
	if opt := request.IsEdns0(); opt != nil {
		reply.SetEdns0(opt.UDPSize(), false)
	}
	a, err := lookup(ctx, request.Question[0].Name, request.Question[0].Qtype)
	if err != nil {
		return nil
	}
	reply.Rcode, reply.Answer, reply.Ns = a.Rcode, a.Records, a.Authority
	return reply
}

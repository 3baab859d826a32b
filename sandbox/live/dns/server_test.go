package dns

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/livetest"
	"private-api-blueprints/sandbox/live/network"
)

// many is a name with more addresses than a small message holds.
func many() string {
	var all []string
	for i := range 60 {
		all = append(all, fmt.Sprintf("192.0.2.%d", i+1))
	}
	return `
- {type: aws:route53/record:Record, id: ZPUBLIC_many, inputs: {zoneId: ZPUBLIC, name: many.example.com, type: A,
   ttl: 60, records: [` + strings.Join(all, ", ") + `]}}`
}

// serve returns a server for the internet.
func serve(t *testing.T) *Server {
	ctx, cancel := context.WithCancel(t.Context())
	server, err := Serve(ctx, "127.0.0.1:0", New(livetest.Open(t, world, many()), nil).Resolver(internet).Lookup)
	require.NoError(t, err)
	t.Cleanup(func() { cancel(); server.Wait() })
	return server
}

// ask asks a server over udp or tcp. size is the longest message that the client takes, or 0 for the default.
func ask(t *testing.T, server *Server, transport, name string, size uint16) *dns.Msg {
	t.Helper()
	request := new(dns.Msg)
	request.SetQuestion(name, dns.TypeA)
	if size > 0 {
		request.SetEdns0(size, false)
	}
	client := dns.Client{Net: transport}
	reply, _, err := client.Exchange(request, server.Addr().String())
	require.NoError(t, err)
	return reply
}

func TestAServerAnswersOverUDPAndTCP(t *testing.T) {
	server := serve(t)
	for _, transport := range []string{"udp", "tcp"} {
		reply := ask(t, server, transport, "plain.example.com.", 0)
		assert.Equal(t, []string{"plain.example.com 300 A 192.0.2.80", "plain.example.com 300 A 192.0.2.81"},
			lines(reply.Answer), transport)
		assert.True(t, reply.RecursionAvailable)
		assert.Equal(t, dns.RcodeNameError, ask(t, server, transport, "example.org.", 0).Rcode)
	}
}

func TestALongAnswerIsTruncatedOverUDPOnly(t *testing.T) {
	server := serve(t)
	reply := ask(t, server, "udp", "many.example.com.", 0)
	assert.True(t, reply.Truncated)
	assert.Less(t, len(reply.Answer), 60)
	reply = ask(t, server, "udp", "many.example.com.", 4096)
	assert.False(t, reply.Truncated)
	assert.Len(t, reply.Answer, 60)
	assert.NotNil(t, reply.IsEdns0())
	assert.Len(t, ask(t, server, "tcp", "many.example.com.", 0).Answer, 60)
}

func TestAServerAnswersQuestionsOnly(t *testing.T) {
	server := serve(t)
	client := dns.Client{}
	update := new(dns.Msg)
	update.SetUpdate("example.com.")
	chaos := new(dns.Msg)
	chaos.SetQuestion("version.bind.", dns.TypeTXT)
	chaos.Question[0].Qclass = dns.ClassCHAOS
	for why, request := range map[string]*dns.Msg{"an update": update, "another class": chaos} {
		reply, _, err := client.Exchange(request, server.Addr().String())
		require.NoError(t, err)
		assert.Equal(t, dns.RcodeNotImplemented, reply.Rcode, why)
	}
}

func TestNobodyAnswersForAVPCWithoutResolver(t *testing.T) {
	stop := &network.Stopped{End: network.TimedOut}
	request := new(dns.Msg)
	request.SetQuestion("example.com.", dns.TypeA)
	silent := func(context.Context, string, uint16) (*Answer, error) { return nil, stop }
	assert.Nil(t, answer(t.Context(), silent, request))
}

func TestAServerStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server, err := Serve(ctx, "127.0.0.1:0", nil)
	require.NoError(t, err)
	cancel()
	server.Wait()
	again, err := Serve(t.Context(), server.Addr().String(), nil)
	require.NoError(t, err, "the port is free again")
	assert.Equal(t, server.Addr(), again.Addr())
}

func TestAServerListensOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:53", "localhost"} {
		_, err := Serve(t.Context(), addr, nil)
		assert.Error(t, err, addr)
	}
	_, err := Serve(t.Context(), "0.0.0.0:0", nil)
	assert.EqualError(t, err, `address = "0.0.0.0:0": want a loopback address, such as 127.0.0.1:0`)
}

// TestDig runs the program that people have.
func TestDig(t *testing.T) {
	dig, err := exec.LookPath("dig")
	require.NoError(t, err, "install dig: macOS has it, Debian and Ubuntu have it in the package bind9-dnsutils")
	addr := serve(t).Addr()
	run := func(args ...string) string {
		base := []string{"@" + addr.Addr().String(), "-p", fmt.Sprint(addr.Port()), "+time=2", "+tries=1"}
		out, err := exec.CommandContext(t.Context(), dig, append(base, args...)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	assert.Equal(t, "plain.example.com.\n192.0.2.80\n192.0.2.81\n", run("+short", "short.example.com"))
	assert.Contains(t, run("secret.execute-api.us-east-1.amazonaws.com"), "status: NXDOMAIN")
	assert.Equal(t, 60, strings.Count(run("+short", "+bufsize=512", "many.example.com"), "\n"), "dig asks again by TCP")
	warned := run("plain.example.com", "AAAA")
	assert.Contains(t, warned, "status: NOERROR")
	assert.Contains(t, warned, "awsdns-hostmaster.amazon.com.")
	assert.NotContains(t, warned, "WARNING")
}

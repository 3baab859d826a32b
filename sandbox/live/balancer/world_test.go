package balancer

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/authority"
	"private-api-blueprints/sandbox/live/livetest"
	"private-api-blueprints/sandbox/live/livetest/flat"
	"private-api-blueprints/sandbox/live/memconn"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

const (
	elbARN      = "arn:aws:elasticloadbalancing:us-east-1:123456789012:"
	balancerARN = elbARN + "loadbalancer/net/front/00000000000000aa"
	listenerARN = elbARN + "listener/net/front/00000000000000aa/00000000000000bb"
	groupARN    = elbARN + "targetgroup/tg/00000000000000cc"
	certARN     = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
)

// networkYAML is a VPC with three zones, of which the load balancers use two.
const networkYAML = `
- {type: "aws:ec2/vpc:Vpc", id: vpc-00000000000000001, inputs: {cidrBlock: 10.0.0.0/16}}
- type: aws:ec2/subnet:Subnet
  id: subnet-0000000000000000a
  inputs: {vpcId: vpc-00000000000000001, cidrBlock: 10.0.1.0/24, availabilityZone: us-east-1a}
- type: aws:ec2/subnet:Subnet
  id: subnet-0000000000000000b
  inputs: {vpcId: vpc-00000000000000001, cidrBlock: 10.0.2.0/24, availabilityZone: us-east-1b}
- type: aws:ec2/subnet:Subnet
  id: subnet-0000000000000000c
  inputs: {vpcId: vpc-00000000000000001, cidrBlock: 10.0.3.0/24, availabilityZone: us-east-1c}
- type: aws:acm/certificate:Certificate
  id: ` + certARN + `
  inputs: {domainName: api.example.com, keyAlgorithm: EC_prime256v1, validationMethod: DNS}
  private: {issued: true}
`

// scene is what a test changes about a Network Load Balancer. Each is a list of
// inputs in YAML.
type scene struct {
	balancer string // Such as "enableCrossZoneLoadBalancing: true".
	listener string // By default a TLS listener.
	group    string // By default a group of type ip by TLS.
	targets  []string
	more     string // More objects.
}

// yaml returns the account of a scene. Targets are registered with port 443 by default.
func (s scene) yaml() string {
	listener, group := s.listener, s.group
	if !strings.HasPrefix(listener, "protocol:") {
		listener = strings.Trim("protocol: TLS, certificateArn: '"+certARN+
			"', sslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06, "+listener, ", ")
	}
	if !strings.HasPrefix(group, "protocol:") {
		group = strings.Trim("protocol: TLS, "+group, ", ")
	}
	if !strings.Contains(group, "targetType:") {
		group += ", targetType: ip"
	}
	balancer := ""
	if s.balancer != "" {
		balancer = ", " + s.balancer
	}
	text := networkYAML + s.more + fmt.Sprintf(`
- type: aws:lb/loadBalancer:LoadBalancer
  id: %s
  inputs: {name: front, loadBalancerType: network, internal: true, subnetMappings: [
    {subnetId: subnet-0000000000000000a, privateIpv4Address: 10.0.1.10},
    {subnetId: subnet-0000000000000000b, privateIpv4Address: 10.0.2.10}]%s}
- {type: "aws:lb/targetGroup:TargetGroup", id: "%s", inputs: {name: tg, port: 443, vpcId: vpc-00000000000000001, %s}}
`, balancerARN, balancer, groupARN, group)
	for i, target := range s.targets {
		text += fmt.Sprintf(`
- type: aws:lb/targetGroupAttachment:TargetGroupAttachment
  id: attachment-%d
  inputs: {targetGroupArn: "%s", %s}
`, i, groupARN, target)
	}
	return text + fmt.Sprintf(`
- type: aws:lb/listener:Listener
  id: %s
  inputs: {loadBalancerArn: "%s", port: 443, defaultActions: [{type: forward, targetGroupArn: "%s"}], %s}
`, listenerARN, balancerARN, groupARN, listener)
}

// oneTarget is a target in the zone of the first node.
var oneTarget = []string{"targetId: 10.0.1.20"}

// world is a load balancer in a network.
type world struct {
	t         testing.TB
	network   *flat.Network
	authority *authority.Authority
	balancers *Balancers
	journal   *journal
	steps     *trail.Trail
	first     network.Handler // Who serves the client; by default the first listener.
}

func newWorld(t testing.TB, s scene) *world { return newWorldOf(t, s.yaml()) }

func newWorldOf(t testing.TB, yaml string) *world {
	t.Helper()
	inv := livetest.Open(t, yaml)
	ca, err := authority.Open(t.TempDir(), inv)
	require.NoError(t, err)
	w := &world{t: t, network: &flat.Network{}, authority: ca, journal: &journal{}, steps: &trail.Trail{}}
	w.balancers = New(inv, Options{Dialer: w.network, Certificates: ca, Journal: w.journal, LogFile: w.journal.name})
	return w
}

// connect opens a client's connection with a node's address and returns it.
func (w *world) connect(ctx context.Context, a network.Arrival) net.Conn {
	w.t.Helper()
	require.NotEmpty(w.t, w.balancers.Listeners())
	client, server := memconn.Pipe()
	if !a.From.IsValid() {
		a.From = netip.MustParseAddrPort("192.0.2.1:50000")
	}
	if !a.To.IsValid() {
		a.To = netip.MustParseAddrPort("10.0.1.10:443")
	}
	if w.first == nil {
		w.first = w.balancers.Listeners()[0]
	}
	go w.first.Serve(trail.With(ctx, w.steps), server, a)
	return client
}

// secure does a client's TLS handshake.
func (w *world) secure(conn net.Conn, protocols ...string) (*tls.Conn, error) {
	secure := tls.Client(conn, &tls.Config{RootCAs: w.authority.Pool(), ServerName: "api.example.com",
		NextProtos: protocols})
	return secure, secure.HandshakeContext(w.t.Context())
}

// trail returns what the load balancer recorded.
func (w *world) trail() string {
	var lines []string
	for _, s := range w.steps.Steps() {
		lines = append(lines, s.Place+": "+s.Text)
	}
	return strings.Join(lines, "\n")
}

// journal keeps access logs.
type journal struct {
	mu      sync.Mutex
	objects map[string][]byte
	err     error
}

func (j *journal) PutObject(bucket, key string, body []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if j.objects == nil {
		j.objects = map[string][]byte{}
	}
	j.objects[bucket+"/"+key] = body
	return nil
}

func (j *journal) name(region, balancer string) (string, string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return "logs", fmt.Sprintf("%s/%s/%d", region, lastPart(balancer), len(j.objects)), nil
}

// backend is a target that answers each line in capital letters.
type backend struct {
	config *tls.Config // Nil: without TLS.
	proxy  bool        // Whether it expects a PROXY header.
	name   string

	mu       sync.Mutex
	arrivals []network.Arrival
	headers  []*proxyproto.Header
	states   []tls.ConnectionState
}

// Serve serves a connection until the client sends no more.
func (b *backend) Serve(ctx context.Context, conn net.Conn, a network.Arrival) {
	defer conn.Close()
	b.mu.Lock()
	b.arrivals = append(b.arrivals, a)
	b.mu.Unlock()
	if b.proxy {
		conn = proxyproto.NewConn(conn, proxyproto.WithPolicy(proxyproto.REQUIRE))
		header := conn.(*proxyproto.Conn).ProxyHeader()
		if header == nil {
			return
		}
		b.mu.Lock()
		b.headers = append(b.headers, header)
		b.mu.Unlock()
	}
	if b.config != nil {
		secure := tls.Server(conn, b.config)
		if secure.HandshakeContext(ctx) != nil {
			return
		}
		b.mu.Lock()
		b.states = append(b.states, secure.ConnectionState())
		b.mu.Unlock()
		conn = secure
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		fmt.Fprintf(conn, "%s%s\n", b.name, strings.ToUpper(lines.Text()))
	}
	closeWrite(conn)
}

// selfSigned returns the TLS of a target, whose certificate nobody trusts.
var selfSigned = sync.OnceValue(func() *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"another.name"},
		NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
})

// speaks returns the TLS of a target that speaks some protocols.
func speaks(protocols ...string) *tls.Config {
	config := selfSigned().Clone()
	config.NextProtos = protocols
	return config
}

// ask sends a line and returns the answer.
func ask(conn net.Conn, line string) (string, error) {
	if _, err := fmt.Fprintln(conn, line); err != nil {
		return "", err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	return strings.TrimSpace(answer), err
}

// nodes returns the nodes of a load balancer.
func (b *Balancers) nodes(arn string) []*node {
	return nodesOf(b.inv, b.inv.Find(loadBalancerType, arn))
}

// Package balancer is the load balancers of the simulated account. Each listener of
// a load balancer is a [network.Handler] that serves real connections: it ends TLS,
// chooses a target as AWS does, connects with it through the network, and carries
// the bytes or the requests.
//
// A connection to a Network Load Balancer takes this way:
//
//	listener ─▶ TLS, ALPN (tls.go) ─▶ target group, zone, health (target.go, health.go)
//	  ─▶ dial, PROXY header, TLS to the target (target_conn.go)
//	  ─▶ bytes (pipe.go) ─▶ access log (access_log.go)
//
// An Application Load Balancer (application.go) chooses a target for each request, and
// logs requests (application_log.go).
//
// # What is not behaved
//
// UDP; of Application Load Balancers: functions as targets, sticky sessions, actions that
// ask who the client is, and mutual TLS. A request that needs one of them gets 500 or 503,
// and the trail says why.
package balancer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/trail"
)

const (
	loadBalancerType        = "aws:lb/loadBalancer:LoadBalancer"
	listenerType            = "aws:lb/listener:Listener"
	listenerRuleType        = "aws:lb/listenerRule:ListenerRule"
	listenerCertificateType = "aws:lb/listenerCertificate:ListenerCertificate"
	targetGroupType         = "aws:lb/targetGroup:TargetGroup"
	attachmentType          = "aws:lb/targetGroupAttachment:TargetGroupAttachment"
	instanceType            = "aws:ec2/instance:Instance"
	endpointType            = "aws:ec2/vpcEndpoint:VpcEndpoint"
	subnetType              = "aws:ec2/subnet:Subnet"
)

// Options are what load balancers need of the rest of the sandbox.
type Options struct {
	Dialer       network.Dialer
	Certificates Certificates
	Journal      Journal
	// LogFile returns the bucket and the key of a new file of a load balancer's access logs, and counts the object in
	// the account. Nil means that no load balancer keeps access logs.
	LogFile func(region, loadBalancer string) (bucket, key string, err error)
}

// Certificates are the certificates of ACM.
type Certificates interface {
	// ACM returns what AWS serves for the certificate with an ARN.
	ACM(arn string) (*tls.Certificate, error)
}

// Journal is where objects of S3 are kept.
type Journal interface {
	PutObject(bucket, key string, body []byte) error
}

// Listener is a port of a load balancer. All nodes of the load balancer share its
// handler, which tells them apart by the address at which a connection arrives.
type Listener struct {
	LoadBalancer string // The ARN.
	Port         uint16
	network.Handler
}

// Balancers are all load balancers of an account.
type Balancers struct {
	inv       *inventory.Inventory
	options   Options
	balancers []*loadBalancer
	listeners []Listener
	logs      map[string]*accessLog // By the ARN of the load balancer.
}

// New returns the load balancers of an account. Close them at the end.
func New(inv *inventory.Inventory, options Options) *Balancers {
	b := &Balancers{inv: inv, options: options, logs: map[string]*accessLog{}}
	for _, o := range inv.All(loadBalancerType) {
		b.logs[o.ID] = &accessLog{
			options: options, region: o.Region, loadBalancer: o.ID, secrets: inv.Secrets(),
		}
		lb := &loadBalancer{Object: o, all: b, nodes: nodesOf(inv, o)}
		b.balancers = append(b.balancers, lb)
		for _, l := range inv.Where(listenerType, "loadBalancerArn", o.ID) {
			if handler := lb.handler(l); handler != nil {
				b.listeners = append(b.listeners,
					Listener{LoadBalancer: o.ID, Port: uint16(l.Out.Int("port")), Handler: handler})
			}
		}
	}
	return b
}

// Listeners returns the ports on which load balancers serve TCP connections.
func (b *Balancers) Listeners() []Listener { return b.listeners }

// InDNS returns the addresses of those nodes of a load balancer that its name leads to:
// the nodes that have a healthy target in every target group, or all nodes if there are
// none.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func (b *Balancers) InDNS(ctx context.Context, loadBalancer string) []netip.Addr {
	ctx = trail.With(ctx, nil) // No packet of a client takes this way.
	var healthy, all []netip.Addr
	for _, lb := range b.balancers {
		for _, n := range lb.nodes {
			if lb.ID != loadBalancer {
				continue
			}
			all = append(all, n.addrs...)
			if !slices.ContainsFunc(lb.groups, func(g *targetGroup) bool {
				return len(g.healthy(ctx, n, g.reachable(ctx, n))) == 0
			}) {
				healthy = append(healthy, n.addrs...)
			}
		}
	}
	if len(healthy) == 0 {
		return all
	}
	return healthy
}

// Close writes the access logs that are not written yet.
func (b *Balancers) Close() error {
	var wg sync.WaitGroup
	errs := make(chan error, len(b.logs))
	for _, log := range b.logs {
		wg.Go(func() { errs <- log.flush() })
	}
	wg.Wait()
	close(errs)
	var failed error
	for err := range errs {
		failed = errors.Join(failed, err)
	}
	return failed
}

// loadBalancer is a load balancer with its nodes.
type loadBalancer struct {
	*inventory.Object
	all    *Balancers
	nodes  []*node
	groups []*targetGroup // To which the listeners forward.
}

// node is a load balancer's interface in a zone.
type node struct {
	subnet, zone string
	addrs        []netip.Addr // Private addresses, at most one per IP version.
}

func nodesOf(inv *inventory.Inventory, lb *inventory.Object) []*node {
	var nodes []*node
	for _, eni := range lb.Interfaces {
		n := &node{subnet: eni.Subnet}
		if subnet := inv.Find(subnetType, eni.Subnet); subnet != nil {
			n.zone = subnet.Out.String("availabilityZone")
		}
		for _, text := range []string{eni.IPv4, eni.IPv6} {
			if addr, err := netip.ParseAddr(text); err == nil {
				n.addrs = append(n.addrs, addr)
			}
		}
		nodes = append(nodes, n)
	}
	return nodes
}

// nodeAt returns the node with an address, or the first node for an address that
// none has.
func (lb *loadBalancer) nodeAt(addr netip.Addr) *node {
	for _, n := range lb.nodes {
		for _, own := range n.addrs {
			if own == addr.Unmap() {
				return n
			}
		}
	}
	return lb.nodes[0]
}

// place returns where a node's own connections begin.
func (lb *loadBalancer) place(n *node) network.Place {
	return network.Place{Subnet: n.subnet, Addrs: n.addrs, Groups: lb.Out.Strings("securityGroups"), Owner: lb.ID}
}

// label names a node in a trail, such as "nlb front us-east-1a".
func (lb *loadBalancer) label(n *node) string {
	short := map[string]string{"network": "nlb", "application": "alb"}[lb.Out.String("loadBalancerType")]
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", short, lb.Out.String("name"), n.zone))
}

// handler returns what serves a listener, or nil for a listener that takes no TCP
// connections.
func (lb *loadBalancer) handler(listener *inventory.Object) network.Handler {
	if len(lb.nodes) == 0 {
		return nil
	}
	switch listener.Out.String("protocol") {
	case "TCP", "TCP_UDP", "TLS":
		return newNetworkListener(lb, listener)
	case "HTTP", "HTTPS":
		return newApplicationListener(lb, listener)
	}
	return nil
}

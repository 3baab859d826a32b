// Package live answers requests to what a stack deployed into the simulated account: with DNS messages, TLS
// handshakes, HTTP and the function's own code. What the network lets through is simulated from the account; from
// there on the bytes are real.
//
// A [World] is the account at one moment, with everybody who listens in it:
//
//	client ─▶ dns        what a resolver answers at the client's place
//	       ─▶ network    whether a connection arrives, and at whose interface
//	           ├▶ balancer ─▶ network ─▶ server, endpoint …
//	           ├▶ server     what launched instances serve
//	           └▶ gateway    API Gateway ─▶ function, or network ─▶ balancer (VPC links)
//
// The parts say to a [trail.Trail] what they decide, and [Result.Transcript] prints it.
package live

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/authority"
	"private-api-blueprints/sandbox/live/balancer"
	"private-api-blueprints/sandbox/live/dns"
	"private-api-blueprints/sandbox/live/function"
	"private-api-blueprints/sandbox/live/gateway"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/journal"
	"private-api-blueprints/sandbox/live/network"
	"private-api-blueprints/sandbox/live/server"
	"private-api-blueprints/sandbox/redact"
)

// Options say where a world finds what is not in the account.
type Options struct {
	// Account is the file of the account. The journal, the certificate authority and the archives of functions are next
	// to it.
	Account string
	// Built is the folder with the repository's own functions, as `make lambda` builds them.
	Built string
	// FailedZone is an Availability Zone that fails, such as us-east-1a: nothing in it sends, answers or passes packets
	// on. Empty means that all zones work.
	FailedZone string
	// AllNodes says that the names of load balancers lead to nodes without healthy targets too, as on AWS until the
	// health checks have failed.
	AllNodes bool
}

// Files returns the names of the files and folders that worlds write next to the account's file.
func Files() []string { return append(authority.Files(), journal.Folders()...) }

// World is the simulated account at one moment, with everybody who listens in it. Its methods may be called
// concurrently.
type World struct {
	inventory *inventory.Inventory
	network   *network.Network
	zones     *dns.Zones
	authority *authority.Authority
	functions *function.Runner
	balancers *balancer.Balancers
	nodes     dns.Nodes // Nil for all nodes.
	stop      context.CancelFunc
}

// Open returns the world of an account. It ends with the context, or when it is closed.
func Open(ctx context.Context, options Options) (*World, error) {
	account, err := cloud.Open(options.Account, catalog.New())
	if err != nil {
		return nil, err
	}
	account.Detach() // An up may write the file at the same time.
	return Of(ctx, account, options)
}

// Of returns the world of an account that is in memory. The file that the options name need not exist, but what
// belongs next to it is there.
func Of(ctx context.Context, account *cloud.Account, options Options) (w *World, err error) {
	w = &World{inventory: inventory.New(account.Objects())}
	if err := w.checkZone(options.FailedZone); err != nil {
		return nil, err
	}
	folder := filepath.Dir(options.Account)
	if w.authority, err = authority.Open(folder, w.inventory); err != nil {
		return nil, err
	}
	ctx, w.stop = context.WithCancel(ctx)
	w.network = network.New(w.inventory)
	if !options.AllNodes {
		w.nodes = func(loadBalancer string) []netip.Addr { return w.balancers.InDNS(ctx, loadBalancer) }
	}
	written := journal.New(folder, w.inventory)
	w.functions = function.New(ctx, w.inventory, function.Options{
		Built: options.Built, Kept: cloud.CodeFolder(options.Account), Logs: written,
	})
	w.listen(ctx, account, written)
	w.network.FailZone(options.FailedZone) // Servers installed their packages before.
	return w, nil
}

// checkZone returns an error for a failed zone in which the account has no subnet.
func (w *World) checkZone(failed string) error {
	var zones []string
	for _, subnet := range w.inventory.All(subnetType) {
		zones = append(zones, subnet.Out.String("availabilityZone"))
	}
	if failed == "" || slices.Contains(zones, failed) {
		return nil
	}
	slices.Sort(zones)
	return fmt.Errorf("failed zone = %q: want one of %s", failed, strings.Join(slices.Compact(zones), ", "))
}

// listen lets the servers of the account listen.
func (w *World) listen(ctx context.Context, account *cloud.Account, written *journal.Journal) {
	w.balancers = balancer.New(w.inventory, balancer.Options{
		Dialer: w.network, Certificates: w.authority, Journal: written,
		LogFile: func(region, loadBalancer string) (bucket, key string, err error) {
			file, err := catalog.ServeRequest(account, region, loadBalancer)
			return file.Bucket, file.Key, err
		},
	})
	w.zones = dns.New(w.inventory, w.nodes)
	apis := gateway.New(w.inventory, gateway.Options{
		Certificates: w.authority, Functions: w.functions, Journal: written, Dialer: w.network,
		Lookup: w.zones.Resolver(network.Place{Outside: network.Service}).Addrs, Roots: w.authority.Pool(),
	})
	w.network.ListenService("execute-api", apis)
	w.network.ListenService("cloudfront", apis) // In front of edge-optimized APIs.
	for _, l := range w.balancers.Listeners() {
		w.network.Listen(l.LoadBalancer, l.Port, l)
	}
	repositories := func(region string) []netip.Addr { return network.ServiceAddrs(w.inventory, "s3", region) }
	for _, l := range server.Listen(ctx, w.inventory, server.Options{Dialer: w.network, Repositories: repositories}) {
		w.network.Listen(l.Instance, l.Port, l)
	}
}

// Close ends all connections and processes, and writes what is not written yet.
func (w *World) Close() error {
	w.network.Close()
	w.stop()
	return errors.Join(w.balancers.Close(), w.functions.Close())
}

// Roots returns the authority that clients of this world trust.
func (w *World) Roots() *x509.CertPool { return w.authority.Pool() }

// WithoutSecrets returns a writer that passes texts on without the secrets of the account. Each call of Write must have
// a text as a whole.
func (w *World) WithoutSecrets(out io.Writer) io.Writer {
	return redact.Writer(out, w.inventory.Secrets())
}

// Redacted returns an error without the secrets of the account.
func (w *World) Redacted(err error) error {
	if err == nil || redact.Text(err.Error(), w.inventory.Secrets()) == err.Error() {
		return err
	}
	return errors.New(redact.Text(err.Error(), w.inventory.Secrets()))
}

// Place returns the place that a text names, as [network.Network.Parse] reads it, or another-vpc for a network that has
// nothing to do with the stack. The internet is anybody there, so that a list of ranges admits no such client.
func (w *World) Place(text string) (network.Place, error) {
	switch text {
	case "internet":
		return w.network.Parse(anybody)
	case "another-vpc":
		return network.Place{Outside: network.AnotherVPC}, nil
	case "api-gateway":
		return network.Place{Outside: network.Service}, nil
	}
	return w.network.Parse(text)
}

// anybody is a client in the internet whom no list of ranges names. Its addresses are reserved for benchmarks and for
// documentation (RFC 2544, RFC 9637).
const anybody = "internet 198.18.0.1 3fff:fff::1"

// Resolver returns the resolver that clients at a place ask.
func (w *World) Resolver(place network.Place) *dns.Resolver { return w.zones.Resolver(place) }

// Dial connects a place with an address.
func (w *World) Dial(ctx context.Context, from network.Place, to netip.AddrPort) (net.Conn, error) {
	return w.network.Dial(ctx, from, to)
}

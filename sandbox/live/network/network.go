// Package network carries connections through the simulated account's networks,
// and drops or refuses them where AWS does. It knows addresses but no names of
// hosts, and it does not look at the bytes.
//
// A [Network] decides with the objects of the account: the route tables, gateways
// and peering connections on the way and on the answer's way back, the network
// ACLs, the security groups, and PrivateLink. Whoever simulates a server listens:
// [Network.Listen] for an object of the account, [Network.ListenService] for a
// service of AWS.
package network

import (
	"context"
	"fmt"
	"net"
	"net/netip"
)

// Outside is a part of the world that is not in a VPC of the account.
type Outside string

// The parts of the world outside of the account's VPCs.
const (
	Internet   Outside = "internet"
	OnPremises Outside = "on-premises" // A network that is connected with a VPC, by VPN or Direct Connect.
	Service    Outside = "aws"         // AWS's own networks, such as API Gateway's.
	// AnotherVPC is a VPC of somebody else. It has an execute-api endpoint with private DNS and without a policy, and
	// is not connected with the account's VPCs.
	AnotherVPC Outside = "another-vpc"
)

// Place is where a connection begins.
type Place struct {
	Outside Outside // Empty if the place is in a subnet.
	Subnet  string  // The ID of the subnet. OnPremises: a subnet of the VPC that the network is connected with.
	// Addrs are the place's own addresses, at most one per IP version. A client in a subnet that gives none gets free
	// ones of the subnet's ranges.
	Addrs []netip.Addr
	// Groups are the IDs of the security groups whose egress rules hold for the place. Nil means none: everything may
	// leave.
	Groups []string
	// Private says that a client in a subnet has no public IPv4 address, even if the subnet gives one to new instances.
	Private bool
	// Owner is the ID of the object whose interface this is, or empty for a client. A load balancer that
	// preserves the address of a client has its own ID here and the client's address in Addrs. Service: the ID
	// of the VPC link that the connection uses, whose load balancer is in a VPC.
	Owner string
}

// Arrival is what the receiver of a connection learns about it.
type Arrival struct {
	From netip.AddrPort // The source address that the receiver sees.
	// To is the address of the receiver's interface, after the translation of an Elastic IP. It tells the nodes
	// of a load balancer apart.
	To netip.AddrPort
	// Endpoint is the ID of the interface endpoint that the connection came through, and VPC the endpoint's. Both are
	// empty for a connection that came through none.
	Endpoint, VPC string
	// PrivateLink says that the connection came through an endpoint or a VPC link to a load balancer, which then does
	// not preserve the client's address.
	PrivateLink bool
	Region      string // The region of the receiver.
}

// Handler serves the connections that arrive at an address.
type Handler interface {
	// Serve serves one connection until it ends, and closes it. The context is that of the dialer, with its trail.
	Serve(ctx context.Context, conn net.Conn, a Arrival)
}

// HandlerFunc is a function that is a Handler.
type HandlerFunc func(ctx context.Context, conn net.Conn, a Arrival)

// Serve calls the function.
func (f HandlerFunc) Serve(ctx context.Context, conn net.Conn, a Arrival) { f(ctx, conn, a) }

// Dialer opens connections.
type Dialer interface {
	// Dial connects a place with an address. The error is a *Stopped if a network stops the connection.
	Dial(ctx context.Context, from Place, to netip.AddrPort) (net.Conn, error)
}

// End is how a connection fails.
type End string

// How a connection fails. A dropped packet is a time-out, and a closed port answers with a reset, as on AWS.
const (
	TimedOut    End = "timed out"
	Refused     End = "connection refused"
	Unreachable End = "no route to host"
)

// Stopped is the error of a connection that a network stops.
type Stopped struct {
	End    End
	Source string // The ID of the object that stops it, such as a security group. It may be empty.
	Reason string // Such as "no rule of sg-… admits 192.0.2.1 to port 443".
}

func (s *Stopped) Error() string { return fmt.Sprintf("%s: %s", s.End, s.Reason) }

// Timeout reports whether the client waits in vain. It makes the error a net.Error.
func (s *Stopped) Timeout() bool { return s.End == TimedOut }

// Temporary is part of net.Error.
func (s *Stopped) Temporary() bool { return false }

package components

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// TlsFrontArgs describes a Network Load Balancer in front of an endpoint. All
// fields but Peered are required.
type TlsFrontArgs struct {
	// LoadBalancer's clients are all who are told apart: everyone who passes
	// here satisfies the API's aws:SourceVpc condition, because the API sees
	// the VPC endpoint.
	LoadBalancer   NetworkLoadBalancerArgs
	Endpoint       *ExecuteApiEndpoint
	Peered         bool               // Whether the endpoint is in another VPC. The nodes' private addresses are then given.
	CertificateArn pulumi.StringInput // Issued; covers the name that clients call.
	SslPolicy      string
}

// TlsFront is a Network Load Balancer that terminates TLS and opens TLS again
// to the addresses of an execute-api endpoint.
type TlsFront struct {
	pulumi.ResourceState
	parts

	DnsName      pulumi.StringOutput
	HostedZoneId pulumi.StringOutput // Of DnsName, for alias records.
}

var tlsFrontType = typeToken("TlsFront")

// NewTlsFront registers the load balancer and its listener, and lets it, and
// only it, through to the endpoint.
func NewTlsFront(ctx *pulumi.Context, name string, args *TlsFrontArgs, opts ...pulumi.ResourceOption) (*TlsFront, error) {
	c := &TlsFront{}
	inputs := pulumi.Map{"sslPolicy": pulumi.String(args.SslPolicy)}
	if err := ctx.RegisterComponentResourceV2(tlsFrontType, name, inputs, c, append(opts, c.collect())...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	balancer, err := NewNetworkLoadBalancer(ctx, name, &args.LoadBalancer, child)
	if err != nil {
		return nil, failed("TlsFront", name, "load balancer", err)
	}
	if err := admit(ctx, name+"-endpoint", args.Endpoint.SecurityGroupId, args.sources(balancer), child); err != nil {
		return nil, failed("TlsFront", name, "way into the endpoint", err)
	}
	// A client that was promised HTTP/2 would speak it to an endpoint that
	// expects HTTP/1.1, so nothing is promised.
	if _, err := NewListener(ctx, name, &ListenerArgs{
		LoadBalancer: balancer,
		Tls:          &ListenerTls{CertificateArn: args.CertificateArn, SslPolicy: args.SslPolicy, AlpnPolicy: "None"},
		Targets:      args.targets(),
	}, child); err != nil {
		return nil, failed("TlsFront", name, "listener", err)
	}
	c.DnsName, c.HostedZoneId = balancer.DnsName, balancer.HostedZoneId
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"dnsName": c.DnsName})
}

// sources are the load balancer as the endpoint's security group sees it. A
// rule cannot refer to a group before the VPCs are peered, so there it names
// the addresses.
func (args *TlsFrontArgs) sources(balancer *NetworkLoadBalancer) []Peer {
	if !args.Peered {
		return []Peer{{Name: "nlb", SecurityGroupId: balancer.SecurityGroupId}}
	}
	var addresses []netip.Addr
	for _, node := range args.LoadBalancer.Nodes {
		addresses = append(addresses, node.Ipv4)
	}
	return HostPeers(addresses)
}

// targets are the endpoint's addresses.
func (args *TlsFrontArgs) targets() Targets {
	targets := Targets{Type: "ip", Port: 443, Peers: []Peer{{Name: "endpoint", SecurityGroupId: args.Endpoint.SecurityGroupId}}}
	if args.Peered {
		targets.Peers = HostPeers(args.Endpoint.Addresses)
	}
	for i, address := range args.Endpoint.Addresses {
		targets.List = append(targets.List, Target{Name: args.Endpoint.AvailabilityZones[i], Id: pulumi.String(address.String()), OutsideVpc: args.Peered})
	}
	return targets
}

package components

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// EndpointFrontArgs describes a Network Load Balancer in front of an execute-api
// endpoint. All fields except Peered, DependsOn and FurtherCertificateArns are
// required.
type EndpointFrontArgs struct {
	// LoadBalancer.Clients is the only check of a caller's address. The API sees
	// the VPC endpoint, so every request that passes the load balancer satisfies
	// the API's aws:SourceVpc condition.
	LoadBalancer   NetworkLoadBalancerArgs
	Endpoint       *ExecuteApiEndpoint
	Peered         bool               // Whether the endpoint is in another VPC. Nodes then have an Ipv4 each.
	CertificateArn pulumi.StringInput // Issued, and covers the name that clients call.
	SslPolicy      string
	DependsOn      []pulumi.Resource // What must exist before clients get through, such as an EndpointPolicy.
	// FurtherCertificateArns are the certificates of further names. They are issued.
	FurtherCertificateArns []string
}

// EndpointFront is a Network Load Balancer that terminates TLS and opens TLS
// again to the addresses of an execute-api endpoint:
//
//	client ──▶ Network Load Balancer (TLS, ALPN None) ──▶ execute-api endpoint, one address per zone
//
// It costs what a Network Load Balancer costs, per hour and per unit of traffic.
// For a load balancer in front of something else, see NetworkLoadBalancer and
// Listener.
type EndpointFront struct {
	pulumi.ResourceState
	childTracker

	DnsName      pulumi.StringOutput
	HostedZoneId pulumi.StringOutput // The zone of DnsName, for alias records.
	Metrics      *ListenerMetrics
}

// The token keeps the component's first name, which is in the URNs of deployed
// stacks.
const endpointFrontType = typePrefix + "TlsFront"

// NewEndpointFront registers the load balancer and its listener. It also adds
// the load balancer, and nobody else, to the endpoint's security group.
func NewEndpointFront(
	ctx *pulumi.Context, name string, args *EndpointFrontArgs, opts ...pulumi.ResourceOption,
) (*EndpointFront, error) {
	c := &EndpointFront{}
	inputs := pulumi.Map{"sslPolicy": pulumi.String(args.SslPolicy)}
	err := ctx.RegisterComponentResourceV2(endpointFrontType, name, inputs, c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	balancer, err := NewNetworkLoadBalancer(ctx, name, &args.LoadBalancer, s.child)
	if err != nil {
		return nil, failed("EndpointFront", name, "load balancer", err)
	}
	err = allowIngress(s.named("-endpoint"), args.Endpoint.SecurityGroupId, httpsPort, args.sources(balancer))
	if err != nil {
		return nil, failed("EndpointFront", name, "rules of the endpoint", err)
	}
	listener, err := NewListener(ctx, name, args.listener(balancer), s.child)
	if err != nil {
		return nil, failed("EndpointFront", name, "listener", err)
	}
	c.Metrics = listener.Metrics
	c.DnsName, c.HostedZoneId = balancer.DnsName, balancer.HostedZoneId
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"dnsName": c.DnsName})
}

// listener returns the listener, which comes after DependsOn and is deleted
// before it: no client gets through earlier or later.
func (args *EndpointFrontArgs) listener(balancer *NetworkLoadBalancer) *ListenerArgs {
	return &ListenerArgs{
		LoadBalancer: balancer, Tls: args.tls(), Targets: args.targets(), DependsOn: args.DependsOn,
	}
}

// tls returns how the listener terminates TLS. It offers no version of HTTP: a
// client that was offered HTTP/2 would speak it to an endpoint that expects
// HTTP/1.1.
func (args *EndpointFrontArgs) tls() *ListenerTls {
	return &ListenerTls{
		CertificateArn: args.CertificateArn, SslPolicy: args.SslPolicy, AlpnPolicy: AlpnNone,
		FurtherCertificateArns: args.FurtherCertificateArns,
	}
}

// sources returns the load balancer as a peer of the endpoint. A rule cannot
// refer to a security group of another VPC before the two are peered, so it
// names the addresses there.
func (args *EndpointFrontArgs) sources(balancer *NetworkLoadBalancer) []Peer {
	if !args.Peered {
		return []Peer{{Name: "nlb", SecurityGroupId: balancer.SecurityGroupId}}
	}
	var addresses []netip.Addr
	for _, node := range args.LoadBalancer.Nodes {
		addresses = append(addresses, node.Ipv4)
	}
	return HostPeers(addresses)
}

// targets returns the endpoint's addresses as targets.
func (args *EndpointFrontArgs) targets() Targets {
	peers := []Peer{{Name: "endpoint", SecurityGroupId: args.Endpoint.SecurityGroupId}}
	if args.Peered {
		peers = HostPeers(args.Endpoint.Addresses)
	}
	targets := Targets{Type: TargetIp, Port: httpsPort, Peers: peers}
	for i, address := range args.Endpoint.Addresses {
		targets.List = append(targets.List, Target{
			Name:       args.Endpoint.AvailabilityZones[i],
			Id:         pulumi.String(address.String()),
			OutsideVpc: args.Peered,
		})
	}
	return targets
}

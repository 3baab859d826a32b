package components

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ListenerArgs describes what a Network Load Balancer does with port 443.
type ListenerArgs struct {
	LoadBalancer *NetworkLoadBalancer
	Tls          *ListenerTls // Nil: bytes pass as they are, TLS of whoever is behind included.
	Targets      Targets
}

// ListenerTls is how a listener terminates TLS. The load balancer opens TLS
// again to its targets, whose certificates it does not verify.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
type ListenerTls struct {
	CertificateArn pulumi.StringInput // Issued; covers the name that clients call.
	SslPolicy      string
	// AlpnPolicy decides the version of HTTP that clients may choose: None,
	// HTTP1Only, HTTP2Optional, HTTP2Preferred or HTTP2Only. The load balancer
	// moves bytes, so targets have to speak what clients were promised.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html
	AlpnPolicy string
}

// Targets are what a listener forwards to.
type Targets struct {
	Type          string // ip or instance.
	Port          int
	List          []Target
	Peers         []Peer // The same, as the load balancer's security group lets it out to them.
	ProxyProtocol bool   // Whether version 2 precedes each connection; every target then expects it.
}

// Target is one target of a load balancer.
type Target struct {
	Name       string             // Part of the name of its attachment, such as its zone.
	Id         pulumi.StringInput // An IPv4 address, or an instance id.
	OutsideVpc bool               // Whether the address is in another network; AWS then asks for all zones.
}

// AddressTargets are servers at IPv4 addresses, of which those outside of the
// VPC's ranges are in other networks.
func AddressTargets(addresses []netip.Addr, port int, vpc []netip.Prefix) Targets {
	targets := Targets{Type: "ip", Port: port, Peers: HostPeers(addresses)}
	for _, address := range addresses {
		inside := slices.ContainsFunc(vpc, func(cidr netip.Prefix) bool { return cidr.Contains(address) })
		targets.List = append(targets.List, Target{Name: address.String(), Id: pulumi.String(address.String()), OutsideVpc: !inside})
	}
	return targets
}

// Listener is a listener on port 443, its target group, and the targets in it.
type Listener struct {
	pulumi.ResourceState

	loadBalancerArn pulumi.StringInput
	forwarding      []pulumi.Resource // What is there when it forwards.
}

var listenerType = typeToken("Listener")

// NewListener registers the listener and what it forwards to, and lets the
// load balancer out to it.
func NewListener(ctx *pulumi.Context, name string, args *ListenerArgs, opts ...pulumi.ResourceOption) (*Listener, error) {
	c := &Listener{loadBalancerArn: args.LoadBalancer.Arn}
	inputs := pulumi.Map{"protocol": pulumi.String(args.protocol()), "targets": pulumi.Int(len(args.Targets.List))}
	if err := ctx.RegisterComponentResourceV2(listenerType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	if err := letOut(ctx, name, args.LoadBalancer.SecurityGroupId, args.Targets.Port, args.Targets.Peers, child); err != nil {
		return nil, failed("Listener", name, "way to the targets", err)
	}
	group, err := lb.NewTargetGroup(ctx, name+"-tg", args.targetGroup(), child, pulumi.ReplaceWith(args.LoadBalancer.beside))
	if err != nil {
		return nil, failed("Listener", name, "target group", err)
	}
	for _, target := range args.Targets.List {
		attachment, err := lb.NewTargetGroupAttachment(ctx, name+"-target-"+target.Name, args.Targets.attachment(group, target), child)
		if err != nil {
			return nil, failed("Listener", name, fmt.Sprintf("target %s", target.Name), err)
		}
		c.forwarding = append(c.forwarding, attachment)
	}
	listener, err := lb.NewListener(ctx, name+"-listener", args.listener(group), child)
	if err != nil {
		return nil, failed("Listener", name, "listener", err)
	}
	c.forwarding = append(c.forwarding, listener)
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

func (args *ListenerArgs) protocol() string {
	if args.Tls == nil {
		return "TCP"
	}
	return "TLS"
}

// targetGroup suits every target that a blueprint has. Client addresses are
// not preserved: AWS loses the connections to an endpoint's interfaces with
// them, answers from other networks would not come back through the load
// balancer, and PrivateLink's clients have none. Health checks are TCP: API
// Gateway answers 403 to the Host header that a load balancer sends.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func (args *ListenerArgs) targetGroup() *lb.TargetGroupArgs {
	group := &lb.TargetGroupArgs{
		VpcId:                 args.LoadBalancer.VpcId,
		TargetType:            pulumi.String(args.Targets.Type),
		Protocol:              pulumi.String(args.protocol()),
		Port:                  pulumi.Int(args.Targets.Port),
		PreserveClientIp:      pulumi.String("false"),
		ProxyProtocolV2:       pulumi.Bool(args.Targets.ProxyProtocol),
		ConnectionTermination: pulumi.Bool(true),
		DeregistrationDelay:   pulumi.Int(30),
		HealthCheck: &lb.TargetGroupHealthCheckArgs{
			Protocol: pulumi.String("TCP"),
			Port:     pulumi.String("traffic-port"),
		},
	}
	if args.Targets.Type == "ip" {
		group.IpAddressType = pulumi.String("ipv4")
	}
	return group
}

func (t Targets) attachment(group *lb.TargetGroup, target Target) *lb.TargetGroupAttachmentArgs {
	attachment := &lb.TargetGroupAttachmentArgs{TargetGroupArn: group.Arn, TargetId: target.Id, Port: pulumi.Int(t.Port)}
	if target.OutsideVpc {
		attachment.AvailabilityZone = pulumi.String("all")
	}
	return attachment
}

func (args *ListenerArgs) listener(targets *lb.TargetGroup) *lb.ListenerArgs {
	listener := &lb.ListenerArgs{
		LoadBalancerArn: args.LoadBalancer.Arn,
		Protocol:        pulumi.String(args.protocol()),
		Port:            pulumi.Int(443),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type:           pulumi.String("forward"),
			TargetGroupArn: targets.Arn,
		}},
	}
	if args.Tls != nil {
		listener.CertificateArn = stringPtr(args.Tls.CertificateArn)
		listener.SslPolicy = pulumi.String(args.Tls.SslPolicy)
		listener.AlpnPolicy = pulumi.String(args.Tls.AlpnPolicy)
	}
	return listener
}

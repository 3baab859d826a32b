package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ListenerArgs describes what a Network Load Balancer does with connections to
// port 443.
type ListenerArgs struct {
	LoadBalancer *NetworkLoadBalancer
	Tls          *ListenerTls // Nil to pass bytes through, the targets' own TLS included.
	Targets      Targets
	DependsOn    []pulumi.Resource // What must exist before the first connection.
}

// ListenerTls describes how a listener terminates TLS. The load balancer opens
// TLS again to its targets. It does not verify their certificates.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
type ListenerTls struct {
	CertificateArn pulumi.StringInput // Issued, and covers the name that clients call.
	SslPolicy      string             // One of AWS's, such as ELBSecurityPolicy-TLS13-1-2-2021-06.
	AlpnPolicy     AlpnPolicy
	// FurtherCertificateArns are the certificates of further names. The load balancer
	// chooses by the name that a client asks for (SNI).
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html
	FurtherCertificateArns []string
}

// AlpnPolicy decides which versions of HTTP a TLS listener offers to clients.
// The load balancer moves bytes, so targets must speak the version that a
// client was offered.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html
type AlpnPolicy string

// The ALPN policies of AWS.
const (
	AlpnNone           AlpnPolicy = "None"           // Does not negotiate, so clients speak HTTP/1.1.
	AlpnHttp1Only      AlpnPolicy = "HTTP1Only"      // Offers HTTP/1.1.
	AlpnHttp2Optional  AlpnPolicy = "HTTP2Optional"  // Prefers HTTP/1.1.
	AlpnHttp2Preferred AlpnPolicy = "HTTP2Preferred" // Prefers HTTP/2.
	AlpnHttp2Only      AlpnPolicy = "HTTP2Only"      // Offers HTTP/2.
)

// Listener is a listener on port 443 of a Network Load Balancer, its target
// group, and the targets in it.
type Listener struct {
	pulumi.ResourceState

	Metrics *ListenerMetrics

	loadBalancerArn pulumi.StringInput
	forwarding      []pulumi.Resource // What must exist before the listener forwards.
}

const listenerType = typePrefix + "Listener"

// NewListener registers the listener, its target group and its targets. It
// also lets the load balancer connect to the targets.
func NewListener(
	ctx *pulumi.Context, name string, args *ListenerArgs, opts ...pulumi.ResourceOption,
) (*Listener, error) {
	c := &Listener{loadBalancerArn: args.LoadBalancer.Arn}
	inputs := pulumi.Map{
		"protocol": pulumi.String(args.protocol()),
		"targets":  pulumi.Int(len(args.Targets.List)),
	}
	if err := ctx.RegisterComponentResourceV2(listenerType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	err := allowEgress(s, args.LoadBalancer.SecurityGroupId, args.Targets.Port, args.Targets.Peers)
	if err != nil {
		return nil, failed("Listener", name, "rules for the targets", err)
	}
	replaceWith := pulumi.ReplaceWith(args.LoadBalancer.replaceWith)
	group, err := lb.NewTargetGroup(ctx, name+"-tg", args.targetGroup(), s.child, replaceWith)
	if err != nil {
		return nil, failed("Listener", name, "target group", err)
	}
	if c.forwarding, err = args.Targets.attach(s, group); err != nil {
		return nil, failed("Listener", name, "targets", err)
	}
	after := dependsOn(args.DependsOn)
	listener, err := lb.NewListener(ctx, name+"-listener", args.listener(group), s.child, after)
	if err != nil {
		return nil, failed("Listener", name, "listener", err)
	}
	c.forwarding = append(c.forwarding, listener)
	if err := args.newCertificates(s, listener); err != nil {
		return nil, failed("Listener", name, "further certificate", err)
	}
	c.Metrics = args.metrics(group)
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

// metrics returns what CloudWatch measures of the listener and its target group.
func (args *ListenerArgs) metrics(group *lb.TargetGroup) *ListenerMetrics {
	metrics := &ListenerMetrics{
		LoadBalancer: args.LoadBalancer.arnSuffix, TargetGroup: group.ArnSuffix,
		AvailabilityZones: args.LoadBalancer.availabilityZones,
		CrossZone:         args.LoadBalancer.crossZone,
	}
	if args.Tls != nil {
		metrics.CertificateArn = args.Tls.CertificateArn
		metrics.FurtherCertificateArns = args.Tls.FurtherCertificateArns
	}
	return metrics
}

// protocol returns the protocol of the listener and of its targets.
func (args *ListenerArgs) protocol() string {
	if args.Tls == nil {
		return "TCP"
	}
	return "TLS"
}

// targetGroup returns a target group for addresses or instances.
//
// Client addresses are not preserved, for three reasons. AWS loses the
// connections to an endpoint's interfaces if they are. Answers from other
// networks would not come back through the load balancer. PrivateLink's clients
// have none.
//
// Health checks are TCP, because API Gateway answers 403 to the Host header
// that a load balancer sends.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func (args *ListenerArgs) targetGroup() *lb.TargetGroupArgs {
	group := &lb.TargetGroupArgs{
		VpcId:                 args.LoadBalancer.VpcId,
		TargetType:            pulumi.String(string(args.Targets.Type)),
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
	if args.Targets.Type == TargetIp {
		group.IpAddressType = pulumi.String("ipv4") // AWS refuses it for instances.
	}
	return group
}

// attach registers the targets in a target group.
func (t *Targets) attach(s scope, group *lb.TargetGroup) ([]pulumi.Resource, error) {
	var attachments []pulumi.Resource
	after := dependsOn(t.DependsOn)
	for _, target := range t.List {
		args := &lb.TargetGroupAttachmentArgs{
			TargetGroupArn: group.Arn,
			TargetId:       target.Id,
			Port:           pulumi.Int(t.Port),
		}
		if target.OutsideVpc {
			args.AvailabilityZone = pulumi.String("all")
		}
		attachment, err := lb.NewTargetGroupAttachment(s.ctx, s.name+"-target-"+target.Name, args, s.child, after)
		if err != nil {
			return nil, fmt.Errorf("target %s: %w", target.Name, err)
		}
		attachments = append(attachments, attachment)
	}
	return attachments, nil
}

// listener returns a listener that forwards every connection to a target group.
func (args *ListenerArgs) listener(targets *lb.TargetGroup) *lb.ListenerArgs {
	listener := &lb.ListenerArgs{
		LoadBalancerArn: args.LoadBalancer.Arn,
		Protocol:        pulumi.String(args.protocol()),
		Port:            pulumi.Int(httpsPort),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type:           pulumi.String("forward"),
			TargetGroupArn: targets.Arn,
		}},
	}
	if args.Tls != nil {
		listener.CertificateArn = stringPtr(args.Tls.CertificateArn)
		listener.SslPolicy = pulumi.String(args.Tls.SslPolicy)
		listener.AlpnPolicy = pulumi.String(string(args.Tls.AlpnPolicy))
	}
	return listener
}

// newCertificates registers the further certificates of a listener.
func (args *ListenerArgs) newCertificates(s scope, listener *lb.Listener) error {
	if args.Tls == nil {
		return nil
	}
	for _, arn := range args.Tls.FurtherCertificateArns {
		name := s.name + "-certificate-" + certificateID(arn)
		further := &lb.ListenerCertificateArgs{ListenerArn: listener.Arn, CertificateArn: pulumi.String(arn)}
		if _, err := lb.NewListenerCertificate(s.ctx, name, further, s.child); err != nil {
			return err
		}
	}
	return nil
}

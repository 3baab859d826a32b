package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// HttpsLoadBalancerArgs describes an Application Load Balancer in front of web
// servers. All fields are required.
type HttpsLoadBalancerArgs struct {
	Servers        WebServersArgs // Clients are filled in. The load balancer is in the same subnets, two at least.
	Clients        []Peer
	CertificateArn pulumi.StringInput // Issued; covers the name that clients call.
	SslPolicy      string
}

// HttpsLoadBalancer is an internal Application Load Balancer that terminates
// TLS on port 443, and the servers to which it opens TLS again. It stands for
// the load balancer of a data center, as seen from another VPC.
type HttpsLoadBalancer struct {
	pulumi.ResourceState
	parts

	// Targets are its addresses, one per subnet, for a Network Load Balancer of
	// another VPC. AWS changes them without notice, and each deployment takes
	// those that it finds. In a data center they would be static.
	Targets Targets
}

var httpsLoadBalancerType = typeToken("HttpsLoadBalancer")

// NewHttpsLoadBalancer registers the load balancer and the servers.
func NewHttpsLoadBalancer(ctx *pulumi.Context, name string, args *HttpsLoadBalancerArgs, opts ...pulumi.ResourceOption) (*HttpsLoadBalancer, error) {
	c := &HttpsLoadBalancer{}
	if err := ctx.RegisterComponentResourceV2(httpsLoadBalancerType, name, pulumi.Map{"sslPolicy": pulumi.String(args.SslPolicy)}, c, append(opts, c.collect())...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	group, err := newSecurityGroup(ctx, name, "ALB: HTTPS from its clients, to its servers only", args.Servers.VpcId, args.Clients, nil, child)
	if err != nil {
		return nil, failed("HttpsLoadBalancer", name, "security group", err)
	}
	servers := args.Servers
	servers.Clients = []Peer{{Name: "alb", SecurityGroupId: group.ID()}}
	web, err := NewWebServers(ctx, name+"-web", &servers, child)
	if err != nil {
		return nil, failed("HttpsLoadBalancer", name, "servers", err)
	}
	if err := letOut(ctx, name, group.ID(), 443, []Peer{{Name: "servers", SecurityGroupId: web.SecurityGroupId}}, child); err != nil {
		return nil, failed("HttpsLoadBalancer", name, "way to the servers", err)
	}
	balancer, err := lb.NewLoadBalancer(ctx, name+"-alb", args.loadBalancer(group), child)
	if err != nil {
		return nil, failed("HttpsLoadBalancer", name, "load balancer", err)
	}
	if err := args.newListener(ctx, name, balancer, web, child); err != nil {
		return nil, failed("HttpsLoadBalancer", name, "listener", err)
	}
	c.Targets = args.targets(ctx, balancer, c)
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

func (args *HttpsLoadBalancerArgs) loadBalancer(group *ec2.SecurityGroup) *lb.LoadBalancerArgs {
	ids := pulumi.StringArray{}
	for _, subnet := range args.Servers.Subnets {
		ids = append(ids, subnet.Id)
	}
	return &lb.LoadBalancerArgs{
		LoadBalancerType:        pulumi.String("application"),
		Internal:                pulumi.Bool(true),
		IpAddressType:           pulumi.String("ipv4"),
		Subnets:                 ids,
		SecurityGroups:          pulumi.StringArray{group.ID()},
		DropInvalidHeaderFields: pulumi.Bool(true),
	}
}

// newListener registers the listener, its target group and the servers in it.
func (args *HttpsLoadBalancerArgs) newListener(ctx *pulumi.Context, name string, balancer *lb.LoadBalancer, web *WebServers, child pulumi.ResourceOption) error {
	group, err := lb.NewTargetGroup(ctx, name+"-tg", &lb.TargetGroupArgs{
		VpcId:               args.Servers.VpcId,
		TargetType:          pulumi.String("instance"),
		Protocol:            pulumi.String("HTTPS"),
		Port:                pulumi.Int(443),
		DeregistrationDelay: pulumi.Int(30),
		HealthCheck:         &lb.TargetGroupHealthCheckArgs{Protocol: pulumi.String("HTTPS"), Port: pulumi.String("traffic-port"), Path: pulumi.String("/")},
	}, child)
	if err != nil {
		return fmt.Errorf("target group: %w", err)
	}
	for _, server := range web.Targets {
		if _, err := lb.NewTargetGroupAttachment(ctx, name+"-target-"+server.Name, &lb.TargetGroupAttachmentArgs{
			TargetGroupArn: group.Arn, TargetId: server.Id, Port: pulumi.Int(443),
		}, child); err != nil {
			return fmt.Errorf("target %s: %w", server.Name, err)
		}
	}
	_, err = lb.NewListener(ctx, name+"-listener", &lb.ListenerArgs{
		LoadBalancerArn: balancer.Arn,
		Protocol:        pulumi.String("HTTPS"),
		Port:            pulumi.Int(443),
		CertificateArn:  args.CertificateArn,
		SslPolicy:       pulumi.String(args.SslPolicy),
		DefaultActions:  lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{Type: pulumi.String("forward"), TargetGroupArn: group.Arn}},
	}, child)
	return err
}

// targets has as many items as there are subnets, whatever is known of them.
func (args *HttpsLoadBalancerArgs) targets(ctx *pulumi.Context, balancer *lb.LoadBalancer, parent pulumi.Resource) Targets {
	targets := Targets{Type: "ip", Port: 443}
	for _, subnet := range args.Servers.Subnets {
		address := nodeAddress(ctx, balancer, subnet.Id, parent)
		targets.List = append(targets.List, Target{Name: subnet.AvailabilityZone, Id: address, OutsideVpc: true})
		targets.Peers = append(targets.Peers, RangePeer(subnet.CidrBlock))
	}
	return targets
}

package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// SimulatedHttpsBackendArgs describes a simulated data center. All fields except Gate,
// S3PrefixListId and SessionPartition are required.
type SimulatedHttpsBackendArgs struct {
	VpcId pulumi.StringInput
	// Subnets hold the load balancer and one server each. There are at least two,
	// with a route to the internet from which the servers install packages.
	Subnets        []Subnet
	Clients        []Peer
	ServerName     string             // In the servers' self-signed certificates.
	InstanceType   string             // The servers' type; see WebServersArgs.
	CertificateArn pulumi.StringInput // Issued, and covers the name that clients call.
	SslPolicy      string
	Gate           *ServerGateArgs // Of the servers; see WebServersArgs.
	// S3PrefixListId is that of the servers; see WebServersArgs.
	S3PrefixListId pulumi.StringInput
	// SessionPartition is that of the servers; see WebServersArgs.
	SessionPartition string
}

// SimulatedHttpsBackend is the load balancer of a data center, as seen from
// another VPC: an internal Application Load Balancer that terminates TLS on port
// 443 and opens TLS again to web servers.
//
//	client in another VPC ──▶ Application Load Balancer (HTTPS) ──▶ web servers (HTTPS), one per zone
//
// It costs an Application Load Balancer and one instance per subnet. To use an
// Application Load Balancer for something else, see TargetType.
type SimulatedHttpsBackend struct {
	pulumi.ResourceState
	childTracker

	// Targets are the load balancer's addresses, one per subnet, for a Network
	// Load Balancer of another VPC. AWS changes them without notice, and each
	// deployment reads them again. In a data center they would be static.
	Targets Targets
	Servers []Target // The instances behind the load balancer.
}

// The token keeps the component's first name, which is in the URNs of deployed
// stacks.
const simulatedHttpsBackendType = typePrefix + "HttpsLoadBalancer"

// NewSimulatedHttpsBackend registers the servers, the load balancer and its
// listener.
func NewSimulatedHttpsBackend(
	ctx *pulumi.Context, name string, args *SimulatedHttpsBackendArgs, opts ...pulumi.ResourceOption,
) (*SimulatedHttpsBackend, error) {
	c := &SimulatedHttpsBackend{}
	inputs := pulumi.Map{"sslPolicy": pulumi.String(args.SslPolicy)}
	err := ctx.RegisterComponentResourceV2(simulatedHttpsBackendType, name, inputs, c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	group, err := newSecurityGroup(s, &SecurityGroupArgs{
		VpcId:       args.VpcId,
		Description: "ALB: HTTPS from its clients, to its servers only",
		Ingress:     args.Clients,
	})
	if err != nil {
		return nil, failed("SimulatedHttpsBackend", name, "security group", err)
	}
	servers, err := NewWebServers(ctx, name+"-web", args.servers(group), s.child)
	if err != nil {
		return nil, failed("SimulatedHttpsBackend", name, "servers", err)
	}
	c.Servers = servers.Targets
	toServers := []Peer{{Name: "servers", SecurityGroupId: servers.SecurityGroupId}}
	if err := allowEgress(s, group.ID(), httpsPort, toServers); err != nil {
		return nil, failed("SimulatedHttpsBackend", name, "rules for the servers", err)
	}
	balancer, err := lb.NewLoadBalancer(ctx, name+"-alb", args.loadBalancer(group), s.child)
	if err != nil {
		return nil, failed("SimulatedHttpsBackend", name, "load balancer", err)
	}
	if err := args.newListener(s, balancer, servers); err != nil {
		return nil, failed("SimulatedHttpsBackend", name, "listener", err)
	}
	c.Targets = args.targets(s, balancer)
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

// servers returns web servers that only the load balancer can call.
func (args *SimulatedHttpsBackendArgs) servers(loadBalancerGroup *ec2.SecurityGroup) *WebServersArgs {
	return &WebServersArgs{
		VpcId:        args.VpcId,
		Subnets:      args.Subnets,
		ServerName:   args.ServerName,
		InstanceType: args.InstanceType,
		Gate:         args.Gate,

		S3PrefixListId:   args.S3PrefixListId,
		SessionPartition: args.SessionPartition,

		Clients: []Peer{{Name: "alb", SecurityGroupId: loadBalancerGroup.ID()}},
	}
}

// loadBalancer returns an internal Application Load Balancer in the subnets.
func (args *SimulatedHttpsBackendArgs) loadBalancer(group *ec2.SecurityGroup) *lb.LoadBalancerArgs {
	return &lb.LoadBalancerArgs{
		LoadBalancerType:        pulumi.String("application"),
		Internal:                pulumi.Bool(true),
		IpAddressType:           pulumi.String("ipv4"),
		Subnets:                 subnetIds(args.Subnets),
		SecurityGroups:          pulumi.StringArray{group.ID()},
		DropInvalidHeaderFields: pulumi.Bool(true),
	}
}

// newListener registers the listener, its target group and the servers in it.
func (args *SimulatedHttpsBackendArgs) newListener(s scope, balancer *lb.LoadBalancer, servers *WebServers) error {
	group, err := lb.NewTargetGroup(s.ctx, s.name+"-tg", args.targetGroup(), s.child)
	if err != nil {
		return fmt.Errorf("target group: %w", err)
	}
	targets := Targets{Type: TargetInstance, Port: httpsPort, List: servers.Targets, DependsOn: servers.Serve}
	if _, err := targets.attach(s, group); err != nil {
		return err
	}
	_, err = lb.NewListener(s.ctx, s.name+"-listener", &lb.ListenerArgs{
		LoadBalancerArn: balancer.Arn,
		Protocol:        pulumi.String("HTTPS"),
		Port:            pulumi.Int(httpsPort),
		CertificateArn:  args.CertificateArn,
		SslPolicy:       pulumi.String(args.SslPolicy),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type:           pulumi.String("forward"),
			TargetGroupArn: group.Arn,
		}},
	}, s.child)
	return err
}

// targetGroup returns the target group of the servers, whose traffic stays
// encrypted.
func (args *SimulatedHttpsBackendArgs) targetGroup() *lb.TargetGroupArgs {
	return &lb.TargetGroupArgs{
		VpcId:               args.VpcId,
		TargetType:          pulumi.String(string(TargetInstance)),
		Protocol:            pulumi.String("HTTPS"),
		Port:                pulumi.Int(httpsPort),
		DeregistrationDelay: pulumi.Int(30),
		HealthCheck: &lb.TargetGroupHealthCheckArgs{
			Protocol: pulumi.String("HTTPS"),
			Port:     pulumi.String("traffic-port"),
			Path:     pulumi.String("/"),
		},
	}
}

// targets returns one address of the load balancer per subnet. Their number is
// known at preview; the addresses are not.
func (args *SimulatedHttpsBackendArgs) targets(s scope, balancer *lb.LoadBalancer) Targets {
	targets := Targets{Type: TargetIp, Port: httpsPort}
	for _, subnet := range args.Subnets {
		targets.List = append(targets.List, Target{
			Name:       subnet.AvailabilityZone,
			Id:         lookupNodeAddress(s, balancer, subnet.Id),
			OutsideVpc: true,
		})
		targets.Peers = append(targets.Peers, rangePeer(subnet.CidrBlock)) // AWS may choose any address in it.
	}
	return targets
}

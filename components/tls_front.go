package components

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// TlsFrontArgs describes a Network Load Balancer in front of an endpoint. All
// fields but CrossZone and DeletionProtection are required.
type TlsFrontArgs struct {
	VpcId         pulumi.StringInput
	Subnets       []Subnet             // Public, in the endpoint's zones.
	AllocationIds []pulumi.StringInput // The Elastic IP in each of Subnets.
	Endpoint      *ExecuteApiEndpoint
	// AllowedCidrs are the clients. Everyone who passes here satisfies the
	// API's aws:SourceVpc condition, because the API sees the VPC endpoint.
	AllowedCidrs       []netip.Prefix
	CertificateArn     pulumi.StringInput // Issued; covers the name that clients call.
	SslPolicy          string
	AccessLogBucket    pulumi.StringInput
	CrossZone          bool
	DeletionProtection bool
}

// TlsFront is an internet-facing Network Load Balancer that terminates TLS and
// opens TLS again to the addresses of an execute-api endpoint.
type TlsFront struct {
	pulumi.ResourceState

	DnsName      pulumi.StringOutput
	HostedZoneId pulumi.StringOutput // Of DnsName, for alias records.
}

var tlsFrontType = typeToken("TlsFront")

// NewTlsFront registers the load balancer and lets it, and only it, through to
// the endpoint.
func NewTlsFront(ctx *pulumi.Context, name string, args *TlsFrontArgs, opts ...pulumi.ResourceOption) (*TlsFront, error) {
	c := &TlsFront{}
	inputs := pulumi.Map{"allowedCidrs": stringsOf(args.AllowedCidrs), "sslPolicy": pulumi.String(args.SslPolicy)}
	if err := ctx.RegisterComponentResourceV2(tlsFrontType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	group, err := args.newSecurityGroup(ctx, name, child)
	if err != nil {
		return nil, failed("TlsFront", name, "security group", err)
	}
	// An Elastic IP is in use until the old load balancer is gone, so a new
	// one cannot be created beside it.
	// https://github.com/hashicorp/terraform-provider-aws/issues/15031
	// Where AWS protects it from deletion, so must the engine: it would first
	// delete the listener, and then be refused.
	balancer, err := lb.NewLoadBalancer(ctx, name+"-nlb", args.loadBalancer(group), child,
		pulumi.DeleteBeforeReplace(true), pulumi.Protect(args.DeletionProtection))
	if err != nil {
		return nil, failed("TlsFront", name, "load balancer", err)
	}
	targets, err := args.newTargets(ctx, name, child)
	if err != nil {
		return nil, failed("TlsFront", name, "targets", err)
	}
	if _, err := lb.NewListener(ctx, name+"-tls", args.listener(balancer, targets), child); err != nil {
		return nil, failed("TlsFront", name, "listener", err)
	}
	c.DnsName, c.HostedZoneId = balancer.DnsName, balancer.ZoneId
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"dnsName": c.DnsName})
}

// newSecurityGroup registers the load balancer's group and the rules on both
// sides of the connection to the endpoint. A load balancer created without a
// group can never get one.
func (args *TlsFrontArgs) newSecurityGroup(ctx *pulumi.Context, name string, child pulumi.ResourceOption) (*ec2.SecurityGroup, error) {
	group, err := ec2.NewSecurityGroup(ctx, name+"-sg", &ec2.SecurityGroupArgs{
		VpcId:       args.VpcId,
		Description: pulumi.String("NLB: HTTPS from allowed clients, to the API Gateway endpoint only"),
	}, child)
	if err != nil {
		return nil, err
	}
	for _, client := range args.AllowedCidrs {
		if _, err := vpc.NewSecurityGroupIngressRule(ctx, name+"-from-"+client.String(), httpsFrom(group, client), child); err != nil {
			return nil, fmt.Errorf("ingress from %s: %w", client, err)
		}
	}
	if _, err := vpc.NewSecurityGroupEgressRule(ctx, name+"-to-endpoint", &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId:           group.ID(),
		ReferencedSecurityGroupId: args.Endpoint.SecurityGroupId,
		IpProtocol:                pulumi.String("tcp"),
		FromPort:                  pulumi.Int(443),
		ToPort:                    pulumi.Int(443),
	}, child); err != nil {
		return nil, fmt.Errorf("egress to the endpoint: %w", err)
	}
	_, err = vpc.NewSecurityGroupIngressRule(ctx, name+"-into-endpoint", &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId:           args.Endpoint.SecurityGroupId,
		ReferencedSecurityGroupId: group.ID(),
		IpProtocol:                pulumi.String("tcp"),
		FromPort:                  pulumi.Int(443),
		ToPort:                    pulumi.Int(443),
	}, child)
	return group, err
}

func (args *TlsFrontArgs) loadBalancer(group *ec2.SecurityGroup) *lb.LoadBalancerArgs {
	mappings := lb.LoadBalancerSubnetMappingArray{}
	for i, subnet := range args.Subnets {
		mappings = append(mappings, &lb.LoadBalancerSubnetMappingArgs{
			SubnetId:     subnet.Id,
			AllocationId: args.AllocationIds[i].ToStringOutput(),
		})
	}
	return &lb.LoadBalancerArgs{
		LoadBalancerType:             pulumi.String("network"),
		Internal:                     pulumi.Bool(false),
		IpAddressType:                pulumi.String("ipv4"),
		SubnetMappings:               mappings,
		SecurityGroups:               pulumi.StringArray{group.ID()},
		EnableCrossZoneLoadBalancing: pulumi.Bool(args.CrossZone),
		EnableDeletionProtection:     pulumi.Bool(args.DeletionProtection),
		AccessLogs: &lb.LoadBalancerAccessLogsArgs{
			Bucket:  args.AccessLogBucket,
			Enabled: pulumi.Bool(true),
		},
	}
}

// newTargets registers the endpoint's addresses as TLS targets.
func (args *TlsFrontArgs) newTargets(ctx *pulumi.Context, name string, child pulumi.ResourceOption) (*lb.TargetGroup, error) {
	group, err := lb.NewTargetGroup(ctx, name+"-tg", endpointTargetGroup(args.VpcId), child)
	if err != nil {
		return nil, err
	}
	for i, address := range args.Endpoint.Addresses {
		zone := args.Subnets[i].AvailabilityZone
		if _, err := lb.NewTargetGroupAttachment(ctx, name+"-target-"+zone, &lb.TargetGroupAttachmentArgs{
			TargetGroupArn: group.Arn,
			TargetId:       pulumi.String(address.String()),
			Port:           pulumi.Int(443),
		}, child); err != nil {
			return nil, fmt.Errorf("%s in %s: %w", address, zone, err)
		}
	}
	return group, nil
}

// endpointTargetGroup suits the network interfaces of an endpoint: client
// addresses are not preserved, because AWS then loses the connections, and
// health checks are TCP, because API Gateway answers 403 to the Host header
// that a load balancer sends.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
func endpointTargetGroup(vpcId pulumi.StringInput) *lb.TargetGroupArgs {
	return &lb.TargetGroupArgs{
		VpcId:                 vpcId,
		TargetType:            pulumi.String("ip"),
		IpAddressType:         pulumi.String("ipv4"),
		Protocol:              pulumi.String("TLS"),
		Port:                  pulumi.Int(443),
		PreserveClientIp:      pulumi.String("false"),
		ProxyProtocolV2:       pulumi.Bool(false),
		ConnectionTermination: pulumi.Bool(true),
		DeregistrationDelay:   pulumi.Int(30),
		HealthCheck: &lb.TargetGroupHealthCheckArgs{
			Protocol: pulumi.String("TCP"),
			Port:     pulumi.String("traffic-port"),
		},
	}
}

func (args *TlsFrontArgs) listener(balancer *lb.LoadBalancer, targets *lb.TargetGroup) *lb.ListenerArgs {
	return &lb.ListenerArgs{
		LoadBalancerArn: balancer.Arn,
		Protocol:        pulumi.String("TLS"),
		Port:            pulumi.Int(443),
		CertificateArn:  args.CertificateArn,
		SslPolicy:       pulumi.String(args.SslPolicy),
		// The load balancer moves bytes: a client that was promised HTTP/2
		// would speak it to an endpoint that expects HTTP/1.1.
		AlpnPolicy: pulumi.String("None"),
		DefaultActions: lb.ListenerDefaultActionArray{&lb.ListenerDefaultActionArgs{
			Type:           pulumi.String("forward"),
			TargetGroupArn: targets.Arn,
		}},
	}
}

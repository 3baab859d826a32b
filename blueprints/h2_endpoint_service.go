package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
)

// H2EndpointServiceArgs is configuration that has been checked, and what AWS
// answered about it.
type H2EndpointServiceArgs struct {
	Settings    H2EndpointServiceSettings
	Environment components.Environment
	Service     *Service  // Nil: others offer it.
	Consumer    *Consumer // Nil: others use it.
}

// H2EndpointService is a service that speaks HTTP/2 to other VPCs and accounts:
//
//	consumer's VPC: client ── private DNS name ──▶ interface endpoint (443 from the clients' ranges)
//	                                                 │ PrivateLink: the owner accepts the endpoint
//	service's VPC:                                 endpoint service (allowed principals, verified private DNS name)
//	                                                 │
//	                                               internal NLB (TLS with the name's certificate, ALPN HTTP2Preferred, access logs)
//	                                                 │ TLS, its security group or address only; PROXY protocol v2 if asked for
//	                                               targets that speak HTTP/2
//
// The load balancer's security group has no rule for consumers, and needs none:
// their addresses are AWS's, so the group is not asked about PrivateLink.
//
// The README says what it costs, and which rules of the policy pack guard it.
type H2EndpointService struct {
	pulumi.ResourceState

	ServiceName                 pulumi.StringOutput
	LoadBalancerSecurityGroupId pulumi.StringOutput // Whom existing targets have to admit.
	EndpointId                  pulumi.StringOutput
	Curl                        pulumi.StringOutput // A command for clients.
}

const h2EndpointServiceType = "private-api-blueprints:blueprints:H2EndpointService"

// NewH2EndpointService registers the blueprint. Physical names begin with name.
func NewH2EndpointService(ctx *pulumi.Context, name string, args *H2EndpointServiceArgs, opts ...pulumi.ResourceOption) (*H2EndpointService, error) {
	bp := &H2EndpointService{}
	inputs := pulumi.Map{"privateDnsName": pulumi.String(args.privateDnsName())}
	if err := ctx.RegisterComponentResourceV2(h2EndpointServiceType, name, inputs, bp, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(bp)
	var service *components.EndpointService
	var err error
	if args.Service != nil {
		if service, err = bp.offer(ctx, name, args, child); err != nil {
			return nil, err
		}
	}
	if args.Consumer != nil {
		if err := bp.use(ctx, name+"-consumer", args, service, child); err != nil {
			return nil, err
		}
	}
	return bp, ctx.RegisterResourceOutputs(bp, pulumi.Map{"serviceName": bp.ServiceName})
}

// offer registers the service's half.
func (bp *H2EndpointService) offer(ctx *pulumi.Context, name string, args *H2EndpointServiceArgs, child pulumi.ResourceOption) (*components.EndpointService, error) {
	s := args.Settings.Service
	network, err := s.Network.register(ctx, name, args.Service.Network, child)
	if err != nil {
		return nil, err
	}
	balancer, err := args.newLoadBalancer(ctx, name, network, child)
	if err != nil {
		return nil, err
	}
	listener, err := args.newListener(ctx, name, network, balancer, child)
	if err != nil {
		return nil, err
	}
	service, err := components.NewEndpointService(ctx, name, &components.EndpointServiceArgs{
		Listener:           listener,
		PrivateDnsName:     s.Domain.Name,
		PublicZoneId:       s.Domain.PublicZoneId,
		AllowedPrincipals:  s.AllowedPrincipals,
		AcceptanceRequired: s.AcceptanceRequired,
	}, child)
	if err != nil {
		return nil, err
	}
	bp.ServiceName, bp.LoadBalancerSecurityGroupId = service.Name, balancer.SecurityGroupId
	return service, nil
}

// use registers the consumer's half, for the service of this stack or, where
// that is nil, of another.
func (bp *H2EndpointService) use(ctx *pulumi.Context, name string, args *H2EndpointServiceArgs, service *components.EndpointService, child pulumi.ResourceOption) error {
	s := args.Settings.Consumer
	endpoint, err := s.register(ctx, name, args.Consumer, service, child)
	if err != nil {
		return err
	}
	if service == nil {
		bp.ServiceName = pulumi.String(s.ServiceName).ToStringOutput()
	}
	bp.EndpointId, bp.Curl = endpoint.EndpointId, s.curl(args.privateDnsName(), endpoint)
	return nil
}

func (args *H2EndpointServiceArgs) privateDnsName() string {
	if args.Service != nil {
		return args.Settings.Service.Domain.Name
	}
	return args.Consumer.PrivateDnsName
}

// forConsumers is what others have to know to use the service.
func (args *H2EndpointServiceArgs) forConsumers(serviceName pulumi.StringInput) pulumi.Map {
	return pulumi.Map{
		"serviceName":         serviceName,
		"privateDnsName":      pulumi.String(args.privateDnsName()),
		"acceptanceRequired":  pulumi.Bool(args.Settings.Service.AcceptanceRequired),
		"availabilityZoneIds": pulumi.ToStringArray(args.Service.ZoneIds),
	}
}

// newLoadBalancer registers the load balancer and the bucket of its logs.
func (args *H2EndpointServiceArgs) newLoadBalancer(ctx *pulumi.Context, name string, network *components.Network, child pulumi.ResourceOption) (*components.NetworkLoadBalancer, error) {
	s := &args.Settings.Service.Front
	logs, err := s.newLogs(ctx, name, args.Environment, child)
	if err != nil {
		return nil, err
	}
	nodes := make([]components.Node, len(network.Private))
	for i, subnet := range network.Private {
		nodes[i] = components.Node{Subnet: subnet}
	}
	return components.NewNetworkLoadBalancer(ctx, name, &components.NetworkLoadBalancerArgs{
		VpcId:              network.VpcId,
		Nodes:              nodes,
		Internal:           true,
		PrivateLink:        true,
		AccessLogBucket:    logs.Name,
		CrossZone:          s.CrossZone,
		DeletionProtection: s.DeletionProtection,
	}, child)
}

// newListener registers the listener, its certificate, and what it forwards to.
func (args *H2EndpointServiceArgs) newListener(ctx *pulumi.Context, name string, network *components.Network, balancer *components.NetworkLoadBalancer, child pulumi.ResourceOption) (*components.Listener, error) {
	s := args.Settings.Service
	targets, err := args.targets(ctx, name+"-web", network, balancer, child)
	if err != nil {
		return nil, err
	}
	certificate, err := s.Domain.certificate(ctx, name, child)
	if err != nil {
		return nil, err
	}
	return components.NewListener(ctx, name, &components.ListenerArgs{
		LoadBalancer: balancer,
		Tls:          &components.ListenerTls{CertificateArn: certificate, SslPolicy: s.Front.SslPolicy, AlpnPolicy: components.AlpnPolicy(s.Front.AlpnPolicy)},
		Targets:      *targets,
	}, child)
}

// targets are those that exist, or servers that it registers.
func (args *H2EndpointServiceArgs) targets(ctx *pulumi.Context, name string, network *components.Network, balancer *components.NetworkLoadBalancer, child pulumi.ResourceOption) (*components.Targets, error) {
	if args.Service.Targets != nil {
		return args.Service.Targets, nil
	}
	s := args.Settings.Service
	servers, err := components.NewWebServers(ctx, name, &components.WebServersArgs{
		VpcId:         network.VpcId,
		Subnets:       network.Private,
		ServerName:    s.Domain.Name,
		InstanceType:  s.Targets.Launch.InstanceType,
		ProxyProtocol: s.Targets.ProxyProtocol,
		Clients:       []components.Peer{{Name: "nlb", SecurityGroupId: balancer.SecurityGroupId}},
	}, child)
	if err != nil {
		return nil, err
	}
	return &components.Targets{
		Type: components.TargetInstance, Port: s.Targets.Port, ProxyProtocol: s.Targets.ProxyProtocol,
		List: servers.Targets, Peers: []components.Peer{{Name: "web", SecurityGroupId: servers.SecurityGroupId}},
	}, nil
}

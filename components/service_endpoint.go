package components

import (
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ServiceEndpointArgs describes an interface endpoint for an endpoint service.
// Exactly one of Service and ServiceName is set.
type ServiceEndpointArgs struct {
	Service           *EndpointService // A service of this stack, which then accepts the endpoint.
	ServiceName       string           // The name of a service outside this stack.
	VpcId             pulumi.StringInput
	Subnets           []Subnet     // One per zone.
	Addresses         []netip.Addr // The IPv4 address in each subnet. Nil if AWS chooses.
	ClientCidrs       []netip.Prefix
	PrivateDnsEnabled bool // Whether the service's private DNS name resolves to the endpoint in the whole VPC.
}

// ServiceEndpoint is an interface endpoint for an endpoint service, and its
// security group, which admits the clients:
//
//	client in the VPC ──▶ endpoint ── PrivateLink ──▶ endpoint service
//
// An endpoint costs by the hour and zone, and per unit of traffic.
type ServiceEndpoint struct {
	pulumi.ResourceState
	childTracker

	EndpointId pulumi.StringOutput
	DnsName    pulumi.StringOutput // The regional name, not one zone's.

	SecurityGroupId pulumi.StringOutput
}

const serviceEndpointType = typePrefix + "ServiceEndpoint"

// NewServiceEndpoint registers the endpoint, its security group and, if the
// service requires it, the acceptance. The provider in opts may belong to
// another account than the service.
func NewServiceEndpoint(
	ctx *pulumi.Context, name string, args *ServiceEndpointArgs, opts ...pulumi.ResourceOption,
) (*ServiceEndpoint, error) {
	c := &ServiceEndpoint{}
	inputs := pulumi.Map{"vpcId": args.VpcId, "serviceName": args.serviceName()}
	err := ctx.RegisterComponentResourceV2(serviceEndpointType, name, inputs, c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	endpoint, group, err := newInterfaceEndpoint(s, args.endpoint(), args.options()...)
	if err != nil {
		return nil, failed("ServiceEndpoint", name, "interface endpoint", err)
	}
	if args.needsAcceptance() {
		if err := args.newAcceptance(s, endpoint); err != nil {
			return nil, failed("ServiceEndpoint", name, "acceptance", err)
		}
	}
	c.EndpointId, c.SecurityGroupId = endpoint.ID().ToStringOutput(), group.ID().ToStringOutput()
	c.DnsName = regionalDnsEntry(endpoint.DnsEntries).DnsName().Elem()
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"endpointId": c.EndpointId, "dnsName": c.DnsName})
}

// serviceName returns the name of the service, wherever it is.
func (args *ServiceEndpointArgs) serviceName() pulumi.StringInput {
	if args.Service != nil {
		return args.Service.Name
	}
	return pulumi.String(args.ServiceName)
}

// needsAcceptance reports whether this stack must accept the endpoint.
func (args *ServiceEndpointArgs) needsAcceptance() bool {
	return args.Service != nil && args.Service.acceptanceRequired
}

// endpoint returns the interface endpoint's arguments. Private DNS is left to
// newAcceptance if the endpoint must be accepted first.
func (args *ServiceEndpointArgs) endpoint() *interfaceEndpointArgs {
	endpoint := &interfaceEndpointArgs{
		description: "Endpoint of a service: HTTPS from its clients only",
		vpcId:       args.VpcId,
		serviceName: args.serviceName(),
		subnets:     args.Subnets,
		addresses:   args.Addresses,
		clientCidrs: args.ClientCidrs,
	}
	if !args.needsAcceptance() {
		endpoint.privateDnsEnabled = pulumi.Bool(args.PrivateDnsEnabled)
	}
	return endpoint
}

// options returns the endpoint's resource options. AWS refuses private DNS
// before the name is verified, and refuses it to a second endpoint of a VPC for
// the same name.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
// https://github.com/hashicorp/terraform-provider-aws/issues/17535
func (args *ServiceEndpointArgs) options() []pulumi.ResourceOption {
	options := []pulumi.ResourceOption{pulumi.DeleteBeforeReplace(args.PrivateDnsEnabled)}
	if args.Service != nil {
		options = append(options, pulumi.DependsOn(args.Service.verified))
	}
	return options
}

// newAcceptance registers the acceptance of the endpoint and then its private
// DNS, which AWS refuses to an endpoint that waits for acceptance.
// https://github.com/hashicorp/terraform-provider-aws/issues/37628
func (args *ServiceEndpointArgs) newAcceptance(s scope, endpoint *ec2.VpcEndpoint) error {
	accepted, err := args.Service.newAcceptance(s, endpoint.ID())
	if err != nil {
		return err
	}
	_, err = vpc.NewEndpointPrivateDns(s.ctx, s.name+"-private-dns", &vpc.EndpointPrivateDnsArgs{
		VpcEndpointId:     endpoint.ID(),
		PrivateDnsEnabled: pulumi.Bool(args.PrivateDnsEnabled),
	}, s.child, pulumi.DependsOn(append([]pulumi.Resource{accepted}, args.Service.verified...)))
	return err
}

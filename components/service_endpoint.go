package components

import (
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ServiceEndpointArgs describes an interface endpoint for somebody's endpoint
// service. Exactly one of Service and ServiceName is set.
type ServiceEndpointArgs struct {
	Service           *EndpointService // In this stack, which then accepts the endpoint.
	ServiceName       string           // Of one that is not.
	VpcId             pulumi.StringInput
	Subnets           []Subnet // One per zone.
	ClientCidrs       []netip.Prefix
	PrivateDnsEnabled bool // Whether the service's private DNS name leads to the endpoint, in the whole VPC.
}

// ServiceEndpoint is an interface endpoint for an endpoint service, and its
// security group, which admits the clients.
type ServiceEndpoint struct {
	pulumi.ResourceState

	EndpointId pulumi.StringOutput
	DnsName    pulumi.StringOutput // The regional name, not one zone's.
}

var serviceEndpointType = typeToken("ServiceEndpoint")

// NewServiceEndpoint registers the endpoint and its security group. The
// provider in opts may be another account's than the service has.
func NewServiceEndpoint(ctx *pulumi.Context, name string, args *ServiceEndpointArgs, opts ...pulumi.ResourceOption) (*ServiceEndpoint, error) {
	c := &ServiceEndpoint{}
	inputs := pulumi.Map{"vpcId": args.VpcId, "serviceName": args.serviceName()}
	if err := ctx.RegisterComponentResourceV2(serviceEndpointType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	endpoint, _, err := newInterfaceEndpoint(ctx, name, args.endpoint(), child, args.options()...)
	if err != nil {
		return nil, failed("ServiceEndpoint", name, "interface endpoint", err)
	}
	if args.needsAcceptance() {
		if err := args.join(ctx, name, endpoint, child); err != nil {
			return nil, failed("ServiceEndpoint", name, "acceptance", err)
		}
	}
	c.EndpointId = endpoint.ID().ToStringOutput()
	c.DnsName = regionalDnsEntry(endpoint.DnsEntries).DnsName().Elem()
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"endpointId": c.EndpointId, "dnsName": c.DnsName})
}

func (args *ServiceEndpointArgs) serviceName() pulumi.StringInput {
	if args.Service != nil {
		return args.Service.Name
	}
	return pulumi.String(args.ServiceName)
}

// needsAcceptance tells whether the endpoint waits for the service's owner, who
// is in this stack.
func (args *ServiceEndpointArgs) needsAcceptance() bool {
	return args.Service != nil && args.Service.acceptanceRequired
}

func (args *ServiceEndpointArgs) endpoint() *interfaceEndpointArgs {
	endpoint := &interfaceEndpointArgs{
		description: "Endpoint of a service: HTTPS from its clients only",
		vpcId:       args.VpcId,
		serviceName: args.serviceName(),
		subnets:     args.Subnets,
		clientCidrs: args.ClientCidrs,
	}
	if !args.needsAcceptance() {
		endpoint.privateDnsEnabled = pulumi.Bool(args.PrivateDnsEnabled)
	}
	return endpoint
}

// options of the endpoint: AWS refuses private DNS before the name is verified,
// and refuses it to two endpoints of a VPC for the same name.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
// https://github.com/hashicorp/terraform-provider-aws/issues/17535
func (args *ServiceEndpointArgs) options() []pulumi.ResourceOption {
	options := []pulumi.ResourceOption{pulumi.DeleteBeforeReplace(args.PrivateDnsEnabled)}
	if args.Service != nil {
		options = append(options, pulumi.DependsOn([]pulumi.Resource{args.Service.verified}))
	}
	return options
}

// join has the endpoint accepted, and decides on private DNS only then: AWS
// refuses it to an endpoint that waits.
// https://github.com/hashicorp/terraform-provider-aws/issues/37628
func (args *ServiceEndpointArgs) join(ctx *pulumi.Context, name string, endpoint *ec2.VpcEndpoint, child pulumi.ResourceOption) error {
	accepted, err := args.Service.accept(ctx, name, endpoint.ID())
	if err != nil {
		return err
	}
	_, err = vpc.NewEndpointPrivateDns(ctx, name+"-private-dns", &vpc.EndpointPrivateDnsArgs{
		VpcEndpointId:     endpoint.ID(),
		PrivateDnsEnabled: pulumi.Bool(args.PrivateDnsEnabled),
	}, child, pulumi.DependsOn([]pulumi.Resource{accepted, args.Service.verified}))
	return err
}

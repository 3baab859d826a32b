package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// EndpointServiceArgs offers a Network Load Balancer through PrivateLink. All
// fields but AcceptanceRequired are required.
type EndpointServiceArgs struct {
	Listener           *Listener // Of the load balancer.
	PrivateDnsName     string    // By which consumers call the service; its certificate's.
	PublicZoneId       string    // A public zone that holds the name, to prove that it is yours.
	AllowedPrincipals  []string  // ARNs of those who may ask for an endpoint, or * for everybody.
	AcceptanceRequired bool      // Whether asking is not enough.
}

// EndpointService is an endpoint service with a verified private DNS name.
type EndpointService struct {
	pulumi.ResourceState

	Name pulumi.StringOutput // Such as com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0.

	id                 pulumi.StringInput
	acceptanceRequired bool
	verified           pulumi.Resource // Before it no endpoint can have private DNS.
}

var endpointServiceType = typeToken("EndpointService")

// NewEndpointService registers the service, the record that proves whose the
// name is, and the wait until AWS has found it.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func NewEndpointService(ctx *pulumi.Context, name string, args *EndpointServiceArgs, opts ...pulumi.ResourceOption) (*EndpointService, error) {
	c := &EndpointService{acceptanceRequired: args.AcceptanceRequired}
	inputs := pulumi.Map{"privateDnsName": pulumi.String(args.PrivateDnsName), "acceptanceRequired": pulumi.Bool(args.AcceptanceRequired)}
	if err := ctx.RegisterComponentResourceV2(endpointServiceType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	service, err := ec2.NewVpcEndpointService(ctx, name+"-service", &ec2.VpcEndpointServiceArgs{
		AcceptanceRequired:      pulumi.Bool(args.AcceptanceRequired),
		AllowedPrincipals:       pulumi.ToStringArray(args.AllowedPrincipals),
		NetworkLoadBalancerArns: pulumi.StringArray{args.Listener.loadBalancerArn},
		PrivateDnsName:          pulumi.String(args.PrivateDnsName),
		SupportedIpAddressTypes: pulumi.ToStringArray([]string{"ipv4"}),
	}, child, pulumi.DependsOn(args.Listener.forwarding)) // Consumers move with the service to a new load balancer.
	if err != nil {
		return nil, failed("EndpointService", name, "service", err)
	}
	c.id, c.Name = service.ID().ToStringOutput(), service.ServiceName
	if c.verified, err = args.verify(ctx, name, service, child); err != nil {
		return nil, err
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"name": c.Name})
}

func (args *EndpointServiceArgs) verify(ctx *pulumi.Context, name string, service *ec2.VpcEndpointService, child pulumi.ResourceOption) (pulumi.Resource, error) {
	proof := service.PrivateDnsNameConfigurations.Index(pulumi.Int(0))
	record, err := route53.NewRecord(ctx, name+"-proof", &route53.RecordArgs{
		ZoneId:  pulumi.String(args.PublicZoneId),
		Name:    pulumi.Sprintf("%s.%s", proof.Name().Elem(), args.PrivateDnsName),
		Type:    proof.Type().Elem(),
		Records: pulumi.StringArray{proof.Value().Elem()},
		Ttl:     pulumi.Int(300),
	}, child)
	if err != nil {
		return nil, failed("EndpointService", name, "record for verification", err)
	}
	// It has no input that another name would change, and would leave that one
	// unverified; the record has.
	verified, err := vpc.NewEndpointServicePrivateDnsVerification(ctx, name+"-verified", &vpc.EndpointServicePrivateDnsVerificationArgs{
		ServiceId:           service.ID(),
		WaitForVerification: pulumi.Bool(true),
	}, child, pulumi.DependsOn([]pulumi.Resource{record}), pulumi.ReplaceWith([]pulumi.Resource{record}))
	if err != nil {
		return nil, failed("EndpointService", name, "verification", err)
	}
	return verified, nil
}

// accept registers the owner's consent to an endpoint, with the owner's
// provider. To delete it would reject the endpoint, which breaks it for good:
// it stays when the service no longer asks for consent, and goes with the
// endpoint.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/vpc_endpoint_connection_accepter.go
func (c *EndpointService) accept(ctx *pulumi.Context, name string, endpointId pulumi.StringInput) (pulumi.Resource, error) {
	return ec2.NewVpcEndpointConnectionAccepter(ctx, name+"-accepted", &ec2.VpcEndpointConnectionAccepterArgs{
		VpcEndpointId:        endpointId,
		VpcEndpointServiceId: c.id,
	}, pulumi.Parent(c), pulumi.RetainOnDelete(true))
}

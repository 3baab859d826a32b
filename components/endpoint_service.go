package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// EndpointServiceArgs describes how a Network Load Balancer is offered through
// PrivateLink. All fields except PublicZoneId, ZoneProvider, Verified and
// AcceptanceRequired are required.
type EndpointServiceArgs struct {
	Listener       *Listener // The load balancer's listener.
	PrivateDnsName string    // The name that consumers call. The listener's certificate covers it.
	PublicZoneId   string    // A public zone that holds the name, to prove that you own it. Empty if others do.
	// ZoneProvider is the provider of that zone's account; nil for the stack's own.
	ZoneProvider       pulumi.ProviderResource
	Verified           bool     // Whether others have made the record that proves it.
	AllowedPrincipals  []string // ARNs of those who may request an endpoint, or * for everybody.
	AcceptanceRequired bool     // Whether a requested endpoint must also be accepted.
}

// EndpointService is an endpoint service with a verified private DNS name:
//
//	consumer's endpoint ── PrivateLink ──▶ endpoint service ──▶ Network Load Balancer
//
// The name is verified by a record in a public hosted zone, or by one that others
// make. Consumers pay for their endpoints.
type EndpointService struct {
	pulumi.ResourceState

	Name  pulumi.StringOutput // Such as com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0.
	Proof ProofRecord

	id                 pulumi.StringInput
	acceptanceRequired bool
	verified           []pulumi.Resource // An endpoint with private DNS depends on it. Empty without a record.
}

// ProofRecord is the TXT record by which AWS knows who owns a name.
type ProofRecord struct {
	Name  pulumi.StringOutput // Fully qualified.
	Type  pulumi.StringOutput
	Value pulumi.StringOutput
}

const endpointServiceType = typePrefix + "EndpointService"

// NewEndpointService registers the service, the record that proves who owns the
// name, and the wait until AWS has verified it.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func NewEndpointService(
	ctx *pulumi.Context, name string, args *EndpointServiceArgs, opts ...pulumi.ResourceOption,
) (*EndpointService, error) {
	c := &EndpointService{acceptanceRequired: args.AcceptanceRequired}
	inputs := pulumi.Map{
		"privateDnsName":     pulumi.String(args.PrivateDnsName),
		"acceptanceRequired": pulumi.Bool(args.AcceptanceRequired),
	}
	if err := ctx.RegisterComponentResourceV2(endpointServiceType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	// Consumers come as soon as the service exists, and move with it to a new load
	// balancer, so its listener must forward by then.
	forwarding := pulumi.DependsOn(args.Listener.forwarding)
	service, err := ec2.NewVpcEndpointService(ctx, name+"-service", args.service(), s.child, forwarding)
	if err != nil {
		return nil, failed("EndpointService", name, "service", err)
	}
	c.id, c.Name = service.ID().ToStringOutput(), service.ServiceName
	c.Proof = args.proof(service)
	if c.verified, err = args.newVerification(s, service, &c.Proof); err != nil {
		return nil, err
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"name": c.Name})
}

// service returns the endpoint service's arguments.
func (args *EndpointServiceArgs) service() *ec2.VpcEndpointServiceArgs {
	return &ec2.VpcEndpointServiceArgs{
		AcceptanceRequired:      pulumi.Bool(args.AcceptanceRequired),
		AllowedPrincipals:       pulumi.ToStringArray(args.AllowedPrincipals),
		NetworkLoadBalancerArns: pulumi.StringArray{args.Listener.loadBalancerArn},
		PrivateDnsName:          pulumi.String(args.PrivateDnsName),
		SupportedIpAddressTypes: pulumi.ToStringArray([]string{"ipv4"}),
	}
}

// proof returns the record that AWS looks for.
func (args *EndpointServiceArgs) proof(service *ec2.VpcEndpointService) ProofRecord {
	wanted := service.PrivateDnsNameConfigurations.Index(pulumi.Int(0))
	return ProofRecord{
		Name:  pulumi.Sprintf("%s.%s", wanted.Name().Elem(), args.PrivateDnsName),
		Type:  wanted.Type().Elem(),
		Value: wanted.Value().Elem(),
	}
}

// newVerification registers the record that AWS looks for, unless others make it, and
// the wait until AWS has found it. It returns nothing if nobody has made the record
// yet.
func (args *EndpointServiceArgs) newVerification(
	s scope, service *ec2.VpcEndpointService, proof *ProofRecord,
) ([]pulumi.Resource, error) {
	var records []pulumi.Resource
	switch {
	case args.PublicZoneId != "":
		record, err := route53.NewRecord(s.ctx, s.name+"-proof", &route53.RecordArgs{
			ZoneId:  pulumi.String(args.PublicZoneId),
			Name:    proof.Name,
			Type:    proof.Type,
			Records: pulumi.StringArray{proof.Value},
			Ttl:     pulumi.Int(300),
		}, s.child, inAccountOf(args.ZoneProvider))
		if err != nil {
			return nil, failed("EndpointService", s.name, "record for verification", err)
		}
		records = []pulumi.Resource{record}
	case !args.Verified:
		return nil, nil
	}
	// A changed name changes no input of the verification. It is replaced with the
	// record, or has the name in its own if others make the record. Otherwise a new
	// name would stay unverified.
	name := s.name + "-verified"
	if len(records) == 0 {
		name += "-" + args.PrivateDnsName
	}
	verified, err := vpc.NewEndpointServicePrivateDnsVerification(s.ctx, name,
		&vpc.EndpointServicePrivateDnsVerificationArgs{
			ServiceId:           service.ID(),
			WaitForVerification: pulumi.Bool(true),
		}, s.child, pulumi.DependsOn(records), pulumi.ReplaceWith(records))
	if err != nil {
		return nil, failed("EndpointService", s.name, "verification", err)
	}
	return []pulumi.Resource{verified}, nil
}

// newAcceptance registers the owner's acceptance of an endpoint, with the
// owner's provider. Deleting it would reject the endpoint, which breaks the
// endpoint for good. It is therefore retained when the service no longer
// requires acceptance, and ends with the endpoint.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ec2/vpc_endpoint_connection_accepter.go
func (c *EndpointService) newAcceptance(s scope, endpointId pulumi.StringInput) (pulumi.Resource, error) {
	return ec2.NewVpcEndpointConnectionAccepter(s.ctx, s.name+"-accepted", &ec2.VpcEndpointConnectionAccepterArgs{
		VpcEndpointId:        endpointId,
		VpcEndpointServiceId: c.id,
	}, pulumi.Parent(c), pulumi.RetainOnDelete(true))
}

package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// VpcLinkArgs describes a way of API Gateway into a VPC. All fields are
// required.
type VpcLinkArgs struct {
	LoadBalancer NetworkLoadBalancerArgs // Internal and PrivateLink are filled in; at no fixed address, else it could not be replaced.
	Targets      Targets                 // They speak TLS: API Gateway is to see their certificate.
}

// VpcLink is a VPC link, and the Network Load Balancer that it leads to, which
// passes TLS through to its targets. The load balancer is the link's own: one
// behind an endpoint service cannot be behind a link too.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html
type VpcLink struct {
	pulumi.ResourceState
	parts

	Id           pulumi.StringOutput
	DnsName      pulumi.StringOutput // Of the load balancer.
	HostedZoneId pulumi.StringOutput // Of DnsName, for alias records.
}

var vpcLinkType = typeToken("VpcLink")

// NewVpcLink registers the load balancer, its listener and the link. AWS takes
// some minutes to make a link, and makes another for another load balancer.
func NewVpcLink(ctx *pulumi.Context, name string, args *VpcLinkArgs, opts ...pulumi.ResourceOption) (*VpcLink, error) {
	c := &VpcLink{}
	if err := ctx.RegisterComponentResourceV2(vpcLinkType, name, pulumi.Map{"targets": pulumi.Int(len(args.Targets.List))}, c, append(opts, c.collect())...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	front := args.LoadBalancer
	front.Internal, front.PrivateLink = true, true
	balancer, err := NewNetworkLoadBalancer(ctx, name, &front, child)
	if err != nil {
		return nil, failed("VpcLink", name, "load balancer", err)
	}
	if _, err := NewListener(ctx, name, &ListenerArgs{LoadBalancer: balancer, Targets: args.Targets}, child); err != nil {
		return nil, failed("VpcLink", name, "listener", err)
	}
	link, err := apigateway.NewVpcLink(ctx, name+"-vpclink", &apigateway.VpcLinkArgs{TargetArn: balancer.Arn}, child)
	if err != nil {
		return nil, failed("VpcLink", name, "link", err)
	}
	c.Id = link.ID().ToStringOutput()
	c.DnsName, c.HostedZoneId = balancer.DnsName, balancer.HostedZoneId
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"id": c.Id, "dnsName": c.DnsName})
}

package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// VpcLinkArgs describes how API Gateway gets into a VPC. All fields except
// Clients, CrossZone and DeletionProtection are required.
type VpcLinkArgs struct {
	VpcId              pulumi.StringInput
	Subnets            []Subnet // The load balancer's subnets, one per zone.
	Targets            Targets  // They speak TLS: API Gateway verifies their certificate.
	Clients            []Peer   // Who else may connect to the load balancer. The link needs no rule.
	CrossZone          bool
	DeletionProtection bool // Protects the load balancer.
}

// VpcLink is a VPC link and the internal Network Load Balancer behind it, which
// passes TLS through to its targets:
//
//	API Gateway ── VPC link ──▶ Network Load Balancer (TCP 443) ──▶ targets (TLS)
//
// The load balancer serves the link only: one behind an endpoint service cannot
// also be behind a link. It costs what a Network Load Balancer costs.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-api-with-vpclink-cli.html
type VpcLink struct {
	pulumi.ResourceState
	childTracker

	Id           pulumi.StringOutput
	DnsName      pulumi.StringOutput // The load balancer's name.
	HostedZoneId pulumi.StringOutput // The zone of DnsName, for alias records.
	Metrics      *ListenerMetrics
}

const vpcLinkType = typePrefix + "VpcLink"

// NewVpcLink registers the load balancer, its listener and the link. AWS takes
// some minutes to create a link, and needs a new link for a new load balancer.
func NewVpcLink(
	ctx *pulumi.Context, name string, args *VpcLinkArgs, opts ...pulumi.ResourceOption,
) (*VpcLink, error) {
	c := &VpcLink{}
	inputs := pulumi.Map{"targets": pulumi.Int(len(args.Targets.List))}
	if err := ctx.RegisterComponentResourceV2(vpcLinkType, name, inputs, c, append(opts, c.track())...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	balancer, err := NewNetworkLoadBalancer(ctx, name, args.loadBalancer(), child)
	if err != nil {
		return nil, failed("VpcLink", name, "load balancer", err)
	}
	listener, err := NewListener(ctx, name, &ListenerArgs{LoadBalancer: balancer, Targets: args.Targets}, child)
	if err != nil {
		return nil, failed("VpcLink", name, "listener", err)
	}
	c.Metrics = listener.Metrics
	link, err := apigateway.NewVpcLink(ctx, name+"-vpclink", &apigateway.VpcLinkArgs{TargetArn: balancer.Arn}, child)
	if err != nil {
		return nil, failed("VpcLink", name, "link", err)
	}
	c.Id = link.ID().ToStringOutput()
	c.DnsName, c.HostedZoneId = balancer.DnsName, balancer.HostedZoneId
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"id": c.Id, "dnsName": c.DnsName})
}

// loadBalancer returns a load balancer whose nodes have no fixed addresses:
// one with them could not be replaced while the link uses it.
func (args *VpcLinkArgs) loadBalancer() *NetworkLoadBalancerArgs {
	return &NetworkLoadBalancerArgs{
		VpcId:              args.VpcId,
		Nodes:              NodesIn(args.Subnets),
		Internal:           true,
		PrivateLink:        true,
		Clients:            args.Clients,
		CrossZone:          args.CrossZone,
		DeletionProtection: args.DeletionProtection,
	}
}

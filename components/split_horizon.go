package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AliasTarget is what an alias record points at.
type AliasTarget struct {
	DnsName      pulumi.StringInput
	HostedZoneId pulumi.StringInput
}

// SplitHorizonArgs gives one name two answers. All fields but Ready are
// required.
type SplitHorizonArgs struct {
	DomainName   string // Fully qualified.
	PublicZoneId string // A public zone that holds the name.
	VpcId        pulumi.StringInput
	Public       AliasTarget       // The answer everywhere else.
	Private      AliasTarget       // The answer inside the VPC.
	Ready        []pulumi.Resource // What must be there before anyone resolves the name.
}

// SplitHorizon is a name that resolves to one thing on the internet and to
// another inside a VPC.
type SplitHorizon struct{ pulumi.ResourceState }

var splitHorizonType = typeToken("SplitHorizon")

// NewSplitHorizon registers the public record, and a private zone named
// exactly as the record: for a name that a private zone covers and does not
// hold, the resolver answers NXDOMAIN and never asks public DNS, so a wider
// zone would take its siblings away.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
func NewSplitHorizon(ctx *pulumi.Context, name string, args *SplitHorizonArgs, opts ...pulumi.ResourceOption) (*SplitHorizon, error) {
	c := &SplitHorizon{}
	inputs := pulumi.Map{"domainName": pulumi.String(args.DomainName), "publicZoneId": pulumi.String(args.PublicZoneId)}
	if err := ctx.RegisterComponentResourceV2(splitHorizonType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	zone, err := route53.NewZone(ctx, name+"-zone", &route53.ZoneArgs{
		Name:    pulumi.String(args.DomainName),
		Comment: pulumi.String("The name as the VPC sees it; public DNS has its own record"),
		Vpcs:    route53.ZoneVpcArray{&route53.ZoneVpcArgs{VpcId: args.VpcId}},
	}, child)
	if err != nil {
		return nil, failed("SplitHorizon", name, "private zone", err)
	}
	ready := pulumi.DependsOn(args.Ready)
	if _, err := route53.NewRecord(ctx, name+"-inside", args.alias(zone.ZoneId, args.Private), child, ready); err != nil {
		return nil, failed("SplitHorizon", name, "private record", err)
	}
	if _, err := route53.NewRecord(ctx, name+"-outside", args.alias(pulumi.String(args.PublicZoneId), args.Public), child, ready); err != nil {
		return nil, failed("SplitHorizon", name, "public record", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

func (args *SplitHorizonArgs) alias(zoneId pulumi.StringInput, target AliasTarget) *route53.RecordArgs {
	return &route53.RecordArgs{
		ZoneId: zoneId,
		Name:   pulumi.String(args.DomainName),
		Type:   pulumi.String("A"),
		Aliases: route53.RecordAliasArray{&route53.RecordAliasArgs{
			Name:                 target.DnsName,
			ZoneId:               target.HostedZoneId,
			EvaluateTargetHealth: pulumi.Bool(true),
		}},
	}
}

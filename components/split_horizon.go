package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// SplitHorizonArgs describes a name with two answers. All fields except
// PublicZoneId, ZoneProvider and DependsOn are required.
type SplitHorizonArgs struct {
	DomainName   string // Fully qualified.
	PublicZoneId string // A public zone that holds the name. Empty if others make its record.
	// ZoneProvider is the provider of the public zone's account; nil for the stack's own.
	ZoneProvider pulumi.ProviderResource
	Inside       VpcZone           // The zone of the answer inside the VPC.
	Public       AliasTarget       // The answer outside the VPC.
	Private      AliasTarget       // The answer inside the VPC.
	DependsOn    []pulumi.Resource // What must exist before anyone resolves the name.
}

// SplitHorizon is a name that resolves to one target on the internet and to
// another inside a VPC:
//
//	internet ── public zone: A ──────────▶ Public
//	VPC ─────── private hosted zone: A ──▶ Private
//
// Without a public zone, it is only the private half.
// It costs a hosted zone per month.
type SplitHorizon struct{ pulumi.ResourceState }

const splitHorizonType = typePrefix + "SplitHorizon"

// NewSplitHorizon registers the public record, and the private zone with the
// private record.
func NewSplitHorizon(
	ctx *pulumi.Context, name string, args *SplitHorizonArgs, opts ...pulumi.ResourceOption,
) (*SplitHorizon, error) {
	c := &SplitHorizon{}
	inputs := pulumi.Map{
		"domainName":   pulumi.String(args.DomainName),
		"publicZoneId": pulumi.String(args.PublicZoneId),
	}
	if err := ctx.RegisterComponentResourceV2(splitHorizonType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	if _, err := NewPrivateAlias(ctx, name+"-inside", &PrivateAliasArgs{
		DomainName:  args.DomainName,
		Zone:        args.Inside,
		Target:      args.Private,
		RecordTypes: []RecordType{RecordA},
		DependsOn:   args.DependsOn,
	}, child); err != nil {
		return nil, failed("SplitHorizon", name, "private record", err)
	}
	if args.PublicZoneId != "" {
		record := args.Public.record(pulumi.String(args.PublicZoneId), args.DomainName, RecordA)
		there, after := inAccountOf(args.ZoneProvider), dependsOn(args.DependsOn)
		if _, err := route53.NewRecord(ctx, name+"-outside", record, child, there, after); err != nil {
			return nil, failed("SplitHorizon", name, "public record", err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

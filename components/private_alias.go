package components

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AliasTarget is what an alias record points at.
type AliasTarget struct {
	DnsName      pulumi.StringInput
	HostedZoneId pulumi.StringInput
}

// PrivateAliasArgs gives a name an answer in a VPC. All fields but Ready are
// required.
type PrivateAliasArgs struct {
	DomainName string // Fully qualified.
	VpcId      pulumi.StringInput
	Target     AliasTarget
	Types      []string          // A, AAAA or both: a type that is not there does not exist for the VPC, whatever public DNS has.
	Ready      []pulumi.Resource // What must be there before anyone resolves the name.
}

// PrivateAlias is a name that resolves in a VPC, and the zone for it.
type PrivateAlias struct{ pulumi.ResourceState }

var privateAliasType = typeToken("PrivateAlias")

// NewPrivateAlias registers a private zone named exactly as the records: for a
// name that a private zone covers and does not hold, the resolver answers
// NXDOMAIN and never asks public DNS, so a wider zone would take its siblings
// away.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
func NewPrivateAlias(ctx *pulumi.Context, name string, args *PrivateAliasArgs, opts ...pulumi.ResourceOption) (*PrivateAlias, error) {
	c := &PrivateAlias{}
	if err := ctx.RegisterComponentResourceV2(privateAliasType, name, pulumi.Map{"domainName": pulumi.String(args.DomainName)}, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	zone, err := route53.NewZone(ctx, name+"-zone", &route53.ZoneArgs{
		Name:    pulumi.String(args.DomainName),
		Comment: pulumi.String("The name as the VPC sees it; public DNS is another matter"),
		Vpcs:    route53.ZoneVpcArray{&route53.ZoneVpcArgs{VpcId: args.VpcId}},
	}, child)
	if err != nil {
		return nil, failed("PrivateAlias", name, "private zone", err)
	}
	for _, recordType := range args.Types {
		record := aliasRecord(zone.ZoneId, args.DomainName, recordType, args.Target)
		if _, err := route53.NewRecord(ctx, name+"-"+strings.ToLower(recordType), record, child, dependsOn(args.Ready)); err != nil {
			return nil, failed("PrivateAlias", name, recordType+" record", err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

func aliasRecord(zoneId pulumi.StringInput, domainName, recordType string, target AliasTarget) *route53.RecordArgs {
	return &route53.RecordArgs{
		ZoneId: zoneId,
		Name:   pulumi.String(domainName),
		Type:   pulumi.String(recordType),
		Aliases: route53.RecordAliasArray{&route53.RecordAliasArgs{
			Name:                 target.DnsName,
			ZoneId:               target.HostedZoneId,
			EvaluateTargetHealth: pulumi.Bool(true),
		}},
	}
}

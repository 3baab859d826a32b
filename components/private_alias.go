package components

import (
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AliasTarget is what an alias record points to.
type AliasTarget struct {
	DnsName      pulumi.StringInput
	HostedZoneId pulumi.StringInput // AWS's zone of DnsName.
}

// RecordType is the type of a DNS record.
type RecordType string

// The types of alias records.
const (
	RecordA    RecordType = "A"    // IPv4.
	RecordAaaa RecordType = "AAAA" // IPv6.
)

// VpcZone is the private hosted zone of a name in a VPC: one that exists, or one to
// create.
type VpcZone struct {
	ZoneId  string             // A zone that exists, contains the name and is associated with the VPC.
	VpcId   pulumi.StringInput // Of a zone to create.
	Comment string             // Of a zone to create.
}

// PrivateAliasArgs describes a name and what it resolves to in a VPC. All fields
// except DependsOn are required.
type PrivateAliasArgs struct {
	DomainName string // Fully qualified.
	Zone       VpcZone
	Target     AliasTarget
	// RecordTypes are the types of records to create. In the VPC, the name has no
	// other records, even if public DNS has them.
	RecordTypes []RecordType
	DependsOn   []pulumi.Resource // What must exist before anyone resolves the name.
}

// PrivateAlias is a name that resolves in a VPC, and the private hosted zone for
// it:
//
//	VPC ── private hosted zone: A, AAAA ──▶ alias target
//
// It costs a hosted zone per month, unless the zone exists. The VPC needs both DNS attributes; see Vpc.
type PrivateAlias struct{ pulumi.ResourceState }

// FormerZoneComment is the comment of zones that the first version created. They do
// not tell their stack.
const FormerZoneComment = "The name as the VPC sees it; public DNS is another matter"

const privateAliasType = typePrefix + "PrivateAlias"

// NewPrivateAlias registers the records and, unless one exists, a private zone with
// exactly their name. The resolver answers NXDOMAIN for every name that a private zone covers
// and does not hold, and never asks public DNS. A wider zone would therefore
// hide the name's siblings.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
func NewPrivateAlias(
	ctx *pulumi.Context, name string, args *PrivateAliasArgs, opts ...pulumi.ResourceOption,
) (*PrivateAlias, error) {
	c := &PrivateAlias{}
	inputs := pulumi.Map{"domainName": pulumi.String(args.DomainName)}
	if err := ctx.RegisterComponentResourceV2(privateAliasType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	zoneId, err := args.Zone.id(scopeOf(ctx, name, c), args.DomainName)
	if err != nil {
		return nil, failed("PrivateAlias", name, "private zone", err)
	}
	for _, recordType := range args.RecordTypes {
		suffix := strings.ToLower(string(recordType))
		record := args.Target.record(zoneId, args.DomainName, recordType)
		if _, err := route53.NewRecord(ctx, name+"-"+suffix, record, child, dependsOn(args.DependsOn)); err != nil {
			return nil, failed("PrivateAlias", name, string(recordType)+" record", err)
		}
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

// id returns the ID of the zone, and registers it unless it exists.
func (z VpcZone) id(s scope, domainName string) (pulumi.StringInput, error) {
	if z.ZoneId != "" {
		return pulumi.String(z.ZoneId), nil
	}
	zone, err := route53.NewZone(s.ctx, s.name+"-zone", &route53.ZoneArgs{
		Name:    pulumi.String(domainName),
		Comment: pulumi.String(z.Comment),
		Vpcs:    route53.ZoneVpcArray{&route53.ZoneVpcArgs{VpcId: z.VpcId}},
	}, s.child)
	if err != nil {
		return nil, err
	}
	return zone.ZoneId, nil
}

// record returns an alias record in a zone that points to the target.
func (t AliasTarget) record(zoneId pulumi.StringInput, domainName string, recordType RecordType) *route53.RecordArgs {
	return &route53.RecordArgs{
		ZoneId: zoneId,
		Name:   pulumi.String(domainName),
		Type:   pulumi.String(string(recordType)),
		Aliases: route53.RecordAliasArray{&route53.RecordAliasArgs{
			Name:                 t.DnsName,
			ZoneId:               t.HostedZoneId,
			EvaluateTargetHealth: pulumi.Bool(true),
		}},
	}
}

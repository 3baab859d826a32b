package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// CertificateArgs describes a certificate for one name. The names are required.
type CertificateArgs struct {
	DomainName   string // Fully qualified.
	PublicZoneId string // A public zone that holds the name.
	// ZoneProvider is the provider of the zone's account; nil for the stack's own.
	ZoneProvider pulumi.ProviderResource
	// KeepRecord leaves the validation record in the zone when the stack is destroyed.
	KeepRecord bool
}

// Certificate is an ACM certificate that is validated by a record in Route 53.
// It costs nothing and requires a public hosted zone that resolves on the
// internet; otherwise ACM never issues it.
type Certificate struct {
	pulumi.ResourceState

	Arn pulumi.StringOutput // Becomes known once the certificate is issued.
}

const certificateType = typePrefix + "Certificate"

// NewCertificate registers the certificate, its validation record, and the wait
// until it is issued.
//
// ACM proves a name by the same record in every region and for every certificate
// of the account. So the record overwrites one that exists, which has the same
// value. https://github.com/hashicorp/terraform-provider-aws/issues/13653
func NewCertificate(
	ctx *pulumi.Context, name string, args *CertificateArgs, opts ...pulumi.ResourceOption,
) (*Certificate, error) {
	c := &Certificate{}
	inputs := pulumi.Map{
		"domainName":   pulumi.String(args.DomainName),
		"publicZoneId": pulumi.String(args.PublicZoneId),
	}
	if err := ctx.RegisterComponentResourceV2(certificateType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	certificate, err := acm.NewCertificate(ctx, name+"-certificate", &acm.CertificateArgs{
		DomainName:       pulumi.String(args.DomainName),
		ValidationMethod: pulumi.String("DNS"),
	}, child)
	if err != nil {
		return nil, failed("Certificate", name, "certificate", err)
	}
	proof := certificate.DomainValidationOptions.Index(pulumi.Int(0))
	record, err := route53.NewRecord(ctx, name+"-validation", &route53.RecordArgs{
		ZoneId:  pulumi.String(args.PublicZoneId),
		Name:    proof.ResourceRecordName().Elem(),
		Type:    proof.ResourceRecordType().Elem(),
		Records: pulumi.StringArray{proof.ResourceRecordValue().Elem()},
		Ttl:     pulumi.Int(300),

		AllowOverwrite: pulumi.Bool(true),
	}, child, pulumi.RetainOnDelete(args.KeepRecord), inAccountOf(args.ZoneProvider))
	if err != nil {
		return nil, failed("Certificate", name, "validation record", err)
	}
	issued, err := acm.NewCertificateValidation(ctx, name+"-issued", &acm.CertificateValidationArgs{
		CertificateArn:        certificate.Arn,
		ValidationRecordFqdns: pulumi.StringArray{record.Fqdn},
	}, child)
	if err != nil {
		return nil, failed("Certificate", name, "validation", err)
	}
	c.Arn = issued.CertificateArn
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"arn": c.Arn})
}

package components

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/acm"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// CertificateName is a name that a certificate covers.
type CertificateName struct {
	DomainName   string // Fully qualified.
	PublicZoneId string // A public zone that holds the name.
}

// CertificateArgs describes a certificate. DomainName and PublicZoneId are required.
type CertificateArgs struct {
	DomainName   string // Fully qualified.
	PublicZoneId string // A public zone that holds the name.
	// ZoneProvider is the provider of the zone's account; nil for the stack's own.
	ZoneProvider pulumi.ProviderResource
	// KeepRecord leaves the validation record in the zone when the stack is destroyed.
	KeepRecord bool
	Further    []CertificateName // Further names that the certificate covers.
}

// Certificate is an ACM certificate that is validated by a record in Route 53 for each
// name.
// It costs nothing and requires a public hosted zone that resolves on the
// internet; otherwise ACM never issues it.
type Certificate struct {
	pulumi.ResourceState

	Arn pulumi.StringOutput // Becomes known once the certificate is issued.
}

const certificateType = typePrefix + "Certificate"

// NewCertificate registers the certificate, its validation records, and the wait
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

		SubjectAlternativeNames: args.alternatives(),
	}, child)
	if err != nil {
		return nil, failed("Certificate", name, "certificate", err)
	}
	records := pulumi.StringArray{}
	for _, covered := range append([]CertificateName{{args.DomainName, args.PublicZoneId}}, args.Further...) {
		record, err := args.newRecord(scopeOf(ctx, name, c), certificate, covered)
		if err != nil {
			return nil, failed("Certificate", name, "validation record of "+covered.DomainName, err)
		}
		records = append(records, record.Fqdn)
	}
	issued, err := acm.NewCertificateValidation(ctx, name+"-issued", &acm.CertificateValidationArgs{
		CertificateArn:        certificate.Arn,
		ValidationRecordFqdns: records,
	}, child)
	if err != nil {
		return nil, failed("Certificate", name, "validation", err)
	}
	c.Arn = issued.CertificateArn
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"arn": c.Arn})
}

// alternatives returns the further names as the certificate has them, or nil.
func (args *CertificateArgs) alternatives() pulumi.StringArrayInput {
	if len(args.Further) == 0 {
		return nil
	}
	names := pulumi.StringArray{}
	for _, further := range args.Further {
		names = append(names, pulumi.String(further.DomainName))
	}
	return names
}

// newRecord registers the record that proves a name to ACM.
func (args *CertificateArgs) newRecord(
	s scope, certificate *acm.Certificate, covered CertificateName,
) (*route53.Record, error) {
	name := s.name + "-validation"
	if covered.DomainName != args.DomainName {
		name += "/" + covered.DomainName
	}
	proof := certificate.DomainValidationOptions.ApplyT(covered.proof).(acm.CertificateDomainValidationOptionOutput)
	return route53.NewRecord(s.ctx, name, &route53.RecordArgs{
		ZoneId:  pulumi.String(covered.PublicZoneId),
		Name:    proof.ResourceRecordName().Elem(),
		Type:    proof.ResourceRecordType().Elem(),
		Records: pulumi.StringArray{proof.ResourceRecordValue().Elem()},
		Ttl:     pulumi.Int(300),

		AllowOverwrite: pulumi.Bool(true),
	}, s.child, pulumi.RetainOnDelete(args.KeepRecord), inAccountOf(args.ZoneProvider))
}

// proof returns the record that ACM looks for. The options of the names are a set.
func (n CertificateName) proof(
	options []acm.CertificateDomainValidationOption,
) (acm.CertificateDomainValidationOption, error) {
	for _, option := range options {
		if option.DomainName != nil && *option.DomainName == n.DomainName {
			return option, nil
		}
	}
	return acm.CertificateDomainValidationOption{}, fmt.Errorf("ACM asks for no record of %s", n.DomainName)
}

// certificateID returns what tells a certificate from others, by its ARN.
func certificateID(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

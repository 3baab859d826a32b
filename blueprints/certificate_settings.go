package blueprints

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
)

// CertificateSettings is the certificate of a name: exactly one of an existing
// one and one to create.
type CertificateSettings struct {
	PublicZoneId      string `config:"publicZoneId"` // A public zone that holds the name.
	CertificateArn    string `config:"certificateArn"`
	CreateCertificate bool   `config:"createCertificate"` // Validated in the public zone.
}

// named is a name that a certificate is for, and the key that it is at.
type named struct{ key, name string }

// check requires a public zone where it is used whatever the certificate is.
func (s *CertificateSettings) check(c checks, zoneRequired bool) {
	if zoneRequired || s.CreateCertificate || s.PublicZoneId != "" {
		c.text("publicZoneId", s.PublicZoneId, zoneId)
	}
	switch {
	case c.Any(c.at("certificateArn")):
	case s.CreateCertificate && s.CertificateArn != "":
		c.Add(c.at("certificateArn"), s.CertificateArn, "want either certificateArn or createCertificate: true, not both")
	case s.CertificateArn != "" || !s.CreateCertificate && !c.Any(c.at("createCertificate")):
		c.text("certificateArn", s.CertificateArn, format{certificateArn.pattern, certificateArn.want + "; or createCertificate: true"})
	}
}

// resolve asks AWS whether the zone can hold the name. It also refuses a
// certificate of another region or account, which neither a load balancer nor
// API Gateway would take.
func (s *CertificateSettings) resolve(ctx *pulumi.Context, environment *components.Environment, c checks, of named) {
	if parts := strings.Split(s.CertificateArn, ":"); s.CertificateArn != "" && !c.Any(c.at("certificateArn")) &&
		(parts[3] != environment.Region || parts[4] != environment.AccountId) {
		c.Add(c.at("certificateArn"), s.CertificateArn, "want a certificate in the stack's region %s and account %s", environment.Region, environment.AccountId)
	}
	if s.PublicZoneId == "" || c.Any(c.at("publicZoneId")) || c.Any(of.key) {
		return
	}
	zone, err := components.LookupHostedZone(ctx, s.PublicZoneId)
	switch {
	case err != nil:
		c.Add(c.at("publicZoneId"), s.PublicZoneId, "want a hosted zone of this account: %v", err)
	case zone.Private:
		c.Add(c.at("publicZoneId"), s.PublicZoneId, "is the private zone %s; want a public zone", zone.Name)
	case of.name == zone.Name:
		c.Add(of.key, of.name, "is the public zone itself; want a name in it, such as api.%s: a private zone of this name would hide all others in the VPC", zone.Name)
	case !strings.HasSuffix(of.name, "."+zone.Name):
		c.Add(of.key, of.name, "want a name in the public zone %s (%s)", zone.Name, s.PublicZoneId)
	}
}

// certificateOf returns the existing certificate, or registers one for a name.
func (s *CertificateSettings) certificateOf(ctx *pulumi.Context, name, domainName string, child pulumi.ResourceOption) (pulumi.StringInput, error) {
	if !s.CreateCertificate {
		return pulumi.String(s.CertificateArn), nil
	}
	certificate, err := components.NewCertificate(ctx, name, &components.CertificateArgs{DomainName: domainName, PublicZoneId: s.PublicZoneId}, child)
	if err != nil {
		return nil, err
	}
	return certificate.Arn, nil
}

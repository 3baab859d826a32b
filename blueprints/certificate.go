package blueprints

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// certificateName holds the DNS name that a certificate must cover. It also
// holds the group and the key that configure the name.
type certificateName struct {
	settings.Section
	key, name string
}

// checkCertificate asks AWS for the public zone, and refuses a name that is not
// in it. It also refuses a certificate of another region or account, which
// neither a load balancer nor API Gateway accepts.
func (l *lookup) checkCertificate(c settings.Section, s *config.Certificate, of certificateName) {
	if s.CertificateArn != "" && !c.Any("certificateArn") {
		parts := strings.Split(s.CertificateArn, ":")
		if parts[3] != l.environment.Region || parts[4] != l.environment.AccountId {
			c.Reject("certificateArn", s.CertificateArn, "want a certificate in the stack's region %s and account %s",
				l.environment.Region, l.environment.AccountId)
		}
	}
	if s.PublicZoneId == "" || c.Any("publicZoneId") || of.Any(of.key) || !l.openZone(c, s.ZoneRoleArn) {
		return
	}
	zone, err := components.LookupHostedZone(l.ctx, s.PublicZoneId, l.zoneOptions()...)
	switch {
	case err != nil && l.zoneProvider != nil:
		c.Reject("publicZoneId", s.PublicZoneId, "want a hosted zone of account %s, in which %s is: %v",
			accountOf(s.ZoneRoleArn), c.At("zoneRoleArn"), err)
	case err != nil:
		c.Reject("publicZoneId", s.PublicZoneId, "want a hosted zone of this account, or %s, a role of another one: %v",
			c.At("zoneRoleArn"), err)
	case zone.Private:
		c.Reject("publicZoneId", s.PublicZoneId, "is the private zone %s; want a public zone", zone.Name)
	case of.name == zone.Name:
		of.Reject(of.key, of.name, "is the public zone itself; want a name in it, such as api.%s: "+
			"a private zone of this name would hide all others in the VPC", zone.Name)
	case !strings.HasSuffix(of.name, "."+zone.Name):
		of.Reject(of.key, of.name, "want a name in the public zone %s (%s)", zone.Name, s.PublicZoneId)
	}
}

// openZone reports whether the lookup can ask the account of the public zone. If that
// is another account, it registers a provider, which creates nothing on AWS.
func (l *lookup) openZone(c settings.Section, role string) bool {
	if role == "" || l.zoneProvider != nil { // A stack has one role for all names.
		return true
	}
	if !c.Any("zoneRoleArn") {
		l.checkRole(c, "zoneRoleArn", role)
	}
	if c.Any("zoneRoleArn") {
		return false
	}
	provider, err := l.newRoleProvider("dns", role)
	if err != nil {
		c.Reject("zoneRoleArn", role, "no provider can assume it: %v", err)
		return false
	}
	l.zoneProvider = provider
	return true
}

// zoneOptions selects the provider of the account of the public zone.
func (l *lookup) zoneOptions() []pulumi.InvokeOption {
	if l.zoneProvider == nil {
		return l.options
	}
	return []pulumi.InvokeOption{pulumi.Provider(l.zoneProvider)}
}

// checkDomain checks the certificate and the public zone of a domain.
func (l *lookup) checkDomain(c settings.Section, s *config.Domain) {
	l.checkCertificate(c, &s.Certificate, certificateName{c, "name", s.Name})
}

// dnsRecords returns the output that lists the records of a name that others must
// make, because the stack has no zone of it.
func dnsRecords(name, recordType, value pulumi.StringInput) pulumi.Array {
	return pulumi.Array{pulumi.StringMap{"name": name, "type": recordType, "value": value}}
}

// newCertificate returns the ARN of the configured certificate. If the settings
// ask for a new certificate, it registers one for the name and further ones.
func (b builder) newCertificate(
	s *config.Certificate, domainName string, further ...components.CertificateName,
) (pulumi.StringInput, error) {
	if !s.CreateCertificate {
		return pulumi.String(s.CertificateArn), nil
	}
	args := &components.CertificateArgs{
		DomainName: domainName, PublicZoneId: s.PublicZoneId, ZoneProvider: b.zoneProvider,
		KeepRecord: s.KeepValidationRecord, Further: further,
	}
	certificate, err := components.NewCertificate(b.ctx, b.name, args, b.child)
	if err != nil {
		return nil, err
	}
	return certificate.Arn, nil
}

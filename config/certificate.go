package config

import "private-api-blueprints/internal/settings"

// Certificate is the certificate of a name: one that exists, or one to create.
type Certificate struct {
	// PublicZoneId is the ID of a public Route 53 zone that contains the name.
	// createCertificate requires it. Without it, the stack makes no records in public
	// DNS.
	PublicZoneId string `config:"publicZoneId" format:"hostedZoneId"`
	// ZoneRoleArn is a role in the account of the public zone, if that is not the stack's
	// account. It makes the records there, and nothing else. The stack's credentials
	// must be allowed to assume it.
	ZoneRoleArn string `config:"zoneRoleArn" computed:"none: the stack's account" format:"roleArn"`
	// CertificateArn is the ARN of an issued certificate in the stack's region and
	// account that covers the name. RSA 2048 is the safe choice. Set either this or
	// createCertificate.
	CertificateArn string `config:"certificateArn" format:"certificateArn"`
	// CreateCertificate creates a certificate, validated through the public zone.
	CreateCertificate bool `config:"createCertificate" default:"false" example:"true"`
	// KeepValidationRecord leaves the record that validates a new certificate in the
	// zone when the stack is destroyed. ACM uses one record for all certificates of
	// a name in the account, in every region. Set it if another stack has a
	// certificate of the name: without the record, ACM cannot renew it.
	KeepValidationRecord bool `config:"keepValidationRecord" default:"false"`
}

// check requires exactly one certificate, and the zone that validates a new
// one.
func (s *Certificate) check(c settings.Section) {
	if s.CreateCertificate && s.PublicZoneId == "" {
		c.Reject("publicZoneId", nil, "required: %s; createCertificate: true puts the record there that proves to ACM "+
			"that the name is yours. Without a zone, have the certificate issued first, and set certificateArn",
			formats["hostedZoneId"])
	}
	if s.ZoneRoleArn != "" && s.PublicZoneId == "" {
		c.Reject("zoneRoleArn", s.ZoneRoleArn, "want it only with publicZoneId, which it makes records in")
	}
	if s.KeepValidationRecord && !s.CreateCertificate {
		c.Reject("keepValidationRecord", true, "want it only with createCertificate: true, which makes the record")
	}
	switch {
	case s.CreateCertificate && s.CertificateArn != "":
		c.Reject("certificateArn", s.CertificateArn, "want either certificateArn or createCertificate: true, not both")
	case s.CertificateArn == "" && !s.CreateCertificate && !c.Any("createCertificate"):
		c.Reject("certificateArn", nil, "required: %s; or createCertificate: true", formats["certificateArn"])
	}
}

// ACM puts the first name of a certificate into its common name, and the record that proves a name to ACM has a label
// of 33 characters more.
// https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
const (
	longestCommonName  = 64
	longestProvenByAcm = 253 - len("_") - 32 - len(".")
)

// checkName refuses the first name of a new certificate if it is too long for ACM.
func (s *Certificate) checkName(c settings.Section, key, name string) {
	if s.CreateCertificate && len(name) > longestCommonName {
		c.Reject(key, name, "has %d characters; want at most %d with createCertificate: true, the most that ACM "+
			"takes, or a certificate that has the name as a further one", len(name), longestCommonName)
	}
}

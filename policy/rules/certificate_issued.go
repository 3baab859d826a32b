package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var certificateIssued = &rule.Rule{
	ID:    "certificate-issued",
	Title: "A listener or a custom domain waits until its certificate is issued",
	Why: `ACM issues a certificate minutes after the program has created it, when it has seen the
proof that you control the name. AWS refuses a certificate before that. A listener fails with
"UnsupportedCertificate: The certificate … must have a fully-qualified domain name, a
supported signature, and a supported key size", which says nothing about validation. A custom
domain fails with "BadRequestException". A second update may succeed, so the mistake shows
again only in the next new environment.`,
	Fix: `Take certificateArn from an aws.acm.CertificateValidation of the certificate, and not from
the certificate itself. Or let the listener or the domain depend on the validation
(dependsOn). Take the type of the validation record from domainValidationOptions.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{notIssuedYet, validationOfOtherType},
	Links: []string{
		"https://docs.aws.amazon.com/acm/latest/userguide/domain-ownership-validation.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/26245",
		"https://www.pulumi.com/registry/packages/aws/api-docs/acm/certificatevalidation/",
	},
	Tags:  []string{"certificate", "tls"},
	Check: checkCertificateIssued,
}

var notIssuedYet = &rule.Defect{
	ID:      "not-issued-yet",
	Summary: "A listener or a custom domain takes a certificate of the stack before it is validated.",
	Outcome: rule.Refused,
	Effect: `AWS refuses a listener with "UnsupportedCertificate", and a custom domain with "Certificate … not ` +
		`yet issued".`,
}

var validationOfOtherType = &rule.Defect{
	ID:      "validation-record-type",
	Summary: "The record with the value that ACM looks for is no CNAME record.",
	Outcome: rule.Broken,
	Effect:  "ACM does not see the record. It issues no certificate, and does not renew one that it has issued.",
}

func checkCertificateIssued(s *model.Stack, r *rule.Report) {
	for _, record := range s.Records {
		wrong := record.ValidatesCertificate.And(record.Type.Equals(model.RecordCNAME).Not())
		if wrong != model.False {
			kind, _ := record.Type.Get()
			r.Judge(record.Origin, validationOfOtherType.If(wrong, record.At("type"),
				"%s has the type %s and the value that ACM looks for; want CNAME", record.Name, kind))
		}
	}
	for _, use := range s.CertificateUses {
		early := use.Certificate.Ask(func(c *model.Certificate) model.Truth {
			return c.NeedsValidation.And(c.Issued.Not())
		})
		if early != model.False {
			early = early.And(s.Waits(use).Not())
		}
		r.Judge(use.Origin, notIssuedYet.If(early, use.At(use.Property),
			"%s takes certificate %s before it is validated; want the ARN from a CertificateValidation",
			use.Name, certificateNames(use.Certificate)))
	}
}

// certificateNames lists certificates for messages.
func certificateNames(certificate model.Ref[model.Certificate]) string {
	var all []string
	for _, c := range certificate.Candidates {
		all = append(all, c.Name)
	}
	return rule.List(all)
}

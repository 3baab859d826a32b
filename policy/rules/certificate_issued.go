package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var certificateIssued = &rule.Rule{
	ID:    "certificate-issued",
	Title: "A listener or a custom domain waits until its certificate is issued, and ACM can renew it",
	Why: `ACM issues a certificate minutes after the program has created it, when it has seen the
proof that you control the name. AWS refuses a certificate before that. A listener fails with
"UnsupportedCertificate: The certificate … must have a fully-qualified domain name, a
supported signature, and a supported key size", which says nothing about validation. A custom
domain fails with "BadRequestException". A second update may succeed, so the mistake shows
again only in the next new environment.

ACM renews a certificate as long as the CNAME record that has validated it exists. Without the
record, the certificate expires, and each client fails. The rule looks for the record if the stack
waits for the validation and makes other records for the name.`,
	Fix: `Take certificateArn from an aws.acm.CertificateValidation of the certificate, and not from
the certificate itself. Or let the listener or the domain depend on the validation
(dependsOn). Make a record of each of the domainValidationOptions, take its type from there too, and
keep it. If another stack has the record, list the certificate in the configuration's exceptions.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{notIssuedYet, validationOfOtherType, notRenewable},
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

var notRenewable = &rule.Defect{
	ID:      "not-renewable",
	Summary: "No record of the stack has the name by which ACM renews a certificate.",
	Outcome: rule.Risky,
	Effect:  "If nobody else keeps the record, ACM does not renew the certificate, and it expires.",
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
	names := recordNamesOf(s)
	for _, c := range s.Certificates {
		name, lost := names.missing(c)
		if c.Published || lost == model.False {
			continue
		}
		if lost = lost.And(managesNames(s, c)); lost != model.False {
			r.Judge(c.Origin, notRenewable.If(lost, c.Origin,
				"%s: ACM renews it as long as the CNAME record %s exists, and the stack does not make it; want that "+
					"record", c.Name, name))
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

// recordNames are the names of a stack's records.
type recordNames struct {
	known map[string]bool
	open  bool            // The name of some record is not known yet.
	from  map[string]bool // The URNs from which the values of records come whose names are not known yet.
}

func recordNamesOf(s *model.Stack) recordNames {
	names := recordNames{known: map[string]bool{}, from: map[string]bool{}}
	for _, record := range s.Records {
		host, known := record.Host.Get()
		if known {
			names.known[host] = true
			continue
		}
		names.open = true
		for _, urn := range record.ValuesFrom.AWS {
			names.from[urn] = true
		}
	}
	return names
}

// missing returns the name of a record by which ACM renews a certificate and that the stack does not make. As long as
// names are not known, a record that takes its value from the certificate is the one.
func (n recordNames) missing(c *model.Certificate) (name string, lost model.Truth) {
	if n.from[c.URN] {
		return "", model.False
	}
	lost = model.False.OrMaybeIf(!c.ValidationNames.Complete)
	for _, item := range c.ValidationNames.Items {
		switch wanted, known := item.Get(); {
		case !known:
			lost = lost.Or(model.Maybe)
		case !n.known[wanted]:
			name, lost = wanted, lost.Or(model.TruthOf(!n.open).Or(model.Maybe))
		}
	}
	return name, lost
}

// managesNames asks whether the stack waits for the validation of a certificate and makes records for its names.
func managesNames(s *model.Stack, c *model.Certificate) model.Truth {
	waits, about := model.False, model.False
	for _, v := range s.Validations {
		waits = waits.Or(v.Certificate.Names(c))
	}
	for _, record := range s.Records {
		if host, known := record.Host.Get(); known {
			about = about.Or(c.IsAbout(host))
		} else {
			about = about.Or(model.Maybe)
		}
	}
	return waits.And(about)
}

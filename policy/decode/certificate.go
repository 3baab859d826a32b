package decode

import "private-api-blueprints/policy/model"

var certificateReaders = map[string]reader{
	"aws:acm/certificate:Certificate":                     {make: (*builder).makeCertificate},
	"aws:acm/certificateValidation:CertificateValidation": {link: (*builder).linkValidation},
}

// makeCertificate reads the names of a certificate. Of one that is imported the
// names are inside its text, which is not read.
func (b *builder) makeCertificate(n *node) {
	certificate := &model.Certificate{Element: n.element(), Imported: model.TruthOf(!n.get("certificateBody").absent)}
	others := n.get("subjectAlternativeNames").list()
	certificate.Names = append(certificate.Names, n.get("domainName").str())
	for _, name := range others.items {
		certificate.Names = append(certificate.Names, name.str())
	}
	certificate.NamesComplete = !others.open && certificate.Imported == model.False
	b.certificates.add(n, certificate)
}

// linkValidation lets what refers to a validation refer to its certificate: the
// validation gives the certificate's ARN, once that is issued.
func (b *builder) linkValidation(n *node) {
	certificate := b.certificates.ref(n, "certificateArn")
	if sole, certain := certificate.Sole(); certain {
		sole.Validated = model.True
		b.certificates.alias(n, sole)
	}
}

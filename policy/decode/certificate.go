package decode

import "private-api-blueprints/policy/model"

var certificateReaders = map[string]reader{
	"aws:acm/certificate:Certificate":                     {make: (*builder).makeCertificate},
	"aws:acm/certificateValidation:CertificateValidation": {alias: (*builder).aliasValidation},
	"aws:apigatewayv2/domainName:DomainName":              {link: (*builder).linkCertifiedName},
}

// makeCertificate reads the names of a certificate. Of one that is imported the
// names are inside its text, which is not read.
func (b *builder) makeCertificate(n *node) {
	certificate := &model.Certificate{Element: n.element()}
	others := n.get("subjectAlternativeNames").list()
	certificate.Names = append(texts[string](others), n.get("domainName").str())
	certificate.NamesComplete = !others.open && n.get("certificateBody").absent
	b.certificates.add(n, certificate)
}

// aliasValidation lets what refers to a validation refer to its certificate: the
// validation gives the certificate's ARN, once that is issued.
func (b *builder) aliasValidation(n *node) {
	certificate := b.certificates.ref(n, "certificateArn")
	if sole, certain := certificate.Sole(); certain {
		b.certificates.alias(n, sole)
	}
}

// linkCertifiedName reads the certificates of a custom domain name, which has
// one or, while its type changes, two.
func (b *builder) linkCertifiedName(n *node) {
	name := &model.CertifiedName{Element: n.element(), Host: host(n.get("domainName"))}
	for _, key := range []string{"certificateArn", "regionalCertificateArn"} {
		if certificate := b.certificates.ref(n, key); !certificate.IsAbsent() {
			name.Certificates.Items = append(name.Certificates.Items, certificate)
		}
	}
	const configuration = "domainNameConfiguration" // Of the second version.
	if certificate := n.get(configuration).only().field("certificateArn").str(); !certificate.IsAbsent() {
		name.Certificates.Items = append(name.Certificates.Items, b.certificates.resolve(certificate, n.sources(configuration)))
	}
	b.stack.CertifiedNames = append(b.stack.CertifiedNames, name)
}

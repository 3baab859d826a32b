package decode

import "private-api-blueprints/policy/model"

// makeCertificate reads the names of a certificate. Those of an imported
// certificate are inside its text, which is not read.
func (b *builder) makeCertificate(n *node) {
	names := texts[string](n.get("subjectAlternativeNames").list())
	names.Items = append(names.Items, n.get("domainName").str())
	names.Complete = names.Complete && n.get("certificateBody").absent
	b.stack.Certificates = b.certificates.add(n, &model.Certificate{Element: n.element(), Names: names})
}

// aliasValidation lets references to a validation lead to its certificate. The
// validation gives out the certificate's ARN once the certificate is issued.
func (b *builder) aliasValidation(n *node) {
	certificate := b.certificates.ref(n, "certificateArn")
	if sole, certain := certificate.Sole(); certain {
		b.certificates.alias(n, sole)
	}
}

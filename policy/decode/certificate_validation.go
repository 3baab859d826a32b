package decode

import "private-api-blueprints/policy/model"

// aliasValidation lets references to a validation lead to its certificate. The
// validation gives out the certificate's ARN once the certificate is issued.
func (b *builder) aliasValidation(n *node) {
	certificate := b.certificates.ref(n, "certificateArn")
	if sole, certain := certificate.Sole(); certain {
		b.certificates.alias(n, sole)
	}
	b.stack.Validations = append(b.stack.Validations, &model.CertificateValidation{
		Element: n.element(), Certificate: certificate,
	})
}

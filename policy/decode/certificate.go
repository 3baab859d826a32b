package decode

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// makeCertificate reads the names of a certificate. Those of an imported
// certificate are inside its text, which is not read.
func (b *builder) makeCertificate(n *node) {
	names := texts[string](n.get("subjectAlternativeNames").list())
	names.Items = append(names.Items, n.get("domainName").str())
	names.Complete = names.Complete && n.get("certificateBody").absent
	b.stack.Certificates = b.certificates.add(n, &model.Certificate{
		Element: n.element(), Names: names, NeedsValidation: needsValidation(n), Issued: isIssued(n),
		IsPrivate: n.sets("certificateAuthorityArn").Or(n.sets("certificateBody").AtMostMaybe()),
	})
}

// needsValidation asks whether ACM waits for a proof before it issues the
// certificate. If the program writes no method, ACM chooses one.
// https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
func needsValidation(n *node) model.Truth {
	elsewhere := n.sets("certificateBody").Or(n.sets("certificateAuthorityArn"))
	method := n.get("validationMethod").str()
	if method.IsAbsent() {
		return elsewhere.Not().AtMostMaybe()
	}
	return elsewhere.Not().And(method.Equals("NONE").Not())
}

// isIssued asks whether ACM has issued the certificate. The provider reads the
// status again only when Pulumi refreshes the stack.
// https://docs.aws.amazon.com/acm/latest/APIReference/API_CertificateDetail.html
func isIssued(n *node) model.Truth {
	status, known := n.get("status").str().Get()
	switch {
	case known && status == "ISSUED":
		return model.True
	case known || len(n.ids()) > 0:
		return model.Maybe
	}
	return model.False
}

// useCertificate records that a property takes a certificate that is, or may be,
// one of the stack's.
func (b *builder) useCertificate(n *node, property string, certificate model.Ref[model.Certificate]) {
	if len(certificate.Candidates) > 0 || certificate.Value.IsUnknown() {
		b.stack.CertificateUses = append(b.stack.CertificateUses, &model.CertificateUse{
			Element: n.element(), Property: property, Certificate: certificate,
			OfValidation: slices.ContainsFunc(n.sources(property), isValidation),
		})
	}
}

// isValidation reports whether a resource waits until ACM has issued a
// certificate.
func isValidation(urn resource.URN) bool {
	return urn.IsValid() && urn.Type() == "aws:acm/certificateValidation:CertificateValidation"
}

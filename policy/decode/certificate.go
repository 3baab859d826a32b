package decode

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// makeCertificate reads the names of a certificate and who has issued it.
func (b *builder) makeCertificate(n *node) {
	c := &model.Certificate{
		Element: n.element(), NeedsValidation: needsValidation(n), Issued: isIssued(n),
		Imported: n.sets("certificateBody"), SelfSigned: model.False, Published: b.isScripted(n.URN),
	}
	c.ValidationNames = validationNames(n)
	c.Names = texts[string](n.get("subjectAlternativeNames").list())
	c.Names.Items = append(c.Names.Items, n.get("domainName").str())
	if c.Imported != model.False {
		readImported(c, n)
	}
	private := n.sets("certificateAuthorityArn").Or(model.TruthOf(madeInProgram(n)))
	c.IsPrivate = private.Or(c.SelfSigned).Or(c.Imported.AtMostMaybe())
	b.stack.Certificates = b.certificates.add(n, c)
}

// validationNames returns the names of the records that ACM looks for: none if the
// owner of the domain answers an email.
func validationNames(n *node) model.List[string] {
	if n.get("validationMethod").str().Is("EMAIL") {
		return model.List[string]{Complete: true}
	}
	options := n.output("domainValidationOptions").list()
	names := model.List[string]{Complete: !options.open}
	for _, option := range options.items {
		if name := option.field("resourceRecordName").host(); !name.IsAbsent() {
			names.Items = append(names.Items, name)
		}
	}
	return names
}

// readImported reads the names and the issuer in the text of an imported
// certificate. If the text is not known, the resource that signs it may tell
// whether it is self-signed.
func readImported(c *model.Certificate, n *node) {
	c.Names.Complete, c.SelfSigned = false, model.Maybe
	parsed := parseCertificate(n.get("certificateBody").str())
	switch {
	case parsed == nil:
		if madeInProgram(n) {
			c.SelfSigned = model.TruthOf(n.sources("certificateBody")[0].Type() == selfSigned)
		}
		return
	case bytes.Equal(parsed.RawIssuer, parsed.RawSubject):
		c.SelfSigned = model.True
	default:
		c.SelfSigned = model.False
	}
	if len(parsed.DNSNames) == 0 {
		return // Clients ignore the subject's name, and ACM takes it.
	}
	c.Names = model.List[string]{Complete: true}
	for _, name := range parsed.DNSNames {
		c.Names.Items = append(c.Names.Items, model.Of(name))
	}
}

// The types of certificates that the provider tls makes. No public authority signs
// them.
const (
	selfSigned    = "tls:index/selfSignedCert:SelfSignedCert"
	locallySigned = "tls:index/locallySignedCert:LocallySignedCert"
)

// madeInProgram reports whether the program itself has made an imported certificate.
func madeInProgram(n *node) bool {
	from := n.sources("certificateBody")
	return len(from) == 1 && from[0].IsValid() && (from[0].Type() == selfSigned || from[0].Type() == locallySigned)
}

// parseCertificate parses the first certificate of a PEM text. It returns nil if
// there is none.
func parseCertificate(body model.Known[string]) *x509.Certificate {
	text, _ := body.Get()
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil
	}
	return parsed
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

package decode

import "private-api-blueprints/policy/model"

// linkCertifiedName reads the certificates of a custom domain name. There is
// one, or two while the domain changes its type.
func (b *builder) linkCertifiedName(n *node) {
	name := &model.CertifiedName{Element: n.element(), Host: n.get("domainName").host()}
	for _, key := range []string{"certificateArn", "regionalCertificateArn"} {
		if certificate := b.certificates.ref(n, key); !certificate.IsAbsent() {
			name.Certificates.Items = append(name.Certificates.Items, certificate)
			b.useCertificate(n, key, certificate)
		}
	}
	const configuration = "domainNameConfiguration" // In aws:apigatewayv2 only.
	if arn := n.get(configuration).only().field("certificateArn").str(); !arn.IsAbsent() {
		certificate := b.certificates.resolve(arn, n.sources(configuration))
		name.Certificates.Items = append(name.Certificates.Items, certificate)
		b.useCertificate(n, configuration, certificate)
	}
	b.stack.CertifiedNames = append(b.stack.CertifiedNames, name)
}

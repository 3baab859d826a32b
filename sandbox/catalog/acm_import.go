package catalog

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"time"

	"private-api-blueprints/sandbox/cloud"
)

const importCertificate = "https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html"

// imported reports whether a certificate is imported, and not requested from ACM.
func imported(in cloud.Props) bool { return in.Has("privateKey") || in.Has("certificateBody") }

// importedLeaf returns the certificate that is imported, if its private key fits.
func importedLeaf(in cloud.Props) (*x509.Certificate, error) {
	pair, err := tls.X509KeyPair([]byte(in.String("certificateBody")), []byte(in.String("privateKey")))
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(pair.Certificate[0])
}

func checkImportedCertificate(r *cloud.Request) error {
	if _, err := importedLeaf(r.Inputs); err != nil {
		return cloud.NewRefusal("ValidationException",
			"The certificate and its private key cannot be imported: %v", importCertificate).With(err)
	}
	return nil
}

// describeImported sets what ACM reads in an imported certificate.
func describeImported(r *cloud.Request) error {
	if !imported(r.Inputs) {
		return nil
	}
	leaf, err := importedLeaf(r.Inputs)
	if err != nil {
		return err
	}
	var names []any
	for _, name := range leaf.DNSNames {
		names = append(names, name)
	}
	name := leaf.Subject.CommonName
	if name == "" && len(leaf.DNSNames) > 0 {
		name = leaf.DNSNames[0]
	}
	r.Object.Private["issued"] = true
	r.Set("domainName", name)
	r.Set("subjectAlternativeNames", names)
	r.Set("keyAlgorithm", algorithmOf(leaf))
	r.Set("notBefore", leaf.NotBefore.UTC().Format(time.RFC3339))
	r.Set("notAfter", leaf.NotAfter.UTC().Format(time.RFC3339))
	r.Set("status", "ISSUED")
	r.Set("type", "IMPORTED")
	return nil
}

// algorithmOf returns the name that ACM has for the algorithm of a certificate's key.
func algorithmOf(leaf *x509.Certificate) string {
	switch key := leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA_%d", key.N.BitLen())
	case *ecdsa.PublicKey:
		curves := map[string]string{"P-256": "EC_prime256v1", "P-384": "EC_secp384r1", "P-521": "EC_secp521r1"}
		return cmp.Or(curves[key.Params().Name], key.Params().Name)
	}
	return leaf.PublicKeyAlgorithm.String()
}

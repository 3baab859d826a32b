package decode

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// signed returns a certificate of an issuer as a PEM text.
func signed(t *testing.T, issuer string, names ...string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "server"}, DNSNames: names,
		NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<32, 0),
	}
	parent := &x509.Certificate{Subject: pkix.Name{CommonName: issuer}}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), key)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestAnImportedCertificateTellsItsNamesAndItsIssuer(t *testing.T) {
	wildcard := model.List[string]{
		Items: []model.Known[string]{model.Of("api.example.com"), model.Of("*.example.net")}, Complete: true,
	}
	for _, c := range []struct {
		why                 string
		properties          map[string]any
		from                string
		names               *model.List[string]
		selfSigned, private model.Truth
	}{
		{"it is self-signed",
			map[string]any{"certificateBody": signed(t, "server", "api.example.com", "*.example.net")},
			"", &wildcard, model.True, model.True},
		{"an authority has signed it",
			map[string]any{
				"certificateBody": "Bag attributes\n" + signed(t, "authority", "api.example.com", "*.example.net")},
			"", &wildcard, model.False, model.Maybe},
		{"it has no names", map[string]any{"certificateBody": signed(t, "authority")}, "", nil,
			model.False, model.Maybe},
		{"it is not known", map[string]any{"certificateBody": fixture.Unknown}, "", nil, model.Maybe, model.Maybe},
		{"the program signs it with its own key", map[string]any{"certificateBody": fixture.Unknown}, "self", nil,
			model.True, model.True},
		{"an authority of the program signs it", map[string]any{"certificateBody": fixture.Unknown}, "local", nil,
			model.False, model.True},
		{"it is no certificate", map[string]any{"certificateBody": "junk"}, "", nil, model.Maybe, model.Maybe},
		{"it is a broken certificate", map[string]any{
			"certificateBody": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, "", nil,
			model.Maybe, model.Maybe},
		{"a private authority issues it", map[string]any{"certificateAuthorityArn": "arn:ca"}, "",
			&model.List[string]{Items: []model.Known[string]{{}}, Complete: true}, model.False, model.True},
		{"ACM issues it", map[string]any{}, "",
			&model.List[string]{Items: []model.Known[string]{{}}, Complete: true}, model.False, model.False},
	} {
		t.Run(c.why, func(t *testing.T) {
			certificate := fixture.Resource{Name: "certificate", Type: "aws:acm/certificate:Certificate"}
			certificate.Properties = c.properties
			if c.from != "" {
				certificate.Dependencies = map[string][]string{"certificateBody": {c.from}}
			}
			s := decodeAll(
				fixture.Resource{Name: "self", Type: "tls:index/selfSignedCert:SelfSignedCert"},
				fixture.Resource{Name: "local", Type: "tls:index/locallySignedCert:LocallySignedCert"},
				certificate,
			)
			require.Len(t, s.Certificates, 1)
			got := s.Certificates[0]
			assert.Equal(t, c.selfSigned, got.SelfSigned)
			assert.Equal(t, c.private, got.IsPrivate)
			if c.names == nil {
				assert.False(t, got.Names.Complete)
			} else {
				assert.Equal(t, *c.names, got.Names)
			}
		})
	}
}

package catalog

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWildcardHasTheValidationRecordOfItsDomain(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("certificate", props{
		"domainName": "example.com", "subjectAlternativeNames": []any{"*.example.com", "a.example.com"},
		"validationMethod": "DNS",
	})
	require.NoError(t, err)
	options := find(w.account, certificateType, id).Computed.Objects("domainValidationOptions")
	require.Len(t, options, 3)
	assert.Equal(t, options[0]["resourceRecordName"], options[1]["resourceRecordName"])
	assert.NotEqual(t, options[0]["resourceRecordName"], options[2]["resourceRecordName"])
}

func TestCertificatesOfOneNameShareTheirValidationRecord(t *testing.T) {
	w := newWorld(t)
	again, err := w.create("certificate", w.changed("certificate", nil))
	require.NoError(t, err)
	second := find(w.account, certificateType, again)
	assert.NotEqual(t, w.id("certificate"), again)
	assert.Equal(t, w.object("certificate").Computed["domainValidationOptions"],
		second.Computed["domainValidationOptions"])
	w.id("certificate record")
	_, err = w.create("validation", props{"certificateArn": again})
	assert.NoError(t, err, "one record proves both")
}

// selfSigned returns a certificate for names and its private key in PEM.
func selfSigned(t *testing.T, names ...string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: names, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	keyDER, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}))
}

// TestValidationsOfOneMomentDiffer creates them while the clock stands still.
func TestValidationsOfOneMomentDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.id("certificate record")
		for range 3 {
			_, err := w.create("validation", props{"certificateArn": w.id("certificate")})
			require.NoError(t, err)
		}
	})
}

func TestImportedCertificateHasItsOwnNamesAndIsIssued(t *testing.T) {
	w := newWorld(t)
	certificate, key := selfSigned(t, "imported.example.net", "www.example.net")
	id, err := w.create("certificate", props{"certificateBody": certificate, "privateKey": key})
	require.NoError(t, err)
	out := find(w.account, certificateType, id).Outputs()
	assert.Equal(t, "imported.example.net", out.String("domainName"))
	assert.Equal(t, []string{"imported.example.net", "www.example.net"}, out.Strings("subjectAlternativeNames"))
	assert.Equal(t, "IMPORTED", out.String("type"))
	assert.Equal(t, "EC_prime256v1", out.String("keyAlgorithm"))
	assert.Empty(t, out.List("domainValidationOptions"))
	_, err = w.create("listener", w.changed("listener", props{"certificateArn": id}))
	assert.NoError(t, err)

	_, other := selfSigned(t, "imported.example.net")
	_, err = w.create("certificate", props{"certificateBody": certificate, "privateKey": other})
	assertRefused(t, err, "ValidationException")
}

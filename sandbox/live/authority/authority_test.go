package authority

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/livetest"
)

const (
	frontARN = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-1111-1111-1111-111111111111"
	curveARN = "arn:aws:acm:us-east-1:123456789012:certificate/22222222-2222-2222-2222-222222222222"
)

const account = `
- type: aws:acm/certificate:Certificate
  id: ` + frontARN + `
  inputs:
    domainName: api.example.com
    subjectAlternativeNames: [api.example.com, "*.dev.example.com"]
    validationMethod: DNS
  private: {issued: true}
- type: aws:acm/certificate:Certificate
  id: ` + curveARN + `
  inputs: {domainName: curve.example.com, keyAlgorithm: EC_prime256v1, validationMethod: DNS}
  private: {issued: true}
`

func open(t *testing.T, folder string, inv *inventory.Inventory) *Authority {
	t.Helper()
	a, err := Open(folder, inv)
	require.NoError(t, err)
	return a
}

func TestCertificateOfACMHasExactlyItsNames(t *testing.T) {
	a := open(t, t.TempDir(), livetest.Open(t, account))
	cert, err := a.ACM(frontARN)
	require.NoError(t, err)
	assert.Equal(t, []string{"api.example.com", "*.dev.example.com"}, cert.Leaf.DNSNames)
	for _, row := range []struct {
		name, why string
		accepted  bool
	}{
		{"api.example.com", "the domain name", true},
		{"a.dev.example.com", "a name of the wildcard", true},
		{"dev.example.com", "a wildcard does not cover its parent", false},
		{"a.b.dev.example.com", "a wildcard covers one label", false},
		{"www.example.com", "another name of the domain", false},
	} {
		t.Run(row.why, func(t *testing.T) {
			_, err := cert.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: row.name})
			assert.Equal(t, row.accepted, err == nil, "%v", err)
		})
	}
	_, err = a.ACM("arn:aws:acm:us-east-1:123456789012:certificate/other")
	assert.ErrorContains(t, err, "does not exist")
}

func TestKeyAlgorithmIsThatOfTheCertificateOfACM(t *testing.T) {
	a := open(t, t.TempDir(), livetest.Open(t, account))
	front, err := a.ACM(frontARN)
	require.NoError(t, err)
	assert.IsType(t, &rsa.PublicKey{}, front.Leaf.PublicKey)
	curve, err := a.ACM(curveARN)
	require.NoError(t, err)
	assert.IsType(t, &ecdsa.PublicKey{}, curve.Leaf.PublicKey)
}

// TestStolenKeySignsForTheAccountsNamesOnly signs with the authority's key what nobody
// asks it for.
func TestStolenKeySignsForTheAccountsNamesOnly(t *testing.T) {
	a := open(t, t.TempDir(), livetest.Open(t, account))
	key, err := newKey("EC_prime256v1")
	require.NoError(t, err)
	for _, row := range []struct {
		name, why string
		accepted  bool
	}{
		{"api.example.com", "a name of the account", true},
		{"abc123.execute-api.us-east-1.amazonaws.com", "an API", true},
		{"*.execute-api.us-east-1.amazonaws.com", "what API Gateway serves", true},
		{"vpce-1-2.execute-api.us-east-1.vpce.amazonaws.com", "an endpoint", true},
		{"front-123.elb.us-east-1.amazonaws.com", "a Network Load Balancer", true},
		{"internal-x-1.us-east-1.elb.amazonaws.com", "an Application Load Balancer", true},
		{"abc123.execute-api.eu-west-1.amazonaws.com", "another region", false},
		{"sts.us-east-1.amazonaws.com", "another service of AWS", false},
		{"www.example.com", "the account has no certificate for it", false},
		{"example.org", "the rest of the internet", false},
	} {
		t.Run(row.why, func(t *testing.T) {
			forged, err := a.sign(key, []string{row.name})
			require.NoError(t, err)
			_, err = forged.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool()})
			assert.Equal(t, row.accepted, err == nil, "%v", err)
			assert.Equal(t, row.accepted, opensslAccepts(t, a, forged.Leaf), "OpenSSL")
		})
	}
}

// opensslAccepts asks OpenSSL, which curl uses, whether it accepts a certificate.
func opensslAccepts(t *testing.T, a *Authority, leaf *x509.Certificate) bool {
	t.Helper()
	openssl, err := exec.LookPath("openssl")
	require.NoError(t, err, "install openssl, which ca-certificates of Debian and Ubuntu brings")
	dir := t.TempDir()
	root, file := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "leaf.pem")
	require.NoError(t, os.WriteFile(root, pemOf(a.cert.Raw), 0o600))
	require.NoError(t, os.WriteFile(file, pemOf(leaf.Raw), 0o600))
	verify := exec.CommandContext(t.Context(), openssl, "verify", "-CAfile", root, "-purpose", "sslserver", file)
	return verify.Run() == nil
}

func TestAuthorityIsCreatedOnceAndItsKeyIsPrivate(t *testing.T) {
	dir, inv := t.TempDir(), livetest.Open(t, account)
	first := open(t, dir, inv)
	info, err := os.Stat(filepath.Join(dir, keyFile))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	second := open(t, dir, inv)
	assert.Equal(t, first.cert.Raw, second.cert.Raw)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, files, 2, "no temporary files")
}

func TestProcessesThatOpenAnAuthorityTogetherShareItsKey(t *testing.T) {
	dir, inv := t.TempDir(), livetest.Open(t, account)
	opened := make(chan *Authority)
	for range 8 {
		go func() {
			a, err := Open(dir, inv)
			assert.NoError(t, err)
			opened <- a
		}()
	}
	first := <-opened
	for range 7 {
		other := <-opened
		cert, err := other.ACM(curveARN)
		require.NoError(t, err)
		_, err = cert.Leaf.Verify(x509.VerifyOptions{Roots: first.Pool()})
		assert.NoError(t, err)
	}
}

// TestKeyThatAnotherProcessWroteFirstStays writes a key as a process does that found none
// a moment ago.
func TestKeyThatAnotherProcessWroteFirstStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), keyFile)
	require.NoError(t, writeKey(path))
	first, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, writeKey(path))
	second, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, first, second)
}

func TestAuthorityIsMadeAgainWhenTheAccountsNamesChange(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir, livetest.Open(t, account))
	grown := account + `
- type: aws:acm/certificate:Certificate
  id: arn:aws:acm:us-east-1:123456789012:certificate/33333333-3333-3333-3333-333333333333
  inputs: {domainName: new.example.net, validationMethod: DNS}
  private: {issued: true}
`
	second := open(t, dir, livetest.Open(t, grown))
	assert.NotEqual(t, first.cert.Raw, second.cert.Raw)
	assert.Contains(t, second.cert.PermittedDNSDomains, "new.example.net")
	old, err := first.ACM(curveARN)
	require.NoError(t, err)
	_, err = old.Leaf.Verify(x509.VerifyOptions{Roots: second.Pool()})
	assert.NoError(t, err, "what the first one issued stays valid")
}

func TestCertificatesAreRenewedBeforeTheyEnd(t *testing.T) {
	inv := livetest.Open(t, account)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		a := open(t, dir, inv)
		leaf, err := a.ACM(curveARN)
		require.NoError(t, err)
		time.Sleep(leafLifetime - time.Hour)
		renewed, err := a.ACM(curveARN)
		require.NoError(t, err)
		assert.NotEqual(t, leaf.Leaf.Raw, renewed.Leaf.Raw)
		time.Sleep(lifetime - leafLifetime - renewal + 2*time.Hour)
		again := open(t, dir, inv)
		assert.NotEqual(t, a.cert.Raw, again.cert.Raw)
		assert.Equal(t, again.cert.Raw, open(t, dir, inv).cert.Raw, "once")
	})
}

// TestImportedCertificateIsServedAsItIs imports one that another authority has signed.
func TestImportedCertificateIsServedAsItIs(t *testing.T) {
	const arn = "arn:aws:acm:us-east-1:123456789012:certificate/44444444-4444-4444-4444-444444444444"
	other := open(t, t.TempDir(), livetest.Open(t, account))
	own, err := other.ACM(curveARN)
	require.NoError(t, err)
	key, err := x509.MarshalECPrivateKey(own.PrivateKey.(*ecdsa.PrivateKey))
	require.NoError(t, err)
	objects, err := json.Marshal([]any{map[string]any{"type": certificateType, "id": arn, "inputs": map[string]any{
		"certificateBody":  string(pemOf(own.Leaf.Raw)),
		"certificateChain": string(pemOf(other.cert.Raw)),
		"privateKey":       string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: key})),
	}}})
	require.NoError(t, err)
	a := open(t, t.TempDir(), livetest.Open(t, string(objects)))
	served, err := a.ACM(arn)
	require.NoError(t, err)
	assert.Equal(t, [][]byte{own.Leaf.Raw, other.cert.Raw}, served.Certificate)
	_, err = served.Leaf.Verify(x509.VerifyOptions{Roots: a.Pool()})
	assert.Error(t, err, "the sandbox's authority has not signed it")
	assert.NotContains(t, a.cert.PermittedDNSDomains, "curve.example.com")
}

func TestDamagedKeyIsAnErrorThatNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, keyFile), []byte("damaged"), 0o600))
	_, err := Open(dir, livetest.Open(t, account))
	assert.ErrorContains(t, err, "ca.key: want a private key in PEM")
}

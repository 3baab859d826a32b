package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"strings"
	"sync"
	"time"
)

// leafLifetime is how long a certificate of a server is valid. Each process issues
// its own.
const leafLifetime = 30 * 24 * time.Hour

// leaves caches certificates by key algorithm and names.
type leaves struct {
	mu    sync.Mutex
	certs map[string]*tls.Certificate
}

// leafKeys caches keys by algorithm: all certificates that the process issues for an
// algorithm share a key, because an RSA key takes a quarter of a second. No file has it.
var leafKeys = struct {
	mu   sync.Mutex
	keys map[string]crypto.Signer
}{keys: map[string]crypto.Signer{}}

// ACM returns what AWS serves for a certificate of ACM: a certificate for exactly its
// names, with the key algorithm that it asks for. An imported certificate is served as it
// is, so that clients trust it only if they trust whoever signed it.
func (a *Authority) ACM(arn string) (*tls.Certificate, error) {
	cert := a.inv.Find(certificateType, arn)
	if cert == nil {
		return nil, fmt.Errorf("certificate %s does not exist", arn)
	}
	if body := cert.Out.String("certificateBody"); body != "" {
		return a.leaves.imported(arn, body+"\n"+cert.Out.String("certificateChain"), cert.Out.String("privateKey"))
	}
	return a.issue(cert.Out.StringOr("keyAlgorithm", "RSA_2048"), certificateNames(cert))
}

// Certificate returns a certificate for host names of AWS, of which the first is the
// certificate's common name. AWS's own certificates have RSA keys.
func (a *Authority) Certificate(names ...string) (*tls.Certificate, error) {
	return a.issue("RSA_2048", names)
}

// issue returns a cached certificate, or a new one if none is cached or if the
// cached one ends soon.
func (a *Authority) issue(algorithm string, names []string) (*tls.Certificate, error) {
	a.leaves.mu.Lock()
	defer a.leaves.mu.Unlock()
	id := algorithm + " " + strings.Join(names, " ")
	if cert := a.leaves.certs[id]; cert != nil && time.Until(cert.Leaf.NotAfter) > leafLifetime/3 {
		return cert, nil
	}
	key, err := leafKey(algorithm)
	if err != nil {
		return nil, err
	}
	cert, err := a.sign(key, names)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", names[0], err)
	}
	a.leaves.keep(id, cert)
	return cert, nil
}

// keep caches a certificate.
func (l *leaves) keep(id string, cert *tls.Certificate) {
	if l.certs == nil {
		l.certs = map[string]*tls.Certificate{}
	}
	l.certs[id] = cert
}

// imported returns an imported certificate with its chain and private key, all in PEM.
func (l *leaves) imported(arn, chain, key string) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if cert := l.certs[arn]; cert != nil {
		return cert, nil
	}
	cert, err := tls.X509KeyPair([]byte(chain), []byte(key))
	if err != nil {
		return nil, fmt.Errorf("certificate %s: %w", arn, err)
	}
	l.keep(arn, &cert)
	return &cert, nil
}

// leafKey returns the key of an algorithm.
func leafKey(algorithm string) (crypto.Signer, error) {
	leafKeys.mu.Lock()
	defer leafKeys.mu.Unlock()
	if key := leafKeys.keys[algorithm]; key != nil {
		return key, nil
	}
	key, err := newKey(algorithm)
	if err != nil {
		return nil, err
	}
	leafKeys.keys[algorithm] = key
	return key, nil
}

// newKey returns a new key of an algorithm of ACM. The API and the SDK spell an
// elliptic curve differently.
// https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
func newKey(algorithm string) (crypto.Signer, error) {
	switch algorithm {
	case "RSA_1024":
		return rsa.GenerateKey(rand.Reader, 1024)
	case "RSA_2048":
		return rsa.GenerateKey(rand.Reader, 2048)
	case "RSA_3072":
		return rsa.GenerateKey(rand.Reader, 3072)
	case "RSA_4096":
		return rsa.GenerateKey(rand.Reader, 4096)
	case "EC_prime256v1":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "EC_secp384r1":
		return ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "EC_secp521r1":
		return ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	}
	return nil, fmt.Errorf("keyAlgorithm = %q: want RSA_1024, RSA_2048, RSA_3072, RSA_4096, EC_prime256v1, "+
		"EC_secp384r1 or EC_secp521r1", algorithm)
}

// sign returns a new certificate for names.
func (a *Authority) sign(key crypto.Signer, names []string) (*tls.Certificate, error) {
	end := time.Now().Add(leafLifetime)
	if end.After(a.cert.NotAfter) {
		end = a.cert.NotAfter
	}
	template := &x509.Certificate{
		SerialNumber: serialNumber(),
		Subject:      pkix.Name{CommonName: names[0]},
		DNSNames:     names,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     end,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if _, ok := key.(*rsa.PrivateKey); ok {
		template.KeyUsage |= x509.KeyUsageKeyEncipherment // For cipher suites without forward secrecy.
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

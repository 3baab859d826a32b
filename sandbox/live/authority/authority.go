// Package authority is the sandbox's certificate authority. It issues the
// certificates that AWS would serve in the simulated account: those of ACM and
// those of AWS's own host names.
//
// Whoever trusts ca.pem trusts it for few names only. X.509 name constraints
// permit the names of the account's certificates and the host names that AWS gives
// to things of the account, exclude all IP addresses, and the key may sign
// certificates of servers only. The constraints are critical, so that a client that
// does not know them refuses the authority
// (https://datatracker.ietf.org/doc/html/rfc5280#section-4.2.1.10). Go and OpenSSL,
// and therefore most builds of curl, apply them although they stand in a root
// certificate; a test asks both. macOS did not know them for years, and then refuses
// the authority:
// https://security.stackexchange.com/questions/95600/are-x-509-nameconstraints-on-certificates-supported-on-os-x
package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"private-api-blueprints/internal/atomicfile"
	"private-api-blueprints/sandbox/live/inventory"
)

const (
	certificateFile = "ca.pem"
	keyFile         = "ca.key"

	lifetime   = 365 * 24 * time.Hour
	renewal    = 60 * 24 * time.Hour // How long before its end a certificate is renewed.
	commonName = "private-api-blueprints sandbox"
)

// Authority issues certificates for the sandbox's names. Its methods may be called
// concurrently.
type Authority struct {
	inv    *inventory.Inventory
	cert   *x509.Certificate
	key    crypto.Signer
	leaves leaves
}

// Files returns the names of the files that Open writes.
func Files() []string { return []string{certificateFile, keyFile} }

// Open returns the authority of a folder that exists. It writes ca.key, readable by
// the owner only, if the folder has none. It writes ca.pem if the folder has none,
// if the certificate ends soon, and if the account's names have changed. The key
// stays the same, so that certificates that another process has issued remain valid.
func Open(folder string, inv *inventory.Inventory) (*Authority, error) {
	key, err := loadKey(filepath.Join(folder, keyFile))
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	cert, err := loadCertificate(filepath.Join(folder, certificateFile), key, permitted(inv))
	if err != nil {
		return nil, fmt.Errorf("certificate authority: %w", err)
	}
	return &Authority{inv: inv, cert: cert, key: key}, nil
}

// Pool returns the authority's certificate, for clients of the sandbox.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// loadKey returns the key of a file. It writes a new key if the file does not exist.
// If two processes do so at the same time, one file wins and both use it.
func loadKey(path string) (*ecdsa.PrivateKey, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := writeKey(path); err != nil {
			return nil, err
		}
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s: want a private key in PEM", path)
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// writeKey writes a new key, unless the file exists by now.
func writeKey(path string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), keyFile+".*") // Readable by the owner only.
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := errors.Join(pem.Encode(temp, &pem.Block{Type: "EC PRIVATE KEY", Bytes: der}), temp.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// loadCertificate returns the certificate of a file if it is usable. Otherwise, it
// writes a new one.
func loadCertificate(path string, key *ecdsa.PrivateKey, names []string) (*x509.Certificate, error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if block, _ := pem.Decode(data); block != nil {
		if cert, err := x509.ParseCertificate(block.Bytes); err == nil && usable(cert, key, names) {
			return cert, nil
		}
	}
	der, err := selfSigned(key, names)
	if err != nil {
		return nil, err
	}
	if err := atomicfile.Write(path, pemOf(der), 0o644); err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// pemOf returns a certificate in PEM.
func pemOf(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}) }

// usable reports whether a certificate belongs to a key, permits exactly some names,
// and does not end soon.
func usable(cert *x509.Certificate, key *ecdsa.PrivateKey, names []string) bool {
	return key.PublicKey.Equal(cert.PublicKey) && slices.Equal(cert.PermittedDNSDomains, names) &&
		time.Now().Add(renewal).Before(cert.NotAfter) && time.Now().After(cert.NotBefore)
}

// selfSigned returns a new certificate of the authority.
func selfSigned(key *ecdsa.PrivateKey, names []string) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber:                serialNumber(),
		Subject:                     pkix.Name{CommonName: commonName},
		NotBefore:                   time.Now().Add(-time.Hour),
		NotAfter:                    time.Now().Add(lifetime),
		KeyUsage:                    x509.KeyUsageCertSign,
		ExtKeyUsage:                 []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid:       true,
		IsCA:                        true,
		MaxPathLenZero:              true,
		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         names,
		ExcludedIPRanges: []*net.IPNet{
			{IP: net.IPv4zero.To4(), Mask: net.CIDRMask(0, 32)}, {IP: net.IPv6zero, Mask: net.CIDRMask(0, 128)},
		},
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
}

// serialNumber returns a random serial number.
func serialNumber() *big.Int {
	bytes := make([]byte, 16)
	rand.Read(bytes) // Never fails.
	return new(big.Int).SetBytes(bytes)
}

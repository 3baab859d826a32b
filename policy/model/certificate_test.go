package model

import (
	"crypto/x509"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestCertificateCoversWhatX509Accepts compares Covers with the verification of Go's
// crypto/x509, on certificates and hosts made from few labels, so that many match.
func TestCertificateCoversWhatX509Accepts(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 6))
	labels := []string{"a", "b", "example", "com", "API", "xn--bcher-kva"}
	name := func(first ...string) string {
		parts := first
		for range 1 + random.IntN(4) {
			parts = append(parts, labels[random.IntN(len(labels))])
		}
		return strings.Join(parts, ".")
	}
	covered := 0
	for range 20_000 {
		var names List[string]
		certificate := x509.Certificate{}
		for range 1 + random.IntN(3) {
			n := name()
			if random.IntN(3) == 0 {
				n = name("*")
			}
			names.Items = append(names.Items, Of(n))
			certificate.DNSNames = append(certificate.DNSNames, n)
		}
		names.Complete = true
		host := name()
		if random.IntN(4) == 0 {
			host += "."
		}
		want := TruthOf(certificate.VerifyHostname(host) == nil)
		if got := (&Certificate{Names: names}).Covers(host); got != want {
			t.Fatalf("certificate for %v, host %s: covers is %v, x509 says %v", certificate.DNSNames, host, got, want)
		}
		if want == True {
			covered++
		}
	}
	if covered < 500 {
		t.Errorf("only %d of the hosts are covered: the names do not test much", covered)
	}
}
